"""ACE's work pages of this room, under /equipe/."""

from django.urls import path

from impact.views import framework, projects, review, targets

app_name = "impact"

urlpatterns = [
    path("indicateurs/", framework.indicator_list, name="indicator_list"),
    path("indicateurs/nouveau/", framework.indicator_create, name="indicator_create"),
    path("indicateurs/<slug:code>/", framework.indicator, name="indicator"),
    path("indicateurs/<slug:code>/commencer/", framework.indicator_start, name="indicator_start"),
    path("indicateurs/<slug:code>/modifier/", framework.indicator_edit, name="indicator_edit"),
    path("indicateurs/<slug:code>/supprimer/", framework.indicator_discard, name="indicator_discard"),
    path("indicateurs/<slug:code>/proposer/", framework.indicator_propose, name="indicator_propose"),
    path("indicateurs/<slug:code>/publier/", framework.indicator_publish, name="indicator_publish"),
    path("indicateurs/<slug:code>/renvoyer/", framework.indicator_return, name="indicator_return"),
    path("partenaires/<slug:slug>/projets/nouveau/", projects.project_create, name="project_create"),
    path("projets/<slug:code>/", projects.project, name="project"),
    path("projets/<slug:code>/modifier/", projects.project_edit, name="project_edit"),
    path("projets/<slug:code>/budget/ajouter/", projects.budget_line_add, name="budget_line_add"),
    path("projets/<slug:code>/periodes/ajouter/", projects.period_add, name="period_add"),
    path("projets/<slug:code>/cibles/ajouter/", targets.target_add, name="target_add"),
    path("projets/<slug:code>/cibles/<int:pk>/", targets.target, name="target"),
    path("projets/<slug:code>/cibles/<int:pk>/modifier/", targets.target_edit, name="target_edit"),
    path("projets/<slug:code>/cibles/<int:pk>/supprimer/", targets.target_discard, name="target_discard"),
    path("projets/<slug:code>/cibles/<int:pk>/reviser/", targets.target_revise, name="target_revise"),
    path("projets/<slug:code>/cibles/<int:pk>/revision/retirer/", targets.revision_withdraw, name="revision_withdraw"),
    path("rapports/", review.report_list, name="report_list"),
    path("rapports/<int:pk>/", review.review, name="review"),
    path("rapports/<int:pk>/prendre/", review.take, name="take"),
    path("rapports/<int:pk>/demandes/<slug:field_key>/", review.request_field, name="request_field"),
    path("rapports/<int:pk>/demandes/<slug:field_key>/retirer/", review.request_remove, name="request_remove"),
    path("rapports/<int:pk>/demander/", review.request_send, name="request_send"),
    path("rapports/<int:pk>/accepter/", review.accept, name="accept"),
    path("rapports/<int:pk>/dispense/", review.waive_propose, name="waive_propose"),
    path("rapports/<int:pk>/dispense/valider/", review.waive_approve, name="waive_approve"),
]

"""ACE's work pages of this room, under /equipe/."""

from django.urls import path

from impact.views import lessons, projects, review

app_name = "impact"

urlpatterns = [
    path("partenaires/<slug:slug>/projets/nouveau/", projects.project_create, name="project_create"),
    path("projets/<slug:code>/", projects.project, name="project"),
    path("projets/<slug:code>/modifier/", projects.project_edit, name="project_edit"),
    path("projets/<slug:code>/budget/ajouter/", projects.budget_line_add, name="budget_line_add"),
    path("projets/<slug:code>/periodes/ajouter/", projects.period_add, name="period_add"),
    path("projets/<slug:code>/cibles/ajouter/", projects.target_add, name="target_add"),
    path("projets/<slug:code>/cibles/<int:pk>/", projects.target_edit, name="target_edit"),
    path("rapports/", review.report_list, name="report_list"),
    path("rapports/<int:pk>/", review.review, name="review"),
    path("rapports/<int:pk>/prendre/", review.take, name="take"),
    path("rapports/<int:pk>/demandes/<slug:field_key>/", review.request_field, name="request_field"),
    path("rapports/<int:pk>/demandes/<slug:field_key>/retirer/", review.request_remove, name="request_remove"),
    path("rapports/<int:pk>/demander/", review.request_send, name="request_send"),
    path("rapports/<int:pk>/accepter/", review.accept, name="accept"),
    path("rapports/<int:pk>/dispense/", review.waive_propose, name="waive_propose"),
    path("rapports/<int:pk>/dispense/valider/", review.waive_approve, name="waive_approve"),
    path("rapports/<int:pk>/lecon/", lessons.lesson_from_report, name="lesson_from_report"),
    path("lecons/", lessons.lesson_list, name="lesson_list"),
    path("lecons/nouvelle/", lessons.lesson_add, name="lesson_add"),
    path("lecons/<int:pk>/", lessons.lesson, name="lesson"),
    path("lecons/<int:pk>/modifier/", lessons.lesson_edit, name="lesson_edit"),
    path("lecons/<int:pk>/proposer/", lessons.lesson_propose, name="lesson_propose"),
    path("lecons/<int:pk>/publier/", lessons.lesson_publish, name="lesson_publish"),
    path("lecons/<int:pk>/renvoyer/", lessons.lesson_return, name="lesson_return"),
    path("lecons/<int:pk>/retirer/", lessons.lesson_withdraw, name="lesson_withdraw"),
]

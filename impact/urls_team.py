"""ACE's work pages of this room, under /equipe/."""

from django.urls import path

from impact.views import agreements, disbursements, lessons, projects, review

app_name = "impact"

urlpatterns = [
    path("partenaires/<slug:slug>/projets/nouveau/", projects.project_create, name="project_create"),
    path("projets/<slug:code>/", projects.project, name="project"),
    path("projets/<slug:code>/modifier/", projects.project_edit, name="project_edit"),
    path("projets/<slug:code>/budget/ajouter/", projects.budget_line_add, name="budget_line_add"),
    path("projets/<slug:code>/periodes/ajouter/", projects.period_add, name="period_add"),
    path("projets/<slug:code>/cibles/ajouter/", projects.target_add, name="target_add"),
    path("projets/<slug:code>/cibles/<int:pk>/", projects.target_edit, name="target_edit"),
    path("projets/<slug:code>/consultations/ajouter/", agreements.consultation_add, name="consultation_add"),
    path(
        "projets/<slug:code>/consultations/<int:pk>/retirer/",
        agreements.consultation_remove,
        name="consultation_remove",
    ),
    path("projets/<slug:code>/partenaires/ajouter/", agreements.joint_add, name="joint_add"),
    path("projets/<slug:code>/partenaires/<int:pk>/retirer/", agreements.joint_remove, name="joint_remove"),
    path("projets/<slug:code>/convention/", agreements.agreement, name="agreement"),
    path("projets/<slug:code>/convention/modifier/", agreements.agreement_edit, name="agreement_edit"),
    path("projets/<slug:code>/convention/echeances/ajouter/", agreements.installment_add, name="installment_add"),
    path(
        "projets/<slug:code>/convention/echeances/<int:number>/retirer/",
        agreements.installment_remove,
        name="installment_remove",
    ),
    path(
        "projets/<slug:code>/convention/echeances/<int:number>/verser/",
        disbursements.disbursement_propose,
        name="disbursement_propose",
    ),
    path("versements/", disbursements.disbursement_list, name="disbursement_list"),
    path("versements/<int:pk>/", disbursements.disbursement, name="disbursement"),
    path("versements/<int:pk>/approuver/", disbursements.disbursement_approve, name="disbursement_approve"),
    path("versements/<int:pk>/payer/", disbursements.disbursement_pay, name="disbursement_pay"),
    path("versements/<int:pk>/annuler/", disbursements.disbursement_cancel, name="disbursement_cancel"),
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

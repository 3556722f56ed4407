"""ACE's work pages of this room, under /equipe/."""

from django.urls import path

from impact.views import closing, papers, projects, quarters, review

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
    # after acceptance, and around the calendar
    path("rapports/<int:pk>/echeance/", closing.report_extend, name="report_extend"),
    path("rapports/<int:pk>/rouvrir/", closing.reopening_propose, name="reopening_propose"),
    path("reouvertures/<int:pk>/", closing.reopening, name="reopening"),
    path("reouvertures/<int:pk>/valider/", closing.reopening_approve, name="reopening_approve"),
    path("reouvertures/<int:pk>/refuser/", closing.reopening_refuse, name="reopening_refuse"),
    path("rapports-annuels/", papers.annual_reports, name="annual_reports"),
    path("trimestres/", quarters.quarter_list, name="quarter_list"),
    path("trimestres/<int:year>-<int:number>/", quarters.quarter, name="quarter"),
    path("trimestres/<int:year>-<int:number>/rappels/", quarters.reminders, name="quarter_reminders"),
    path("trimestres/<int:year>-<int:number>/cloturer/", quarters.close, name="quarter_close"),
    path("trimestres/<int:year>-<int:number>/<int:closing>/", quarters.closing, name="closing"),
    path("trimestres/<int:year>-<int:number>/<int:closing>/rapport.pdf", papers.closing_paper, name="closing_paper"),
    path("trimestres/<int:year>-<int:number>/<int:closing>/classeur.xlsx", quarters.workbook, name="closing_workbook"),
]

"""The partner's pages of this room, under /espace/."""

from django.urls import path

from impact.views import agreements, projects, report, sections, targets, workbook

app_name = "impact_space"

urlpatterns = [
    path("projets/<slug:code>/", projects.project_for_members, name="project"),
    path("projets/<slug:code>/convention/", agreements.agreement_for_members, name="agreement"),
    path("projets/<slug:code>/cibles/<int:pk>/", targets.target_for_members, name="target"),
    path("projets/<slug:code>/cibles/<int:pk>/accord/", targets.target_agree, name="target_agree"),
    path("projets/<slug:code>/cibles/<int:pk>/remarque/", targets.target_question, name="target_question"),
    path("projets/<slug:code>/cibles/<int:pk>/revision/accord/", targets.revision_agree, name="revision_agree"),
    path("rapports/<int:pk>/", report.report, name="report"),
    path("rapports/<int:pk>/indicateurs/<int:number>/", sections.values, name="values"),
    path("rapports/<int:pk>/depenses/", sections.spending, name="spending"),
    path("rapports/<int:pk>/depenses/ajouter/", sections.spending_add, name="spending_add"),
    path("rapports/<int:pk>/depenses/<int:line_pk>/", sections.spending_edit, name="spending_edit"),
    path("rapports/<int:pk>/depenses/<int:line_pk>/retirer/", sections.spending_remove, name="spending_remove"),
    path("rapports/<int:pk>/recit/", sections.narrative, name="narrative"),
    path("rapports/<int:pk>/pieces/", sections.evidence, name="evidence"),
    path("rapports/<int:pk>/pieces/ajouter/", sections.evidence_add, name="evidence_add"),
    path("rapports/<int:pk>/pieces/<int:evidence_pk>/retirer/", sections.evidence_remove, name="evidence_remove"),
    path("rapports/<int:pk>/corrections/", report.corrections, name="corrections"),
    path("rapports/<int:pk>/verifier/", report.check, name="check"),
    path("rapports/<int:pk>/verifier/remarques/", report.comments, name="comments"),
    path("rapports/<int:pk>/envoyer/", report.submit, name="submit"),
    path("rapports/<int:pk>/recu/<int:number>/", report.receipt, name="receipt"),
    path("rapports/<int:pk>/classeur/", workbook.workbook, name="workbook"),
    path("rapports/<int:pk>/classeur.xlsx", workbook.workbook_file, name="workbook_file"),
]

"""ACE's pages on due diligence, under equipe/."""

from django.urls import path

from vetting.views import deciding, team

app_name = "vetting"

urlpatterns = [
    path("dossiers/", team.dossier_list, name="dossier_list"),
    path("partenaires/<slug:slug>/dossier/nouveau/", team.dossier_open, name="dossier_open"),
    path("dossiers/<int:pk>/", team.assessment, name="assessment"),
    path("dossiers/<int:pk>/prendre/", team.take, name="take"),
    path("dossiers/<int:pk>/rendre/", team.release, name="release"),
    path("dossiers/<int:pk>/conflit/", team.declare, name="declare"),
    path("dossiers/<int:pk>/constats/<str:code>/", team.finding, name="finding"),
    path("dossiers/<int:pk>/demandes/<str:code>/", team.request_item, name="request_item"),
    path("dossiers/<int:pk>/demander/", team.request_send, name="request_send"),
    path("dossiers/<int:pk>/proposer/", deciding.propose, name="propose"),
    path("dossiers/<int:pk>/second-regard/", deciding.second_look, name="second_look"),
    path("dossiers/<int:pk>/valider/", deciding.approve, name="approve"),
    path("dossiers/<int:pk>/renvoyer/", deciding.send_back, name="send_back"),
    path("dossiers/<int:pk>/retirer/", team.withdraw, name="withdraw"),
    path("dossiers/<int:pk>/evaluation.pdf", deciding.assessment_pdf, name="assessment_pdf"),
    path("decisions/<int:pk>/", deciding.decision, name="decision"),
    path("decisions/<int:pk>/lettre.pdf", deciding.decision_pdf, name="decision_pdf"),
    # checklists
    # evidence
    # renewals
    # lists
    # screening
    # risk
    # reviews
    # plans
    # following
    # passports
]

"""The organisation's pages on its dossier, under espace/."""

from django.urls import path

from vetting.views import deciding, space

app_name = "vetting_space"

urlpatterns = [
    path("dossiers/<int:pk>/", space.dossier, name="dossier"),
    path("dossiers/<int:pk>/points/<str:code>/", space.answer, name="answer"),
    path("dossiers/<int:pk>/points/<str:code>/pieces/ajouter/", space.evidence_add, name="evidence_add"),
    path(
        "dossiers/<int:pk>/points/<str:code>/pieces/<int:evidence_pk>/retirer/",
        space.evidence_remove,
        name="evidence_remove",
    ),
    path("dossiers/<int:pk>/verifier/", space.check, name="check"),
    path("dossiers/<int:pk>/envoyer/", space.submit, name="submit"),
    path("dossiers/<int:pk>/recu/<int:number>/", space.receipt, name="receipt"),
    path("dossiers/<int:pk>/retirer/", space.withdraw, name="withdraw"),
    path("decisions/<int:pk>/", deciding.decision, name="decision"),
    path("decisions/<int:pk>/lettre.pdf", deciding.decision_pdf, name="decision_pdf"),
    # evidence
    # renewals
    # reviews
    # plans
    # following
    # passports
]

from django.urls import path

from ace_partners.desk.views import dashboards, documents, following, mail, partners, renewals, work

app_name = "desk"

urlpatterns = [
    path("debut/", work.start, name="start"),
    path("espace/", work.space, name="space"),
    path("espace/organisations/<slug:slug>/documents/", documents.document_list, name="document_list"),
    path("espace/organisations/<slug:slug>/documents/ajouter/", documents.document_add, name="document_add"),
    path("espace/organisations/<slug:slug>/tableau/", dashboards.own_dashboard, name="own_dashboard"),
    path("equipe/", work.team, name="team"),
    path("equipe/tableau/", dashboards.dashboard, name="dashboard"),
    path("equipe/partenaires/", partners.partner_list, name="partner_list"),
    path("equipe/partenaires/<slug:slug>/", partners.partner, name="partner"),
    path("equipe/partenaires/<slug:slug>/dossier/nouveau/", renewals.dossier_open, name="dossier_open"),
    path("equipe/dossiers/<int:pk>/resultats/", renewals.dossier_refresh, name="dossier_refresh"),
    path("equipe/partenaires/<slug:slug>/suivi/", following.following, name="following"),
    path(
        "equipe/partenaires/<slug:slug>/declencheurs/<slug:kind>/<slug:key>/",
        following.trigger_dismiss,
        name="trigger_dismiss",
    ),
    path("equipe/partenaires/<slug:slug>/documents/ajouter/", documents.document_enter, name="document_enter"),
    path("equipe/documents/<int:pk>/publier/", documents.publish, name="document_publish"),
    path("equipe/documents/<int:pk>/depublier/", documents.unpublish, name="document_unpublish"),
    path("equipe/courriels/", mail.mail_list, name="mail_list"),
    path("equipe/courriels/<int:pk>/", mail.mail, name="mail"),
    path("equipe/courriels/<int:pk>/<slug:move>/", mail.mail_change, name="mail_change"),
]

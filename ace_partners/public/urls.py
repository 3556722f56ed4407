from django.urls import path

from ace_partners.public import views, views_lessons, views_papers, views_passports, views_results, views_versions

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("criteres/", views.criteria, name="criteria"),
    path("partenaires/", views.directory, name="directory"),
    path("partenaires/annuaire.pdf", views.directory_pdf, name="directory_pdf"),
    path("partenaires/<slug:slug>/", views.partner, name="partner"),
    path("partenaires/<slug:slug>/fiche.pdf", views.partner_pdf, name="partner_pdf"),
    path(
        "partenaires/<slug:slug>/rapports/<int:pk>/v<int:number>/", views_versions.report_version, name="report_version"
    ),
    path("partenaires/<slug:slug>/documents/<int:pk>/", views.document, name="document"),
    path("lecons/", views_lessons.lessons, name="lessons"),
    path("lecons/<slug:slug>/", views_lessons.lesson, name="lesson"),
    path("partenaires/<slug:slug>/affiche.pdf", views_papers.poster, name="poster"),
    path(
        "partenaires/<slug:slug>/rapports/<int:pk>/v<int:number>/rapport.pdf",
        views_papers.report_paper,
        name="report_paper",
    ),
    path("resultats/", views_results.results, name="results"),
    path("resultats/<slug:code>/calcul/", views_results.calculation, name="calculation"),
    path("depenses/", views_results.spending, name="spending"),
    path("donnees/resultats.csv", views_results.results_csv, name="results_csv"),
    path("donnees/depenses.csv", views_results.spending_csv, name="spending_csv"),
    path("donnees/rapport-annuel-<int:year>.pdf", views_papers.annual_report, name="annual_report"),
    path(
        "donnees/rapport-annuel-<int:year>-<int:number>.pdf", views_papers.annual_report, name="annual_report_edition"
    ),
    path("verifier/", views_passports.verify_form, name="verify_form"),
    path("verifier/partage/<str:secret>/", views_passports.shared_passport, name="shared_passport"),
    path("verifier/<str:code>/", views_passports.verify, name="verify"),
]

"""Files of reports, under /fichiers/."""

from django.urls import path

from impact.views import files

app_name = "impact_files"

urlpatterns = [
    path("preuves/<int:pk>/", files.evidence, name="evidence"),
    path("rapports/<int:pk>/v<int:number>/rapport.pdf", files.report_paper, name="report_paper"),
]

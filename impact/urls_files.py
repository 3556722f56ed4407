"""Files of reports, under /fichiers/."""

from django.urls import path

from impact.views import files

app_name = "impact_files"

urlpatterns = [path("preuves/<int:pk>/", files.evidence, name="evidence")]

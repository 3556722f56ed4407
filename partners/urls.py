from django.urls import path

from partners import views

app_name = "partners"

urlpatterns = [
    path("documents/<int:pk>/", views.document, name="document"),
]

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "ace_partners.desk"
    label = "desk"

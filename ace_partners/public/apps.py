from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "ace_partners.public"
    label = "public"

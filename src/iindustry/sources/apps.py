"""Django's name for this package."""

from django.apps import AppConfig


class SourcesConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.sources"
    label = "sources"
    default_auto_field = "django.db.models.BigAutoField"

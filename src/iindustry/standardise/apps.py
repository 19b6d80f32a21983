"""Django's name for this package."""

from django.apps import AppConfig


class StandardiseConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.standardise"
    label = "standardise"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's name for this package."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.programmes"
    label = "programmes"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's name for this package."""

from django.apps import AppConfig


class CliConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.cli"
    label = "cli"
    default_auto_field = "django.db.models.BigAutoField"

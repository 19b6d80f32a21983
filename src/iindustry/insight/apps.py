"""Django's name for this package."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.insight"
    label = "insight"
    default_auto_field = "django.db.models.BigAutoField"

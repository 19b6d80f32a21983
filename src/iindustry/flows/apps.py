"""Django's name for this package."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.flows"
    label = "flows"
    default_auto_field = "django.db.models.BigAutoField"

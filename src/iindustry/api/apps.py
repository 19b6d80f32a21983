"""Django's name for this package."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"

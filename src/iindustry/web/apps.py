"""Django's name for this package."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

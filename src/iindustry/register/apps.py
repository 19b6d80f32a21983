"""Django's name for this package."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"

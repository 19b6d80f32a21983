"""Django's name for this package."""

from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.protection"
    label = "protection"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's name for this package."""

from django.apps import AppConfig


class LinkageConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.linkage"
    label = "linkage"
    default_auto_field = "django.db.models.BigAutoField"

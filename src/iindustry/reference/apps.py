"""Django's name for this package."""

from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.reference"
    label = "reference"
    default_auto_field = "django.db.models.BigAutoField"

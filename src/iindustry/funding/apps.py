"""Django's name for this package."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.funding"
    label = "funding"
    default_auto_field = "django.db.models.BigAutoField"

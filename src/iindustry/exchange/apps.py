"""Django's name for this package."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

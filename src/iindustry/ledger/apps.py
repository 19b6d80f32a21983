"""Django's name for this package."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

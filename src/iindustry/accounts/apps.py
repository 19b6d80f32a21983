"""Django's name for this package."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

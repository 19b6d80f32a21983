"""Django's name for this package."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"

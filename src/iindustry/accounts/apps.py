"""Django's name for this package, and the one place that every sign-in passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

if TYPE_CHECKING:
    from iindustry.accounts.models import Person


class AccountsConfig(AppConfig):
    """App label equals package name."""

    name = "iindustry.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to Django's own signal: a password and a demo door both end there, and a page added later will too."""
        user_logged_in.connect(_record, dispatch_uid="accounts.signed-in")


def _record(sender: object, user: Person, **_: object) -> None:
    """The ledger entry of a sign-in; who cannot be written down does not get in."""
    from iindustry.accounts import services
    from iindustry.kernel.clock import SystemClock

    del sender
    how = "password" if user.has_usable_password() else "door"
    services.record_sign_in(user.pk, how, clock=SystemClock())

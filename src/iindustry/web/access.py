"""Who may open a page: each view names its roles, and a view without a name stops the start (checked by a test).

A page that an actor may not open answers exactly as one that does not exist. What an actor may do to one thing is the
services' question, not this module's.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest

from iindustry.kernel.actors import ANONYMOUS, Actor, Role
from iindustry.kernel.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

CHOSEN = "enterprise_id"


class View(Protocol):
    """A view function as Django calls it."""

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer a request."""
        ...


def access(*roles: Role) -> Callable[[View], View]:
    """Open a page to these roles only. `access()` with none opens it to everybody, signed in or not."""

    def opened(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            actor = actor_of_request(request)
            request.actor = actor  # type: ignore[attr-defined]
            if roles and actor.role is Role.ANONYMOUS:
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/home")
            if roles and actor.role not in roles:
                raise Http404
            return view(request, *args, **kwargs)

        guarded.access_roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return opened


def keep_nowhere(request: HttpRequest, response: HttpResponseBase) -> None:
    """Tell every cache, the browser's own too, to keep no answer for which somebody signed in was looked up."""
    actor: Actor | None = getattr(request, "_actor", None)
    if actor is not None and actor.role is not Role.ANONYMOUS:
        response.headers.setdefault("Cache-Control", "no-store, private")


def actor_of_request(request: HttpRequest) -> Actor:
    """The actor of a session: the person's live role; for an owner, the enterprise chosen in the session.

    Asked once a request: the answer is kept on the request itself.
    """
    known: Actor | None = getattr(request, "_actor", None)
    if known is None:
        known = _look_up(request)
        request._actor = known  # type: ignore[attr-defined]  # noqa: SLF001 - our own mark
    return known


def _look_up(request: HttpRequest) -> Actor:
    from iindustry.accounts import services

    user = getattr(request, "user", None)
    if user is None or not (user.is_authenticated and user.is_active):
        return ANONYMOUS
    return services.actor_of_active(user.pk, enterprise_id=request.session.get(CHOSEN), clock=SystemClock())

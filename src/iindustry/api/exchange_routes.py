"""The exchange's routes: token, keys, metadata; profile, loan events, event feed, each signed both ways.

A route does no more than read the message, pass it through the gates, call one use case and sign what came of it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from time import perf_counter
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 - ninja reads it from the signature

from django.conf import settings
from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse
from ninja import Router

from iindustry.api import wire
from iindustry.api.deliveries import LONGEST_DELIVERY, delivered
from iindustry.api.problem_words import oauth_body, problem_body, x_road_error
from iindustry.exchange import proofs, rar
from iindustry.exchange import services as exchange
from iindustry.exchange.problems import problem_of, refusal
from iindustry.kernel.clock import SystemClock
from iindustry.kernel.errors import DomainError
from iindustry.kernel.ids import new_id
from iindustry.ledger import services as ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from iindustry.exchange.services import BatchAnswer, Caller
    from iindustry.exchange.signatures import Message
    from iindustry.kernel.clock import Clock

    Act = Callable[[Caller, Message, Clock], tuple[dict[str, Any], int, str]]

router = Router(tags=["exchange"])
_log = logging.getLogger("iindustry.exchange")
_GATES_OF_STRANGERS = (1, 2, 3)
_LONGEST_FORM = 65_536
_METADATA_SECONDS = 300


@router.get("/.well-known/oauth-authorization-server", url_name="oauth-metadata")
def metadata(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Where a client finds everything (RFC 8414), with this hub's address and its log's public key."""
    issuer = settings.PUBLIC_URL
    return _public(
        {
            "issuer": issuer,
            "token_endpoint": f"{issuer}/oauth/token",
            "jwks_uri": f"{issuer}/oauth/jwks",
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": list(proofs.ALGORITHMS),
            "dpop_signing_alg_values_supported": list(proofs.ALGORITHMS),
            "authorization_details_types_supported": [rar.TYPE],
            "service_documentation": f"{issuer}/developers",
            "i_industry_address": exchange.hub_address(),
            "i_industry_ledger_key": ledger.public_key(),
        }
    )


@router.get("/oauth/jwks", url_name="oauth-jwks")
def jwks(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The public keys that sign our tokens and our answers."""
    return _public(exchange.public_jwks(settings.HOME))


@router.post("/oauth/token", url_name="oauth-token")
def token(request: HttpRequest) -> HttpResponse:
    """A token for one service and one purpose, bound to the caller's DPoP key, for five minutes."""
    clock = SystemClock()
    try:
        issued = exchange.issue_token(
            exchange.TokenRequest(_single(request), request.headers.get("DPoP"), wire.address_of(request)),
            issuer=settings.PUBLIC_URL, home=settings.HOME, clock=clock,
        )  # fmt: skip
    except DomainError as error:
        exchange.note_refusal(error.code, clock=clock)
        return _unsigned(oauth_body(error), error, content_type=wire.JSON)
    except Exception:  # noqa: BLE001 - a machine must get a problem, whatever went wrong here
        fault = _incident()
        return _unsigned(oauth_body(fault), fault, content_type=wire.JSON)
    body: dict[str, Any] = {
        "access_token": issued.access_token, "token_type": "DPoP", "expires_in": issued.seconds,
        "authorization_details": issued.details.as_claim(),
    }  # fmt: skip
    return wire.plain(json.dumps(body).encode(), status=200, headers={"Content-Type": wire.JSON, "Pragma": "no-cache"})


@router.get(
    "/r1/{instance}/{member_class}/{member}/{subsystem}/enterprise-profile/v1/consents/{uuid:consent_id}/enterprise",
    url_name="enterprise-profile",
)
def enterprise_profile(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, instance: str, member_class: str, member: str, subsystem: str, consent_id: UUID
) -> HttpResponse:
    """The profile of the enterprise that gave this consent: what contract, agreement and consent allow together, now."""

    def act(caller: Caller, message: Message, clock: Clock) -> tuple[dict[str, Any], int, str]:  # noqa: ARG001
        answer = exchange.profile(caller, consent_id, clock=clock)
        return dict(answer.body), 200, answer.entry_hash

    return _answer(request, (instance, member_class, member, subsystem), rar.PROFILE, act)


@router.post(
    "/r1/{instance}/{member_class}/{member}/{subsystem}/loan-events/v1/events",
    url_name="loan-events",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/cloudevents-batch+json": {
                    "schema": {"type": "array", "maxItems": 500, "items": {"type": "object"}}
                },
                "application/x-ndjson": {"schema": {"type": "string"}},
            },
        }
    },
)
def loan_events(request: HttpRequest, instance: str, member_class: str, member: str, subsystem: str) -> HttpResponse:
    """Take 1 to 500 CloudEvents of a bank; one result each. The same key or the same event twice does nothing twice."""

    def act(caller: Caller, message: Message, clock: Clock) -> tuple[dict[str, Any], int, str]:
        answer = exchange.receive_events(
            caller, message.body, media_type=(message.header("content-type") or "").split(";")[0].strip(),
            idempotency_key=message.header("idempotency-key"), digest=hashlib.sha256(message.body).hexdigest(), clock=clock,
        )  # fmt: skip
        return _results(answer), 200, answer.entry_hash

    return _answer(request, (instance, member_class, member, subsystem), rar.EVENTS, act)


@router.get("/r1/{instance}/{member_class}/{member}/{subsystem}/event-feed/v1/events", url_name="event-feed")
def event_feed(request: HttpRequest, instance: str, member_class: str, member: str, subsystem: str) -> HttpResponse:
    """News for the calling member, oldest first, after the message it names."""

    def act(caller: Caller, message: Message, clock: Clock) -> tuple[dict[str, Any], int, str]:  # noqa: ARG001
        answer = exchange.read_feed(caller, after=request.GET.get("after"), clock=clock)
        return dict(answer.body), 200, answer.entry_hash

    return _answer(request, (instance, member_class, member, subsystem), rar.FEED, act)


@router.post(
    "/r1/{instance}/{member_class}/{member}/{subsystem}/register-deliveries/v1/deliveries",
    url_name="register-deliveries",
    openapi_extra={
        "parameters": [
            {"in": "query", "name": name, "required": name in {"source", "filename"}, "schema": {"type": "string"}}
            for name in ("source", "filename", "period", "scope")
        ],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
    },
)
def register_deliveries(
    request: HttpRequest, instance: str, member_class: str, member: str, subsystem: str
) -> HttpResponse:
    """Take one file of a register from the system of the agency that owns it, up to 32 MiB; larger ones go by the page.

    The body is the file as it is. The same bytes again are the same delivery. The address's query is signed as all is.
    """

    def act(caller: Caller, message: Message, clock: Clock) -> tuple[dict[str, Any], int, str]:
        return delivered(caller, message.body, request.GET, clock=clock)

    place = (instance, member_class, member, subsystem)
    return _answer(request, place, rar.DELIVERIES, act, longest=LONGEST_DELIVERY)


def _answer(
    request: HttpRequest, place: tuple[str, str, str, str], service: str, act: Act, *, longest: int | None = None
) -> HttpResponse:
    clock, started = SystemClock(), perf_counter()
    message, caller = wire.bare_message_of(request), None
    code, status = "internal", 500
    try:
        message = wire.message_of(request, longest=longest) if longest else wire.message_of(request)
        caller = exchange.admit(message, service=service, issuer=settings.PUBLIC_URL, home=settings.HOME, clock=clock)
        _check_hub(place)
        body, status, entry = act(caller, message, clock)
        code = "ok"
        return wire.signed(message, body, status=status, service=service, clock=clock, entry=entry)
    except DomainError as error:
        code, status = error.code, problem_of(error).status
        return _refused(message, error, service, clock)
    except DatabaseFault:
        code, status = "audit-unavailable", 503
        _log.exception("the database did not answer")
        return _refused(message, refusal("audit-unavailable"), service, clock)
    except Exception:  # noqa: BLE001 - a machine must get a problem, whatever went wrong here
        return _refused(message, _incident(), service, clock)
    finally:
        if caller is not None:
            _note(caller, service, code=code, status=status, started=started, clock=clock)


def _check_hub(place: tuple[str, str, str, str]) -> None:
    if "/".join(place) != exchange.hub_address():
        raise refusal("service-unknown")


def _incident() -> DomainError:
    """A fault of ours: its number goes to the caller and, with the traceback, to the log."""
    number = str(new_id())
    _log.exception("incident %s", number)
    return refusal("internal", incident=number)


def _refused(message: Message, error: DomainError, service: str, clock: Clock) -> HttpResponse:
    row = problem_of(error)
    if row.gate in _GATES_OF_STRANGERS:
        exchange.note_refusal(error.code, clock=clock)
    body = problem_body(error, request_id=message.header("x-road-id") if row.gate not in {1, 2} else None)
    if not row.is_signed:
        return _unsigned(body, error)
    entry = error.facts.get("entry")
    response = wire.signed(
        message, body, status=row.status, service=service, clock=clock, content_type=wire.PROBLEM,
        entry=entry if isinstance(entry, str) else None,
    )  # fmt: skip
    return _marked(response, error)


def _unsigned(body: dict[str, Any], error: DomainError, *, content_type: str = wire.PROBLEM) -> HttpResponse:
    content = json.dumps(body, ensure_ascii=False).encode()
    return _marked(wire.plain(content, status=body["status"], headers={"Content-Type": content_type}), error)


def _marked(response: HttpResponse, error: DomainError) -> HttpResponse:
    response.headers["X-Road-Error"] = x_road_error(error)
    if error.code == "rate-limited":
        response.headers["Retry-After"] = "60"
    if response.status_code == 401:  # noqa: PLR2004 - RFC 9449 section 7.1 asks for the scheme
        response.headers["WWW-Authenticate"] = 'DPoP algs="' + " ".join(proofs.ALGORITHMS) + '"'
    return response


def _note(caller: Caller, service: str, *, code: str, status: int, started: float, clock: Clock) -> None:
    try:
        exchange.note_call(
            caller,
            service=service,
            code=code,
            status=status,
            milliseconds=round((perf_counter() - started) * 1000),
            clock=clock,
        )
    except DatabaseFault:
        _log.exception("a call could not be counted")


def _results(answer: BatchAnswer) -> dict[str, Any]:
    results = []
    for one in answer.results:
        line: dict[str, Any] = {"id": one.id, "status": one.status, "entry": one.entry}
        if one.code is not None:
            body = problem_body(_SaidError(one.code, one.http_status, dict(one.facts or {})))
            line |= {name: body[name] for name in ("code", "title", "title_th", "next", "next_th", "facts")}
            line["http_status"] = one.http_status
        results.append(line)
    refused = sum(one.is_refused for one in answer.results)
    return {"accepted": len(results) - refused, "refused": refused, "results": results}


class _SaidError(DomainError):
    """A refusal that was kept as a result, to be put into words once more."""

    def __init__(self, code: str, status: int, facts: dict[str, Any]) -> None:
        super().__init__(code, **facts)
        self.status = status


def _single(request: HttpRequest) -> dict[str, str]:
    """The form's fields; one given twice is refused, as RFC 6749 section 3.2 asks, and a form with files is none."""
    if wire.is_upload(request):
        raise refusal("details-invalid", member="form")
    if len(request.body) > _LONGEST_FORM:
        raise refusal("body-too-large", bytes=_LONGEST_FORM)
    if any(len(request.POST.getlist(name)) != 1 for name in request.POST):
        raise refusal("details-invalid", member="form")
    return {name: str(request.POST[name]) for name in request.POST}


def _public(body: dict[str, Any]) -> HttpResponse:
    response = HttpResponse(json.dumps(body).encode(), headers={"Content-Type": wire.JSON})
    response.headers["Cache-Control"] = f"max-age={_METADATA_SECONDS}"
    return response

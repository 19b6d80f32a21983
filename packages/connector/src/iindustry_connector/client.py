"""The typed client, synchronous: a token for each purpose, signed calls, verified answers.

Invariant: a method returns only what was verified; a time-out means that the outcome is unknown, so the same call with the
same id (`request_id`, `idempotency_key`) may be sent again without doing it twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import OKPKey

from iindustry_connector import wire
from iindustry_connector.faults import ConnectorError, Refused, Unverified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from iindustry_connector.keys import Keys

PROFILE = "enterprise-profile"
EVENTS = "loan-events"
FEED = "event-feed"
_DETAILS_TYPE = "th.go.industry.enterprise-data"
_BATCH = "application/cloudevents-batch+json"
_SECONDS = 20.0
_TOKEN_MARGIN = timedelta(seconds=30)
_UNSIGNED_GATE = 1


def _system_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - this distribution stands alone and has no kernel


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of a profile. `of` names the establishment, None for a value of the enterprise itself."""

    value: Any
    source: str
    as_of: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A consented profile, verified. `entry` is the hub's promise to keep this answer in its log; `body` the bytes."""

    consent_id: str
    register_version: str
    fields: Mapping[str, tuple[FieldValue, ...]]
    sources: Mapping[str, str]
    missing: tuple[str, ...]
    entry: str
    request_id: str
    body: bytes

    def first(self, field: str) -> Any:
        """The first value of a field, None where the profile has none."""
        values = self.fields.get(field, ())
        return values[0].value if values else None


@dataclass(frozen=True, slots=True)
class EventResult:
    """What became of one event. `code` is None where it was accepted."""

    event_id: str | None
    is_accepted: bool
    code: str | None
    th: str | None
    en: str | None
    entry: str | None


@dataclass(frozen=True, slots=True)
class Hub:
    """What the hub says of itself, to be pinned: its addresses, message keys and the log's public key."""

    issuer: str
    token_url: str
    address: str
    message_keys: Mapping[str, Mapping[str, Any]]
    ledger_key: str | None

    def as_json(self) -> dict[str, Any]:
        """As it is kept in `hub.json`."""
        return {"issuer": self.issuer, "token_url": self.token_url, "address": self.address,
                "message_keys": dict(self.message_keys), "ledger_key": self.ledger_key}  # fmt: skip


class Client:
    """One bank system's calls to one hub. Close it, or use it in `with`."""

    def __init__(
        self,
        *,
        base_url: str,
        address: str,
        keys: Keys,
        hub: Hub | None = None,
        transport: httpx.BaseTransport | None = None,
        now: Callable[[], datetime] = _system_now,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._address = address
        self._keys = keys
        self._hub = hub
        self._now = now
        self._tokens: dict[tuple[str, str, str | None, tuple[str, ...]], tuple[str, datetime]] = {}
        self._http = httpx.Client(transport=transport, timeout=_SECONDS, follow_redirects=False, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    @property
    def hub(self) -> Hub:
        """What the hub says of itself, asked once. ConnectorError: `hub-silent`, `hub-other`."""
        if self._hub is None:
            self._hub = self._ask_hub()
        return self._hub

    def get_profile(
        self, consent_id: str, *, purpose: str, fields: Sequence[str] = (), request_id: str | None = None
    ) -> Profile:
        """The profile of the enterprise that gave a consent. Refused: the hub's code (`consent-revoked` …)."""
        token = self._token(PROFILE, purpose, consent_id=consent_id, fields=tuple(fields))
        path = f"/r1/{self.hub.address}/{PROFILE}/v1/consents/{consent_id}/enterprise"
        response = self._call("GET", path, token, request_id=request_id)
        return _profile_of(response)

    def send_events(
        self,
        events: Sequence[Mapping[str, Any]],
        *,
        purpose: str = "LOAN_UNDERWRITING",
        idempotency_key: str | None = None,
    ) -> list[EventResult]:
        """Send 1 to 500 CloudEvents; one result each, in order. Refused where the whole batch was."""
        token = self._token(EVENTS, purpose)
        path = f"/r1/{self.hub.address}/{EVENTS}/v1/events"
        body = json.dumps(list(events), ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": _BATCH, "Idempotency-Key": idempotency_key or wire.new_id()}
        response = self._call("POST", path, token, body=body, headers=headers)
        return [_result_of(one) for one in response.json()["results"]]

    def list_news(self, *, after: str | None = None, purpose: str = "LOAN_UNDERWRITING") -> list[dict[str, Any]]:
        """What happened that concerns this bank, oldest first, after the last message it knows."""
        token = self._token(FEED, purpose)
        path = f"/r1/{self.hub.address}/{FEED}/v1/events" + (f"?after={after}" if after else "")
        found: list[dict[str, Any]] = self._call("GET", path, token).json()["events"]
        return found

    def event(
        self, name: str, application_id: str, data: Mapping[str, Any], *, event_id: str | None = None
    ) -> dict[str, Any]:
        """A CloudEvent of this system: `name` as `loan.application.decided`."""
        now = self._now()
        return {
            "specversion": "1.0",
            "id": event_id or wire.new_id(),
            "source": self._address,
            "type": f"th.go.industry.{name}",
            "subject": application_id,
            "time": now.isoformat(),
            "datacontenttype": "application/json",
            "data": {"application_id": application_id, "occurred_at": now.isoformat(), **data},
        }

    def _call(
        self,
        method: str,
        path: str,
        token: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        request_id: str | None = None,
    ) -> httpx.Response:
        url, now = self._base + path, self._now()
        request = self._http.build_request(
            method,
            url,
            content=body or None,
            headers={
                "Accept": "application/json",
                "X-Road-Client": self._address,
                "X-Road-Id": request_id or wire.new_id(),
                "Authorization": f"DPoP {token}",
                "DPoP": wire.dpop(self._keys, method=method, url=url, now=now, access_token=token),
                **(headers or {}),
            },
        )
        wire.sign_request(request, self._keys, now=now)
        response = self._send(request)
        return self._believed(response)

    def _believed(self, response: httpx.Response) -> httpx.Response:
        """The answer, verified. Refused where it is a refusal, Unverified where it cannot be believed."""
        problem = _problem_of(response)
        if problem is not None and "signature" not in response.headers and problem.get("gate") == _UNSIGNED_GATE:
            raise Refused(problem, status=response.status_code, is_signed=False)
        wire.verify_answer(response, self._message_keys(), now=self._now())
        if problem is not None:
            raise Refused(problem, status=response.status_code, is_signed=True)
        if "i-industry-entry" not in response.headers:
            raise Unverified("answer-unsigned", status=response.status_code)
        return response

    def _token(self, service: str, purpose: str, *, consent_id: str | None = None, fields: tuple[str, ...] = ()) -> str:
        wanted, now = (service, purpose, consent_id, fields), self._now()
        kept = self._tokens.get(wanted)
        if kept is not None and kept[1] - _TOKEN_MARGIN > now:
            return kept[0]
        details: dict[str, Any] = {
            "type": _DETAILS_TYPE, "service": service, "contract_version": "1.0", "purpose": purpose,
        }  # fmt: skip
        if fields:
            details["fields"] = list(fields)
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": wire.ASSERTION_TYPE,
            "client_assertion": wire.assertion(self._keys, address=self._address, issuer=self.hub.issuer, now=now),
            "authorization_details": json.dumps([details]),
            **({"consent_id": consent_id} if consent_id else {}),
        }
        url = self.hub.token_url
        proof = wire.dpop(self._keys, method="POST", url=url, now=now)
        response = self._send(self._http.build_request("POST", url, data=form, headers={"DPoP": proof}))
        answer = _json(response)
        if response.status_code != httpx.codes.OK:
            raise Refused(answer, status=response.status_code, is_signed=False)
        token = str(answer["access_token"])
        self._tokens[wanted] = (token, now + timedelta(seconds=int(answer["expires_in"])))
        return token

    def _ask_hub(self) -> Hub:
        said = self._plain_json(f"{self._base}/.well-known/oauth-authorization-server")
        if said.get("issuer") != self._base:
            raise ConnectorError("hub-other", issuer=said.get("issuer"), url=self._base)
        keys = self._plain_json(str(said["jwks_uri"]))["keys"]
        return Hub(
            issuer=self._base,
            token_url=str(said["token_endpoint"]),
            address=str(said["i_industry_address"]),
            message_keys={key["kid"]: key for key in keys if key.get("iind_use") == "message"},
            ledger_key=said.get("i_industry_ledger_key"),
        )

    def _plain_json(self, url: str) -> dict[str, Any]:
        response = self._send(self._http.build_request("GET", url))
        if response.status_code != httpx.codes.OK:
            raise ConnectorError("hub-silent", url=url)
        return _json(response)

    def _message_keys(self) -> dict[str, Ed25519PublicKey]:
        found: dict[str, Ed25519PublicKey] = {}
        for key_id, jwk in self.hub.message_keys.items():
            key = OKPKey.import_key({name: jwk[name] for name in ("kty", "crv", "x")}).public_key
            if isinstance(key, Ed25519PublicKey):
                found[key_id] = key
        return found

    def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._http.send(request)
        except httpx.HTTPError as error:
            raise ConnectorError("hub-silent", url=str(request.url.copy_with(query=None))) from error


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        answer = response.json()
    except ValueError as error:
        raise Unverified("answer-wrong") from error
    if not isinstance(answer, dict):
        raise Unverified("answer-wrong")
    return answer


def _problem_of(response: httpx.Response) -> dict[str, Any] | None:
    if response.status_code < httpx.codes.BAD_REQUEST:
        return None
    return _json(response)


def _profile_of(response: httpx.Response) -> Profile:
    said = _json(response)
    fields = {
        name: tuple(
            FieldValue(one["value"], one["source"], one["as_of"], one.get("of"))
            for one in (values if isinstance(values, list) else [values])
        )
        for name, values in said["fields"].items()
    }
    return Profile(
        consent_id=said["consent_id"],
        register_version=said["register_version"],
        fields=fields,
        sources=said["sources"],
        missing=tuple(one["field"] for one in said["missing"]),
        entry=response.headers["i-industry-entry"],
        request_id=response.headers["x-road-id"],
        body=response.content,
    )


def _result_of(one: Mapping[str, Any]) -> EventResult:
    return EventResult(one.get("id"), one.get("status") == "accepted", one.get("code"), one.get("title_th"),
                       one.get("title"), one.get("entry"))  # fmt: skip

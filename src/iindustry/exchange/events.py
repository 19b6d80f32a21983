"""Events a bank sends: CloudEvents 1.0, their types and the fields each may carry (EXCHANGE section 5).

Money is whole satang, days and instants are ISO 8601 in the common era. Invariant: a field that the table does not name
is refused, not stored; two events with one id and one content have one digest (RFC 8785).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import rfc8785

from iindustry.exchange.problems import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PREFIX = "th.go.industry."
MOST_EVENTS = 500
LONGEST_EVENT_BYTES = 20_000
LONGEST_BATCH_BYTES = 2_000_000
BATCH_TYPE = "application/cloudevents-batch+json"
LINES_TYPE = "application/x-ndjson"
MEDIA_TYPES = frozenset({BATCH_TYPE, LINES_TYPE})

_ID = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_TEXT = re.compile(r"[^\x00-\x1f]{1,200}")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_MOST_CODES = 20
_MOST_COUNT = 10_000
_YEARS = range(1900, 2400)  # of the common era: a later one is a year of the Buddhist era, or nobody's
_ENVELOPE = frozenset(
    {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "data", "sequence", "supersedes"}
)


def _is_satang(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**15


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_COUNT


def _is_code(value: object) -> bool:
    return isinstance(value, str) and bool(_CODE.fullmatch(value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(_TEXT.fullmatch(value))


def _are_codes(value: object) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= _MOST_CODES and all(_is_code(one) for one in value)


def _is_day(value: object) -> bool:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return day is not None and day.isoformat() == value and day.year in _YEARS


def _is_instant(value: object) -> bool:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return at is not None and at.tzinfo is not None and at.year in _YEARS


def _is_uuid(value: object) -> bool:
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


# Tuples, not sets: what arrives may be a list, and a list cannot be looked up in a set.
_FORM: Mapping[str, Callable[[object], bool]] = {
    "application_id": _is_uuid,
    "consent_id": _is_uuid,
    "occurred_at": _is_instant,
    "decision": lambda value: value in ("approved", "approved_in_part", "declined"),
    "approved_satang": _is_satang,
    "tenor_months": _is_count,
    "reason_codes": _are_codes,
    "reason_words": _is_text,
    "is_curable": _is_flag,
    "cure_hint_codes": _are_codes,
    "decided_at": _is_instant,
    "loan_ref": _is_code,
    "contract_satang": _is_satang,
    "signed_on": _is_day,
    "tranche": _is_count,
    "amount_satang": _is_satang,
    "disbursed_on": _is_day,
    "policy_line": _is_code,
    "stage": lambda value: value in ("screening", "documents", "analysis", "committee"),
    "expected_on": _is_day,
    "bank_ref": _is_code,
    "due_at": _is_instant,
}


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event: what `data` must and may carry beside the three common fields.

    `group` is the agreement's name for these fields: `decision` of `decision.approved_satang`.
    """

    name: str
    group: str
    needed: frozenset[str]
    welcome: frozenset[str]

    @property
    def fields(self) -> frozenset[str]:
        """Every field the type may carry."""
        return COMMON | self.needed | self.welcome


COMMON = frozenset({"application_id", "consent_id", "occurred_at"})
_TYPES = (
    EventType("loan.application.received", "application", frozenset({"bank_ref"}), frozenset({"due_at"})),
    EventType("loan.application.progressed", "application", frozenset({"stage"}), frozenset({"expected_on"})),
    EventType(
        "loan.application.decided",
        "decision",
        frozenset({"decision", "decided_at"}),
        frozenset({"approved_satang", "tenor_months", "reason_codes", "reason_words", "is_curable", "cure_hint_codes"}),
    ),
    EventType(
        "loan.contract.signed", "disbursement", frozenset({"loan_ref", "contract_satang", "signed_on"}), frozenset()
    ),
    EventType(
        "loan.disbursed",
        "disbursement",
        frozenset({"loan_ref", "amount_satang", "disbursed_on"}),
        frozenset({"tranche", "policy_line"}),
    ),
)
TYPES: Mapping[str, EventType] = {PREFIX + one.name: one for one in _TYPES}


@dataclass(frozen=True, slots=True)
class Event:
    """One verified event. `name` is the type without its prefix; `digest` is over the canonical JSON of the whole."""

    event_id: str
    source: str
    name: str
    application_id: UUID
    consent_id: UUID | None
    sequence: int | None
    supersedes: str | None
    occurred_at: datetime
    data: Mapping[str, Any]
    digest: str

    @property
    def agreed_names(self) -> frozenset[str]:
        """The fields it carries, as agreements and consents name them; common fields need no permission."""
        group = TYPES[PREFIX + self.name].group
        return frozenset(f"{group}.{name}" for name in self.data if name not in COMMON)


def split(body: bytes, media_type: str) -> list[dict[str, Any]]:
    """The objects in a batch. Raises `body-too-large`, `body-invalid` (with the line), `batch-size`."""
    if len(body) > LONGEST_BATCH_BYTES:
        raise refusal("body-too-large", bytes=LONGEST_BATCH_BYTES)
    if media_type == LINES_TYPE:
        lines = [line for line in body.splitlines() if line.strip()]
        objects: object = [_json(line, place) for place, line in enumerate(lines[: MOST_EVENTS + 1], start=1)]
    elif media_type == BATCH_TYPE:
        objects = _json(body, 1)
    else:
        raise refusal("body-invalid", line=0)
    if not isinstance(objects, list) or not all(isinstance(one, dict) for one in objects):
        raise refusal("body-invalid", line=1)
    if not 1 <= len(objects) <= MOST_EVENTS:
        raise refusal("batch-size", most=MOST_EVENTS)
    return objects


def read(one: Mapping[str, Any], *, source: str) -> Event:
    """One event, checked against its type. `source` is the caller's own address.

    Raises: `event-invalid` (member), `event-source`, `event-type-unknown`, `fields-not-allowed` (fields).
    """
    _check_envelope(one, source)
    kind = TYPES.get(str(one.get("type")))
    if kind is None:
        raise refusal("event-type-unknown", type=str(one.get("type"))[:80])
    data: Mapping[str, Any] = one["data"]
    extra = sorted(set(data) - kind.fields)
    if extra:
        raise refusal("fields-not-allowed", fields=[name[:40] for name in extra[:10]])
    lacking = sorted((kind.needed | {"application_id", "occurred_at"}) - set(data))
    wrong = lacking + sorted(name for name in data if not _FORM[name](data[name]))
    if wrong:
        raise refusal("event-invalid", member=f"data.{wrong[0]}")
    _check_decision(kind.name, data)
    consent = data.get("consent_id")
    return Event(
        event_id=one["id"],
        source=source,
        name=kind.name,
        application_id=UUID(data["application_id"]),
        consent_id=UUID(consent) if consent else None,
        sequence=one.get("sequence"),
        supersedes=one.get("supersedes"),
        occurred_at=datetime.fromisoformat(data["occurred_at"]),
        data=data,
        digest=digest_of(one),
    )


def digest_of(one: Mapping[str, Any]) -> str:
    """SHA-256 of an event's canonical JSON (RFC 8785), hex. Raises `event-invalid` for what has no canonical form."""
    try:
        text: bytes = rfc8785.dumps(dict(one))
    except (rfc8785.CanonicalizationError, ValueError, RecursionError) as error:
        raise refusal("event-invalid", member="data") from error
    if len(text) > LONGEST_EVENT_BYTES:
        raise refusal("body-too-large", bytes=LONGEST_EVENT_BYTES)
    return hashlib.sha256(text).hexdigest()


def id_of(one: Mapping[str, Any]) -> str | None:
    """An event's id, for the line of its result, where it has a readable one."""
    value = one.get("id")
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def _check_envelope(one: Mapping[str, Any], source: str) -> None:
    sequence, supersedes = one.get("sequence"), one.get("supersedes")
    faults = (
        ("specversion", one.get("specversion") == "1.0"),
        ("id", id_of(one) is not None),
        ("type", isinstance(one.get("type"), str)),
        ("data", isinstance(one.get("data"), dict)),
        ("sequence", sequence is None or _is_count(sequence)),
        ("supersedes", supersedes is None or (isinstance(supersedes, str) and bool(_ID.fullmatch(supersedes)))),
        ("time", one.get("time") is None or _is_instant(one["time"])),
        ("envelope", set(one) <= _ENVELOPE),
    )
    fault = next((name for name, holds in faults if not holds), None)
    if fault is not None:
        raise refusal("event-invalid", member=fault)
    if one.get("source") != source:
        raise refusal("event-source", source=source)


def _check_decision(name: str, data: Mapping[str, Any]) -> None:
    """A declined application says why; an approved one says how much."""
    if name != "loan.application.decided":
        return
    needed = "reason_codes" if data["decision"] == "declined" else "approved_satang"
    if needed not in data:
        raise refusal("event-invalid", member=f"data.{needed}")


def _json(text: bytes, line: int) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise refusal("body-invalid", line=line) from error


def _no_constant(name: str) -> float:
    raise ValueError(name)

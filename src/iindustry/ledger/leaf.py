"""Pure: one leaf of the log, as canonical JSON (RFC 8785).

A leaf says who (a keyed tag), about whom (a keyed tag), what, when and on what ground, by ids, codes and digests. It holds
no content: a Thai letter, a 13-digit number or a long text in a fact is refused, for what is once in the log stays there.
Invariant: equal leaves have equal bytes, and every leaf has a random salt, so its hash tells nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import rfc8785

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

Fact = str | int | list[str] | None
MAX_TEXT = 256
MAX_ITEMS = 500
_SAFE_INT = 2**53 - 1
_KIND = re.compile(r"[a-z]+(?:[._-][a-z]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TEXT = re.compile(r"[\x20-\x7e]*")
# The address of a member's system carries its tax id, which is public: EXCHANGE section 1.
_ADDRESS = re.compile(r"TH(?:-TEST)?/(?:GOV|BANK|AUD)/\d{13}(?![0-9])")
_THIRTEEN = re.compile(r"(?<![0-9A-Za-z-])\d(?:[ -]?\d){12}(?![0-9A-Za-z-])")
RESERVED = frozenset({"v", "kind", "entry_id", "at", "subject_tag", "actor_tag", "actor_role", "salt"})


def canonical(value: Mapping[str, Any]) -> bytes:
    """Canonical JSON. Raises rfc8785.CanonicalizationError for what JSON cannot say exactly."""
    return rfc8785.dumps(dict(value))


def leaf_bytes(
    *,
    kind: str,
    entry_id: UUID,
    at: datetime,
    subject_tag: str | None,
    actor_tag: str,
    actor_role: str,
    salt: str,
    facts: Mapping[str, Fact],
) -> bytes:
    """The bytes of one leaf. ValueError for a fact that does not belong in a log for ever, or a naive instant."""
    check_kind(kind)
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    leaf: dict[str, Any] = {
        "v": 1, "kind": kind, "entry_id": str(entry_id), "at": instant(at), "actor_tag": actor_tag,
        "actor_role": actor_role, "salt": salt,
    }  # fmt: skip
    if subject_tag is not None:
        leaf["subject_tag"] = subject_tag
    leaf |= {name: checked(name, value) for name, value in facts.items() if value is not None}
    return canonical(leaf)


def instant(at: datetime) -> str:
    """`2026-11-20T03:04:05.123456Z`, UTC, always six digits."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def check_kind(kind: str) -> None:
    """ValueError where a kind is no dotted code such as `consent.changed`."""
    if not _KIND.fullmatch(kind):
        raise ValueError(f"a kind of entry is a dotted code, not {kind!r}")


def checked(name: str, value: Fact) -> Fact:
    """A fact as it may be kept. ValueError: reserved name, a number too large, too long, Thai letters or 13 digits."""
    if name in RESERVED or not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a fact")
    if isinstance(value, list):
        if len(value) > MAX_ITEMS:
            raise ValueError(f"{name}: more than {MAX_ITEMS} items; give their digest")
        return [_checked_text(name, item) for item in value]
    if isinstance(value, str):
        return _checked_text(name, value)
    if isinstance(value, int) and abs(value) > _SAFE_INT:
        raise ValueError(f"{name}: larger than JSON can say exactly")
    if value is not None and not isinstance(value, int):
        raise TypeError(f"{name}: a fact is text, a whole number or a list of texts")
    return _checked_number(name, value)


def _checked_number(name: str, value: int | None) -> int | None:
    is_money = name.endswith("_satang")
    if value is not None and not is_money and len(str(abs(value))) == 13:  # noqa: PLR2004 - an id written as a number
        raise ValueError(f"{name}: looks like a 13-digit id")
    return value


def _checked_text(name: str, value: str) -> str:
    if len(value) > MAX_TEXT:
        raise ValueError(f"{name}: longer than {MAX_TEXT} signs; give its digest")
    if not _TEXT.fullmatch(value):
        raise ValueError(f"{name}: an entry holds ids, codes and digests, in ASCII, and no content")
    if _THIRTEEN.search(_ADDRESS.sub("", value)):
        raise ValueError(f"{name}: looks like a 13-digit id")
    return value

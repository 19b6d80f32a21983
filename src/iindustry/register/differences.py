"""What differs between an enterprise as two versions hold it, and why: pure, one enterprise at a time.

A value changed because a record was delivered anew, came from or went to another enterprise, is no more, was judged, or because
the order of belief came out otherwise on the same records. Derived values change because what they rest on did: `rule`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iindustry.register.enterprise import Cause, ChangedValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iindustry.register.enterprise import Enterprise, RecordRef, Value

_JUDGED = "judgement"
Key = tuple[str, str]
"""Source and record key."""


def changed_values(
    before: Enterprise, after: Enterprise, lived_at: frozenset[Key], live_at: frozenset[Key]
) -> list[ChangedValue]:
    """Values that differ, those of the enterprise first.

    lived_at: records of one of the two that were somewhere in the register before; live_at: that are somewhere in it after.
    """
    refs = {_key(one): one for one in before.records}, {_key(one): one for one in after.records}
    found = [
        _changed(after.enterprise_id, None, field, one, other, refs, lived_at, live_at)
        for field, one, other in _differing(before.values, after.values)
    ]
    sites = {one.establishment_id: one for one in after.establishments}
    earlier = {one.establishment_id: one for one in before.establishments}
    for site in sorted(sites.keys() | earlier.keys()):
        old = earlier[site].values if site in earlier else {}
        new = sites[site].values if site in sites else {}
        found += [
            _changed(after.enterprise_id, site, field, one, other, refs, lived_at, live_at)
            for field, one, other in _differing(old, new)
        ]
    return found


def _differing(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> Iterator[tuple[str, Value | None, Value | None]]:
    for field in sorted(before.keys() | after.keys()):
        one, other = before.get(field), after.get(field)
        if (one.value if one else None) != (other.value if other else None):
            yield field, one, other


def _changed(  # noqa: PLR0917 - one row of the comparison
    enterprise_id: str,
    site: str | None,
    field: str,
    before: Value | None,
    after: Value | None,
    refs: tuple[Mapping[Key, RecordRef], Mapping[Key, RecordRef]],
    lived_at: frozenset[Key],
    live_at: frozenset[Key],
) -> ChangedValue:
    old, new = refs
    speaker = after if after is not None and after.record_key else before
    key = (speaker.source, speaker.record_key) if speaker else ("", "")
    ref = new.get(key) or old.get(key)
    cause = (
        _cause(key, old, new, lived_at, live_at)
        if after is None or after.record_key
        else _without(before, new, live_at)
    )
    return ChangedValue(
        enterprise_id, site, field, before.value if before else None, after.value if after else None, cause,
        key[0], key[1], ref.delivery_id if ref else "",
    )  # fmt: skip


def _cause(
    key: Key,
    old: Mapping[Key, RecordRef],
    new: Mapping[Key, RecordRef],
    lived_at: frozenset[Key],
    live_at: frozenset[Key],
) -> Cause:
    """Why a record speaks as it does now, or speaks no more."""
    was, now = old.get(key), new.get(key)
    if now is None:
        return Cause.SPLIT if key in live_at else Cause.GONE
    if was is None:
        if now.link_ground == _JUDGED:
            return Cause.JUDGEMENT
        return Cause.MERGE if key in lived_at else Cause.DELIVERY
    return Cause.DELIVERY if was.delivery_id != now.delivery_id else Cause.RULE


def _without(before: Value | None, new: Mapping[Key, RecordRef], live_at: frozenset[Key]) -> Cause:
    """Why a value is now worked out, silent or nothing: its record left, or what it rests on changed."""
    if before is None or not before.record_key or (before.source, before.record_key) in new:
        return Cause.RULE
    return Cause.SPLIT if (before.source, before.record_key) in live_at else Cause.GONE


def _key(ref: RecordRef) -> Key:
    return ref.source, ref.record_key

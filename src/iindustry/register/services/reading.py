"""Reading the register in force: one enterprise, look-up by number, search by name, lists."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from psycopg.errors import QueryCanceled

from iindustry.kernel.errors import NotFound, Rejected
from iindustry.linkage import services as linkage
from iindustry.register import searching
from iindustry.register.enterprise import (
    CorrectionStatus,
    Enterprise,
    EnterpriseHit,
    EnterpriseName,
    RecordCard,
    VersionView,
)
from iindustry.register.models import Correction, Establishment, Member, Version
from iindustry.register.models import Enterprise as EnterpriseRow
from iindustry.register.profile import card_of, enterprise_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_KEYS = 1000
_HIT = (
    "enterprise_id", "name_th", "name_en", "juristic_id", "province_code", "establishment_count", "is_person",
)  # fmt: skip


def get_enterprise(enterprise_id: str) -> Enterprise:
    """The enterprise of an id, or of the id it was merged into. NotFound `enterprise-unknown`."""
    found = _whole("enterprise_id", enterprise_id)
    if found is None:
        target = linkage.redirected(enterprise_id)
        found = _whole("enterprise_id", target) if target else None
    if found is None:
        raise NotFound("enterprise-unknown")
    return found


def name_of(enterprise_id: str) -> EnterpriseName:
    """The name of an enterprise and nothing more of it: one query. Follows merging. NotFound `enterprise-unknown`."""
    known = names_of([enterprise_id])
    if enterprise_id not in known:
        raise NotFound("enterprise-unknown")
    return known[enterprise_id]


def names_of(enterprise_ids: Sequence[str]) -> dict[str, EnterpriseName]:
    """Names by id, at most 1,000, in one query; ids that are unknown are absent.

    An id that was merged into another has the other's name, and costs a query more to follow.
    """
    known = _names(enterprise_ids[:MOST_KEYS])
    merged = {
        one: target for one in enterprise_ids[:MOST_KEYS] if one not in known and (target := linkage.redirected(one))
    }
    targets = _names(list(merged.values())) if merged else {}
    return known | {one: targets[target] for one, target in merged.items() if target in targets}


def find_by_juristic_id(juristic_id: str) -> Enterprise | None:
    """The enterprise that holds a valid juristic id (13 digits), or None."""
    return _whole("juristic_id", juristic_id)


def find_by_factory_id(factory_id: str) -> Enterprise | None:
    """The enterprise that runs the factory of this number (14 digits), or None."""
    site = Establishment.objects.filter(factory_id=factory_id).order_by("establishment_id").first()
    return get_enterprise(site.enterprise_id) if site else None


def search(text: str, *, province: str | None = None, limit: int = 20) -> list[EnterpriseHit]:
    """Enterprises whose name holds the text, legal forms ignored; best first, order ends in the id.

    A number of 13 or 14 digits or an `ENT-` id finds its holder. Under two signs nothing is found. Names that begin with the
    text come first; where no name holds it, names like it are found (trigram similarity). Rejected `search-too-broad` where
    the text is in so many names that looking through them was given up.
    """
    plan = searching.plan(text)
    if plan.number:
        found = find_by_juristic_id(plan.number) or find_by_factory_id(plan.number)
        return [_hit_of(found)] if found else []
    if plan.enterprise_id:
        rows = EnterpriseRow.objects.filter(enterprise_id=linkage.redirected(plan.enterprise_id) or plan.enterprise_id)
        return [EnterpriseHit(**row) for row in rows.values(*_HIT)]
    for look in (_holding, _alike):  # what holds the text in one reading of it comes before what is like it in another
        for core in plan.cores:
            if hits := look(core, province, limit):
                return hits
    return []


def list_enterprises(*, province: str | None = None, after: str | None = None, limit: int = 100) -> list[EnterpriseHit]:
    """Enterprises by id, from after an id, of one province where named."""
    rows = EnterpriseRow.objects.order_by("enterprise_id")
    if province is not None:
        rows = rows.filter(province_code=province)
    if after is not None:
        rows = rows.filter(enterprise_id__gt=after)
    return [EnterpriseHit(**row) for row in rows.values(*_HIT)[:limit]]


def list_versions(*, limit: int = 20) -> list[VersionView]:
    """Published versions, newest first."""
    return [
        VersionView(
            version=row.version,
            published_at=row.published_at,
            records=row.record_count,
            enterprises=row.enterprise_count,
            establishments=row.establishment_count,
            is_current=row.is_current,
            quality=row.quality,
        )
        for row in Version.objects.order_by("-published_at", "version")[:limit]
    ]


def holders(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], EnterpriseHit]:
    """The enterprise of each (source, record key) that belongs to one. At most 1,000 keys a call."""
    owners = _owners(keys[:MOST_KEYS])
    rows = EnterpriseRow.objects.filter(enterprise_id__in=set(owners.values())).order_by("enterprise_id").values(*_HIT)
    hits = {row["enterprise_id"]: EnterpriseHit(**row) for row in rows}
    return {key: hits[owner] for key, owner in owners.items() if owner in hits}


def record_card(source: str, record_key: str) -> RecordCard:
    """What one record says by itself. NotFound `record-unknown`."""
    row = Member.objects.filter(source=source, record_key=record_key).order_by("source", "record_key").values().first()
    if row is None:
        raise NotFound("record-unknown")
    return card_of(row)


def list_cards(
    enterprise_ids: Sequence[str], *, sources: Sequence[str] | None = None, limit: int = MOST_KEYS
) -> list[RecordCard]:
    """What each record of some enterprises says by itself, by source and key, of some registers where named; at most 1,000."""
    rows = Member.objects.filter(enterprise_id__in=list(enterprise_ids)).order_by("source", "record_key")
    if sources is not None:
        rows = rows.filter(source__in=list(sources))
    return [card_of(row) for row in rows.values()[: min(limit, MOST_KEYS)]]


def _owners(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, key in keys:
        by_source[source].append(key)
    asked = Q(pk__in=[])
    for source, of_source in sorted(by_source.items()):
        asked |= Q(source=source, record_key__in=of_source)
    rows = Member.objects.filter(asked).order_by("source", "record_key")
    return {(source, key): owner for source, key, owner in rows.values_list("source", "record_key", "enterprise_id")}


def _names(enterprise_ids: Sequence[str]) -> dict[str, EnterpriseName]:
    rows = EnterpriseRow.objects.filter(enterprise_id__in=enterprise_ids).order_by("enterprise_id")
    columns = ("enterprise_id", "name_th", "name_en", "is_person")
    return {one: EnterpriseName(th, en or th, is_person) for one, th, en, is_person in rows.values_list(*columns)}


_SQL_WHOLE = """
SELECT to_jsonb(one) - 'search_text', ruling.version, ruling.newest,
    (SELECT jsonb_agg(to_jsonb(site)) FROM register_establishment AS site WHERE site.enterprise_id = one.enterprise_id),
    (SELECT jsonb_agg(to_jsonb(member)) FROM register_member AS member WHERE member.enterprise_id = one.enterprise_id)
FROM register_enterprise AS one
LEFT JOIN LATERAL (SELECT version, newest FROM register_publication ORDER BY number DESC LIMIT 1) AS ruling ON TRUE
WHERE one.{key} = %s
"""


def _whole(key: str, value: str) -> Enterprise | None:
    """An enterprise and the version in force, read in one statement: never a mixture of two versions."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL_WHOLE.format(key=key), [value])
        found = cursor.fetchone()
    if found is None:
        return None
    version = found[1]
    row, newest, sites, members = (json.loads(one) if one else {} for one in (found[0], *found[2:]))
    return enterprise_of(
        row, list(sites), list(members), version=version or "",
        newest={source: date.fromisoformat(day) for source, day in newest.items()},
        disputed=_disputed(row["enterprise_id"]),
    )  # fmt: skip


def _disputed(enterprise_id: str) -> dict[str, frozenset[str]]:
    rows = Correction.objects.filter(enterprise_id=enterprise_id, status=CorrectionStatus.OPEN.value)
    fields: dict[str, set[str]] = defaultdict(set)
    for establishment, field in rows.order_by("correction_id").values_list("establishment_id", "field"):
        fields[establishment].add(field)
    return {key: frozenset(names) for key, names in fields.items()}


def _hit_of(enterprise: Enterprise) -> EnterpriseHit:
    return EnterpriseHit(
        enterprise_id=enterprise.enterprise_id,
        name_th=enterprise.name_th,
        name_en=enterprise.name_en,
        juristic_id=enterprise.juristic_id,
        province_code=enterprise.province_code,
        establishment_count=_count_of(enterprise),
        is_person=enterprise.is_person,
    )


def _count_of(enterprise: Enterprise) -> int | None:
    said = enterprise.value_of("entity.establishment_count")
    return said.value if said is not None and isinstance(said.value, int) else None


def _holding(core: str, province: str | None, limit: int) -> list[EnterpriseHit]:
    """Names that begin with the text, then names that hold it."""
    asked = searching.parameters(core, province, limit)
    first = _run(searching.SQL_START, asked)
    if len(first) >= limit:
        return first
    try:
        held = _run_patiently(searching.SQL_SUBSTRING, asked)
    except _GaveUpError as error:
        if first:
            return first
        raise Rejected("search-too-broad", field="q") from error
    seen = {one.enterprise_id for one in first}
    return [*first, *(one for one in held if one.enterprise_id not in seen)][:limit]


def _alike(core: str, province: str | None, limit: int) -> list[EnterpriseHit]:
    """Names like the text."""
    try:
        return _run_patiently(searching.SQL_SIMILAR, searching.parameters(core, province, limit))
    except _GaveUpError as error:
        raise Rejected("search-too-broad", field="q") from error


class _GaveUpError(Exception):
    """A statement went on for longer than a person waits."""


def _run(statement: str, asked: Mapping[str, Any]) -> list[EnterpriseHit]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [EnterpriseHit(*row) for row in cursor.fetchall()]


def _run_patiently(statement: str, asked: Mapping[str, Any]) -> list[EnterpriseHit]:
    """Run a statement for `searching.PATIENCE_MS` at most."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, TRUE)", [str(searching.PATIENCE_MS)])
            cursor.execute(statement, asked)
            hits = [EnterpriseHit(*row) for row in cursor.fetchall()]
            cursor.execute("SELECT set_config('statement_timeout', '0', TRUE)")
            return hits
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise _GaveUpError from error
        raise

"""The register as it stood: one enterprise on a day, and what changed between two versions and why.

Rows that changed or went are kept with the publications between which they stood (decision 0005), so both are keyed reads:
nothing is made anew from deliveries. A value tells the day of the delivery that was heard last with this content.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from iindustry.kernel.clock import BANGKOK
from iindustry.kernel.errors import NotFound
from iindustry.register.differences import changed_values
from iindustry.register.enterprise import MovedRecord, VersionComparison
from iindustry.register.models import Publication
from iindustry.register.profile import enterprise_of
from iindustry.register.services.loading import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from iindustry.register.enterprise import Enterprise
    from iindustry.register.services.loading import Table

MOST_ROWS = 1000
_ENTERPRISE, _SITE, _MEMBER = TABLES


def history(enterprise_id: str, *, as_of: date) -> Enterprise:
    """The enterprise of an id as the register had it at the end of a day: values, establishments and members.

    NotFound `version-absent` where no version was in force by then; `enterprise-unknown` where it had no such enterprise.
    """
    end = datetime.combine(as_of + timedelta(days=1), time.min, tzinfo=BANGKOK)
    ruling = Publication.objects.filter(published_at__lt=end).order_by("-number").first()
    if ruling is None:
        raise NotFound("version-absent")
    found = _as_of(ruling, [enterprise_id])
    if enterprise_id not in found:
        raise NotFound("enterprise-unknown")
    return found[enterprise_id]


def compare(old: str, new: str, *, limit: int = 100) -> VersionComparison:
    """What changed from one version to another that came after it, of the first `limit` enterprises that differ.

    NotFound `version-absent` for a version that was never in force; the two are put in order.
    """
    first, last = sorted((_publications(old, new)), key=lambda one: one.number)
    bounds = {"first": first.number, "last": last.number, "limit": min(limit, MOST_ROWS)}
    touched, counts = _touched(bounds)
    before, after = _at_both(first, last, touched)
    moved, records = _moved(bounds)
    both = sorted(before.keys() & after.keys())
    keys = {
        (one.source, one.record_key) for known in (before, after) for each in known.values() for one in each.records
    }
    lived, live = _present(keys, first.number, last.number)
    changed = [value for one in both for value in changed_values(before[one], after[one], lived, live)]
    return VersionComparison(
        first.version, last.version,
        tuple(sorted(after.keys() - before.keys())), tuple(sorted(before.keys() - after.keys())),
        moved, tuple(changed[:MOST_ROWS]), counts | records,
        persons=frozenset(each.enterprise_id for known in (before, after) for each in known.values() if each.is_person),
        looked_at=len(both),
    )  # fmt: skip


def _publications(*versions: str) -> list[Publication]:
    """The last coming into force of each version, in one statement. NotFound `version-absent`."""
    rows = {row.version: row for row in Publication.objects.filter(version__in=versions).order_by("number")}
    if not set(versions) <= rows.keys():
        raise NotFound("version-absent")
    return [rows[version] for version in versions]


def _at(table: Table, columns: str) -> str:
    """Rows of a table as they stood at publication %(number)s."""
    return (
        f"SELECT {columns} FROM {table.name} WHERE since <= %(number)s AND {{where}} UNION ALL "  # noqa: S608 - our own names
        f"SELECT {columns} FROM {table.past} WHERE since <= %(number)s AND until > %(number)s AND {{where}}"
    )


def _as_of(ruling: Publication, enterprise_ids: Sequence[str]) -> dict[str, Enterprise]:
    """Enterprises by id as one publication had them."""
    return _at_both(ruling, ruling, enterprise_ids)[1]


def _at_both(
    first: Publication, last: Publication, enterprise_ids: Sequence[str]
) -> tuple[dict[str, Enterprise], dict[str, Enterprise]]:
    """Enterprises by id as each of two publications had them: one statement a table."""
    asked = {"first": first.number, "number": last.number, "ids": list(enterprise_ids)}
    where = "enterprise_id = ANY(%(ids)s)"
    found = [_rows(table, where, asked) for table in (_ENTERPRISE, _SITE, _MEMBER)]
    return (
        _enterprises(first, [[row for is_last, row in rows if not is_last] for rows in found]),
        _enterprises(last, [[row for is_last, row in rows if is_last] for rows in found]),
    )


def _enterprises(ruling: Publication, tables: Sequence[Sequence[dict[str, Any]]]) -> dict[str, Enterprise]:
    rows = {one["enterprise_id"]: one for one in tables[0]}
    sites, members = _grouped(tables[1]), _grouped(tables[2])
    newest = {source: date.fromisoformat(day) for source, day in ruling.newest.items()}
    return {
        one: enterprise_of(
            row, sites.get(one, ()), members.get(one, ()), version=ruling.version, newest=newest, disputed={}
        )
        for one, row in sorted(rows.items())
    }


def _rows(table: Table, where: str, asked: Mapping[str, Any]) -> list[tuple[bool, dict[str, Any]]]:
    """Rows as the first publication had them (False) and as the last had them (True)."""
    columns = [one for one in table.columns if one != "search_text"]
    names = ", ".join(columns)
    last = _at(table, f"TRUE, {names}").format(where=where)
    text = f"{_at(table, f'FALSE, {names}').format(where=where).replace('%(number)s', '%(first)s')} UNION ALL {last}"
    with connection.cursor() as cursor:
        cursor.execute(text if asked["first"] != asked["number"] else last, asked)
        return [(bool(row[0]), dict(zip(columns, row[1:], strict=True))) for row in cursor.fetchall()]


def _grouped(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["enterprise_id"], []).append(row)
    return found


# Enterprises with a row that began or ended between the two publications, of any of the three tables.
_SQL_TOUCHED = """
WITH touched AS (
    SELECT enterprise_id FROM register_enterprise WHERE since > %(first)s AND since <= %(last)s
    UNION SELECT enterprise_id FROM register_pastenterprise WHERE until > %(first)s AND since <= %(last)s
        AND (since > %(first)s OR until <= %(last)s)
    UNION SELECT enterprise_id FROM register_establishment WHERE since > %(first)s AND since <= %(last)s
    UNION SELECT enterprise_id FROM register_pastestablishment WHERE until > %(first)s AND since <= %(last)s
        AND (since > %(first)s OR until <= %(last)s)
    UNION SELECT enterprise_id FROM register_member WHERE since > %(first)s AND since <= %(last)s
    UNION SELECT enterprise_id FROM register_pastmember WHERE until > %(first)s AND since <= %(last)s
        AND (since > %(first)s OR until <= %(last)s)
), told AS (
    SELECT enterprise_id,
        EXISTS (SELECT 1 FROM register_enterprise AS one WHERE one.enterprise_id = touched.enterprise_id AND since <= %(first)s)
        OR EXISTS (SELECT 1 FROM register_pastenterprise AS one WHERE one.enterprise_id = touched.enterprise_id
                   AND since <= %(first)s AND until > %(first)s) AS was,
        EXISTS (SELECT 1 FROM register_enterprise AS one WHERE one.enterprise_id = touched.enterprise_id AND since <= %(last)s)
        OR EXISTS (SELECT 1 FROM register_pastenterprise AS one WHERE one.enterprise_id = touched.enterprise_id
                   AND since <= %(last)s AND until > %(last)s) AS lives
    FROM touched
)
SELECT (SELECT count(*) FROM told WHERE lives AND NOT was), (SELECT count(*) FROM told WHERE was AND NOT lives),
    (SELECT count(*) FROM told WHERE was AND lives),
    ARRAY(SELECT enterprise_id FROM told WHERE was OR lives ORDER BY enterprise_id LIMIT %(limit)s)
"""


def _touched(bounds: Mapping[str, int]) -> tuple[list[str], dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_SQL_TOUCHED, bounds)
        added, gone, changed, first = cursor.fetchone()
    return list(first), {"enterprises_added": added, "enterprises_gone": gone, "enterprises_changed": changed}


# Records whose enterprise at the one publication is not the one at the other; those that are in both stand first. Only rows that changed between can differ.
_SQL_MOVED = """
WITH asked AS (
    SELECT source, record_key FROM register_member WHERE since > %(first)s AND since <= %(last)s
    UNION SELECT source, record_key FROM register_pastmember
    WHERE until > %(first)s AND since <= %(last)s AND (since > %(first)s OR until <= %(last)s)
), at_first AS (
    SELECT source, record_key, enterprise_id, link_ground FROM register_member WHERE since <= %(first)s
        AND (source, record_key) IN (SELECT source, record_key FROM asked)
    UNION ALL SELECT source, record_key, enterprise_id, link_ground FROM register_pastmember
    WHERE since <= %(first)s AND until > %(first)s AND (source, record_key) IN (SELECT source, record_key FROM asked)
), at_last AS (
    SELECT source, record_key, enterprise_id, link_ground FROM register_member WHERE since <= %(last)s
        AND (source, record_key) IN (SELECT source, record_key FROM asked)
    UNION ALL SELECT source, record_key, enterprise_id, link_ground FROM register_pastmember
    WHERE since <= %(last)s AND until > %(last)s AND (source, record_key) IN (SELECT source, record_key FROM asked)
)
SELECT source, record_key, one.enterprise_id, other.enterprise_id, coalesce(other.link_ground, one.link_ground),
    count(*) FILTER (WHERE one.enterprise_id IS NOT NULL AND other.enterprise_id IS NOT NULL) OVER (),
    count(*) FILTER (WHERE one.enterprise_id IS NULL) OVER (), count(*) FILTER (WHERE other.enterprise_id IS NULL) OVER ()
FROM at_first AS one FULL JOIN at_last AS other USING (source, record_key)
WHERE one.enterprise_id IS DISTINCT FROM other.enterprise_id
ORDER BY (one.enterprise_id IS NULL)::int + (other.enterprise_id IS NULL)::int, source, record_key LIMIT %(limit)s
"""
_RECORDS = ("records_moved", "records_added", "records_gone")


def _moved(bounds: Mapping[str, int]) -> tuple[tuple[MovedRecord, ...], dict[str, int]]:
    """The first records that went from one enterprise to another, and how many moved, came and went: a new one has not moved."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL_MOVED, bounds)
        rows = cursor.fetchall()
    told = dict(zip(_RECORDS, rows[0][5:] if rows else (0, 0, 0), strict=True))
    return tuple(MovedRecord(*row[:5]) for row in rows if row[2] and row[3]), told


def _present(
    keys: Iterable[tuple[str, str]], first: int, last: int
) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """The records that were somewhere in the register at each of two publications."""
    asked: dict[str, Any] = {"number": last, "first": first, "keys": json.dumps(sorted(keys))}
    where = "(source, record_key) IN (SELECT one->>0, one->>1 FROM jsonb_array_elements(%(keys)s::jsonb) AS one)"
    at_first = _at(_MEMBER, "FALSE, source, record_key").format(where=where).replace("%(number)s", "%(first)s")
    at_last = _at(_MEMBER, "TRUE, source, record_key").format(where=where)
    with connection.cursor() as cursor:
        cursor.execute(f"{at_first} UNION ALL {at_last}", asked)
        rows = cursor.fetchall()
    return (
        frozenset((source, key) for is_last, source, key in rows if not is_last),
        frozenset((source, key) for is_last, source, key in rows if is_last),
    )

"""What stands of the register and its stewardship, as values that are equal where nothing was lost or doubled.

Ids drawn at random and the order of rows are left out; everything else counts: serving copy, past, queue, look-up, redirects,
journal, acts with their records, judgements, publications, entries of the ledger by kind, and every file of the version.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from iindustry.kernel.home import current_version

if TYPE_CHECKING:
    from iindustry.kernel.home import Home

_RECORDS = """SELECT act.kind, one.source, one.record_key, one.before_enterprise, one.before_establishment, one.before_ground,
    one.before_probability, one.after_enterprise, one.after_establishment, one.after_ground, one.after_probability
    FROM linkage_linkactrecord AS one JOIN linkage_linkact AS act USING (act_id)"""
TOLD = {
    "enterprises": "SELECT * FROM register_enterprise",
    "establishments": "SELECT * FROM register_establishment",
    "members": "SELECT to_jsonb(one) - 'id' FROM register_member AS one",
    "past enterprises": "SELECT to_jsonb(one) - 'id' FROM register_pastenterprise AS one",
    "past establishments": "SELECT to_jsonb(one) - 'id' FROM register_pastestablishment AS one",
    "past members": "SELECT to_jsonb(one) - 'id' FROM register_pastmember AS one",
    "publications": "SELECT * FROM register_publication",
    "versions": "SELECT * FROM register_version",
    "queue": "SELECT to_jsonb(one) - 'pair_id' FROM linkage_reviewpair AS one",
    "redirects": "SELECT * FROM linkage_redirect",
    "journal": "SELECT to_jsonb(one) - 'id' FROM linkage_journal AS one",
    "link keys": "SELECT to_jsonb(one) - 'id' FROM linkage_linkkey AS one",
    "link model": "SELECT version, model FROM linkage_linkmodel",
    "acts": "SELECT to_jsonb(one) - 'act_id' - 'undoes_id' - 'undone_by', undoes_id IS NULL, undone_by IS NULL FROM linkage_linkact AS one",
    "records of acts": _RECORDS,
    "judgements": "SELECT to_jsonb(one) - 'judgement_id' - 'replaced_by_id', replaced_by_id IS NULL FROM linkage_judgement AS one",
    "ledger entries": "SELECT kind, count(*) FROM ledger_entry GROUP BY kind",
    "deliveries": "SELECT to_jsonb(one) - 'ledger_entry_id' FROM sources_delivery AS one",
    "outbox": "SELECT kind, subject FROM exchange_outbox",
}
_TABLES = """SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"""
_DIGEST = """SELECT count(*), md5(coalesce(string_agg(told::text, E'\\n' ORDER BY told::text COLLATE "C"), ''))
    FROM ({}) AS told"""


def picture(home: Home) -> dict[str, object]:
    """What stands, by name: a count and a digest of rows; digests of the files of the version in force."""
    seen: dict[str, object] = {}
    with connection.cursor() as cursor:
        for name, statement in TOLD.items():
            cursor.execute(_DIGEST.format(statement))
            seen[name] = cursor.fetchone()
    version = current_version(home)
    seen["CURRENT"] = version
    for place in (home.register, home.linkage):
        folder = place / (version or "none")
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            seen[f"{place.name}: {path.relative_to(folder)}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    return seen


@dataclass(frozen=True)
class Left:
    """What a process that ended leaves to whoever comes after it: every row of every table, every byte of every file."""

    rows: str
    files: str


def left(home: Home) -> Left:
    """What stands, whole, ids and hidden names too: two worlds that are equal here are one to every later process."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(_DIGEST.format(f"TABLE {name}") for name in tables))
        rows = repr(list(zip(tables, cursor.fetchall(), strict=True)))
    told = hashlib.sha256()
    for path in sorted(home.root.rglob("*")):
        if path.name != "out.json":  # what the child acknowledged, which nobody reads but the test
            held = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            told.update(f"{path.relative_to(home.root)} {held}\n".encode())
    return Left(rows, told.hexdigest())


def differences(wanted: dict[str, object], seen: dict[str, object], *, only=None) -> list[str]:
    """The names of what differs, with what was wanted and what is there."""
    names = sorted(wanted.keys() | seen.keys()) if only is None else only
    return [
        f"{name} is {_short(seen.get(name))}, not {_short(wanted.get(name))}"
        for name in names
        if wanted.get(name) != seen.get(name)
    ]


def _short(value: object) -> str:
    return str(value)[:40]

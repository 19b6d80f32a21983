"""What a typed text asks for, and the SQL that answers it.

Three steps, each only where the one before found too little: names that begin with the text (a key of first signs), names
that hold it, names like it (both by trigrams). Candidates are taken first, in a materialised step that the planner cannot
look behind, then ordered: a plain `ORDER BY … LIMIT 20` lets it walk the key for seconds. A text that half the country's
names hold is given up after `PATIENCE_MS`. Invariant: the order ends in a unique key.
"""

from __future__ import annotations

from dataclasses import dataclass

from iindustry.kernel import ids
from iindustry.register.bulk import SHARDS

PATIENCE_MS = 250
START_SIGNS = 40
_SHORTEST = 2
_CANDIDATES = 1000
_OF_THE_START = 400
_NUMBER_LENGTHS = (12, 13, 14)
_LONGEST = 120

_COLUMNS = "enterprise_id, name_th, name_en, juristic_id, province_code, establishment_count, is_person"

# Names whose first spelling begins with the text: the text itself first, then shorter names (other spellings stand
# behind, a line each). The candidates are the first by
# the order of the key, in which the text itself comes before all that is longer: an enterprise is found by its whole name,
# however many others begin with it.
SQL_START = f"""
WITH candidate AS MATERIALIZED (
    SELECT {_COLUMNS}, search_text FROM register_enterprise
    WHERE left(search_text, {START_SIGNS}) LIKE %(start)s AND (%(province)s::text IS NULL OR province_code = %(province)s)
    ORDER BY left(search_text, {START_SIGNS}) USING ~<~, enterprise_id LIMIT {_OF_THE_START}
)
SELECT {_COLUMNS} FROM candidate
ORDER BY length(split_part(search_text, chr(10), 1)), length(search_text), enterprise_id LIMIT %(limit)s
"""  # noqa: S608 - constants of this module; values are parameters

_IN_PROVINCE = "(%(province)s::text IS NULL OR province_code = %(province)s)"


def _from_shards(columns: str, condition: str) -> str:
    """Rows of every shard, one after the other, as long as the caller wants more."""
    each = f"SELECT {columns} FROM register_enterprise WHERE {{shard}} AND {condition} AND {_IN_PROVINCE}"  # noqa: S608 - constants
    return " UNION ALL ".join(each.format(shard=shard) for shard in SHARDS)


# The first 1,000 names that hold the text, then those that are the text or begin with it, then shorter names first.
SQL_SUBSTRING = f"""
WITH candidate AS MATERIALIZED (
    SELECT * FROM ({_from_shards(f"{_COLUMNS}, search_text", "search_text LIKE %(pattern)s")}) AS one LIMIT {_CANDIDATES}
)
SELECT {_COLUMNS} FROM candidate
ORDER BY (strpos(search_text, %(core)s) = 1) DESC, length(search_text), enterprise_id
LIMIT %(limit)s
"""  # noqa: S608 - constants of this module; values are parameters

# Names like the text: word similarity of trigrams, for slips of the hand.
_LIKE = f"{_COLUMNS}, word_similarity(%(core)s, search_text) AS likeness"
SQL_SIMILAR = f"""
WITH candidate AS MATERIALIZED (
    SELECT * FROM ({_from_shards(_LIKE, "%(core)s <%% search_text")}) AS one LIMIT {_CANDIDATES}
)
SELECT {_COLUMNS} FROM candidate ORDER BY likeness DESC, enterprise_id LIMIT %(limit)s
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Plan:
    """A number, an enterprise id, or name cores to look for, in order."""

    number: str | None = None
    enterprise_id: str | None = None
    cores: tuple[str, ...] = ()


def plan(text: str) -> Plan:
    """What a typed text asks for. Empty for texts of fewer than two signs."""
    cleaned = " ".join(text.split())[:_LONGEST]
    if ids.lasting_id_ok(cleaned.upper()):
        return Plan(enterprise_id=cleaned.upper())
    digits = ids.digits(cleaned)
    if digits.isdigit() and len(digits) in _NUMBER_LENGTHS:
        return Plan(number=digits.zfill(13) if len(digits) <= 13 else digits)  # noqa: PLR2004 - a juristic id
    return Plan(cores=tuple(core for core in _cores(cleaned) if len(core) >= _SHORTEST))


def parameters(core: str, province: str | None, limit: int) -> dict[str, str | int | None]:
    """The parameters of the statements; signs that LIKE reads are taken literally."""
    escaped = core.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    start = f"{escaped}%" if len(core) <= START_SIGNS else f"{core[:START_SIGNS]}"
    return {"core": core, "pattern": f"%{escaped}%", "start": start, "province": province, "limit": limit}


def _cores(text: str) -> list[str]:
    """The normalised name first, then the text as typed without spaces: half a word may look like a legal form."""
    from iindustry.standardise.names import normalise

    typed = "".join(text.lower().split())
    return list(dict.fromkeys(one for one in (normalise(text).core, typed) if one))

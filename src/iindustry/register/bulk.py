"""Loading an empty serving copy without its indexes, which are built over the loaded rows in the same transaction.

Only the tables' owner may drop an index, and publications run as a working role: two functions of the owner's do just this
and nothing else, and refuse where there is a row. Their statements stand here in full, so that nothing can be slipped in.
"""

from __future__ import annotations

from typing import NamedTuple


class Index(NamedTuple):
    """What takes an index away and what makes it again."""

    drop: str
    make: str


START_SQL = "CREATE INDEX register_search_start ON register_enterprise (left(search_text, 40) text_pattern_ops)"
"""Names by their first signs, for what a person types from the beginning."""

_SIGNS = ("0123", "4567", "89AB", "CDEF", "GHJK", "MNPQ", "RSTV")


def _shards() -> tuple[str, ...]:
    sign = "substr(enterprise_id, 6, 1)"
    told = [", ".join(f"'{one}'" for one in signs) for signs in _SIGNS]
    return (*(f"{sign} IN ({one})" for one in told), f"{sign} NOT IN ({', '.join(told)})")


SHARDS = _shards()
"""Eight conditions on an id, of which each holds for exactly one: about an eighth of the country each.

The trigrams of names stand in an index a shard. An index of trigrams is read to the end for every text asked, and a text that
many names hold is asked of one shard after the other until enough are found, mostly in the first. A query has to write the
condition as it stands here, or the index is not seen.
"""


def _trigrams(number: int) -> Index:
    name = f"register_search_text_{number}"
    made = f"CREATE INDEX {name} ON register_enterprise USING gin (search_text gin_trgm_ops) WHERE {SHARDS[number]}"
    return Index(f"DROP INDEX {name}", made)


TRIGRAMS = tuple(_trigrams(number) for number in range(len(SHARDS)))

INDEXES = (
    Index(
        "ALTER TABLE register_enterprise DROP CONSTRAINT register_one_enterprise_a_juristic_id",
        "ALTER TABLE register_enterprise ADD CONSTRAINT register_one_enterprise_a_juristic_id"
        " UNIQUE (juristic_id) DEFERRABLE INITIALLY DEFERRED",
    ),
    *TRIGRAMS,
    Index(
        "DROP INDEX register_search_start",
        START_SQL,
    ),
    Index(
        "DROP INDEX register_by_province",
        "CREATE INDEX register_by_province ON register_enterprise (province_code, enterprise_id)",
    ),
    Index("DROP INDEX register_site_of", "CREATE INDEX register_site_of ON register_establishment (enterprise_id)"),
    Index(
        "DROP INDEX register_site_factory", "CREATE INDEX register_site_factory ON register_establishment (factory_id)"
    ),
    Index("DROP INDEX register_member_of", "CREATE INDEX register_member_of ON register_member (enterprise_id)"),
    Index(
        "ALTER TABLE register_member DROP CONSTRAINT register_one_member_a_record",
        "ALTER TABLE register_member ADD CONSTRAINT register_one_member_a_record UNIQUE (source, record_key)",
    ),
)

_EMPTY = """
    IF EXISTS (SELECT 1 FROM register_enterprise) OR EXISTS (SELECT 1 FROM register_member)
       OR EXISTS (SELECT 1 FROM register_establishment) THEN
        RAISE EXCEPTION 'the serving copy holds rows';
    END IF;
"""


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $body$ BEGIN {body} END $body$"
    )


MAKE_SQL = (
    _function("register_shed_indexes", _EMPTY + "".join(f"    {one.drop};\n" for one in INDEXES)),
    _function("register_build_indexes", "".join(f"    {one.make};\n" for one in INDEXES)),
    "REVOKE ALL ON FUNCTION register_shed_indexes() FROM PUBLIC",
    "REVOKE ALL ON FUNCTION register_build_indexes() FROM PUBLIC",
)
UNDO_SQL = ("DROP FUNCTION IF EXISTS register_build_indexes()", "DROP FUNCTION IF EXISTS register_shed_indexes()")

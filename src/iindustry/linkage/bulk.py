"""Filling the empty table of look-ups without the index of its keys, which is built over the filled rows.

Only the table's owner may drop an index, and publications run as a working role: two functions of the owner's do just this
and nothing else, and the first refuses where there is a row.
"""

from __future__ import annotations

_MADE = "CREATE INDEX IF NOT EXISTS linkage_by_key ON linkage_linkkey USING gin (keys) WITH (fastupdate = on)"
_SHED = """
    IF EXISTS (SELECT 1 FROM linkage_linkkey) THEN
        RAISE EXCEPTION 'the table of look-ups holds rows';
    END IF;
    DROP INDEX IF EXISTS linkage_by_key;
"""


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $body$ BEGIN {body} END $body$"
    )


MAKE_SQL = (
    _function("linkage_shed_key_index", _SHED),
    _function("linkage_build_key_index", f"{_MADE};"),
    "REVOKE ALL ON FUNCTION linkage_shed_key_index() FROM PUBLIC",
    "REVOKE ALL ON FUNCTION linkage_build_key_index() FROM PUBLIC",
)
UNDO_SQL = ("DROP FUNCTION IF EXISTS linkage_build_key_index()", "DROP FUNCTION IF EXISTS linkage_shed_key_index()")

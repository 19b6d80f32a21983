"""The rows of protection that nobody may change or delete: versions, changes and disclosures. As SQL, safe to run again."""

from __future__ import annotations

TABLES = ("protection_agreement_change", "protection_consent_version", "protection_disclosure")

ROLES = ("ii_app", "ii_worker")


def sql() -> str:
    """One DO block: the working roles may read and add, nothing else; a role that does not exist is passed over."""
    acts = "".join(
        f"IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN\n"  # noqa: S608 - our own constants
        + "".join(
            f"  REVOKE ALL ON {table} FROM {role};\n  GRANT SELECT, INSERT ON {table} TO {role};\n" for table in TABLES
        )
        + "END IF;\n"
        for role in ROLES
    )
    return f"DO $$ BEGIN\n{acts}END $$;"


TRIGGER_SQL = """
CREATE OR REPLACE FUNCTION protection_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'kept for ever: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table}\n"
    "  FOR EACH STATEMENT EXECUTE FUNCTION protection_refuse_change();\n"
    for table in TABLES
)

UNDO_TRIGGER_SQL = (
    "".join(f"DROP TRIGGER IF EXISTS {table}_is_kept ON {table};\n" for table in TABLES)
    + "DROP FUNCTION IF EXISTS protection_refuse_change();\n"
)

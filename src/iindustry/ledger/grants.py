"""What each database role may do to the ledger's tables, as SQL that may run again and again.

Pages (`ii_app`) only add entries; the worker (`ii_worker`) also seals. Nobody but the owner of the tables may change or
delete an entry, and him the trigger stops. Run after every `migrate`, since a general grant would undo it.
"""

from __future__ import annotations

# role -> table -> rights
RIGHTS: dict[str, dict[str, str]] = {
    "ii_app": {
        "ledger_entry": "SELECT, INSERT",
        "ledger_unsealed": "SELECT, INSERT",
        "ledger_leaf": "SELECT",
        "ledger_checkpoint": "SELECT",
        "ledger_verification": "SELECT, INSERT",
    },
    "ii_worker": {
        "ledger_entry": "SELECT, INSERT",
        "ledger_unsealed": "SELECT, INSERT, DELETE",
        "ledger_leaf": "SELECT, INSERT",
        "ledger_checkpoint": "SELECT, INSERT",
        "ledger_verification": "SELECT, INSERT",
    },
}


def sql() -> str:
    """One DO block: revokes everything, grants the table above; roles that do not exist are passed over."""
    lines = []
    for role, tables in RIGHTS.items():
        acts = "".join(
            f"  REVOKE ALL ON {table} FROM {role};\n  GRANT {rights} ON {table} TO {role};\n"
            for table, rights in tables.items()
        )
        lines.append(f"IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN\n{acts}END IF;\n")  # noqa: S608 - our own table of constants
    return "DO $$ BEGIN\n" + "".join(lines) + "END $$;"


TRIGGER_SQL = """
CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_entry_is_kept BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_leaf_is_kept BEFORE UPDATE OR DELETE ON ledger_leaf
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_checkpoint_is_kept BEFORE UPDATE OR DELETE ON ledger_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_unsealed_is_kept BEFORE UPDATE ON ledger_unsealed
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
"""

UNDO_TRIGGER_SQL = """
DROP TRIGGER IF EXISTS ledger_entry_is_kept ON ledger_entry;
DROP TRIGGER IF EXISTS ledger_leaf_is_kept ON ledger_leaf;
DROP TRIGGER IF EXISTS ledger_checkpoint_is_kept ON ledger_checkpoint;
DROP TRIGGER IF EXISTS ledger_unsealed_is_kept ON ledger_unsealed;
DROP FUNCTION IF EXISTS ledger_refuse_change();
"""

"""Triggers that refuse DELETE and every UPDATE but the sealer's one, on both databases.

A migration that rebuilds ``audit_entry`` on SQLite (batch mode) drops them and must create them again; a house test
looks.
"""

from __future__ import annotations

from sqlalchemy import Connection

TRIGGERS = frozenset({"audit_entry_no_delete", "audit_entry_seal_only"})

_KEPT = ("id", "subject_kind", "subject_key", "subject_no", "kind", "actor", "at", "detail", "key_id", "mac")

_SQLITE = (
    """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    f"""CREATE TRIGGER audit_entry_seal_only BEFORE UPDATE ON audit_entry
       WHEN OLD.seq IS NOT NULL OR NEW.seq IS NULL OR {" OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in _KEPT)}
       BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
)

_POSTGRESQL = (
    """CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    """CREATE TRIGGER audit_entry_no_delete BEFORE DELETE OR TRUNCATE ON audit_entry
       FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()""",
    f"""CREATE TRIGGER audit_entry_seal_only BEFORE UPDATE ON audit_entry FOR EACH ROW
       WHEN (OLD.seq IS NOT NULL OR NEW.seq IS NULL OR {
        " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for c in _KEPT)
    }) EXECUTE FUNCTION audit_entry_refuse()""",
)


def create_triggers(connection: Connection) -> None:
    """Create both triggers in the dialect of ``connection``."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def drop_triggers(connection: Connection) -> None:
    """Drop both triggers; for a migration that rebuilds the table and creates them again."""
    for name in sorted(TRIGGERS):
        target = "" if connection.dialect.name == "sqlite" else " ON audit_entry"
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{target}")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS audit_entry_refuse()")

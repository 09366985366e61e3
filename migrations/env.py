"""Alembic's entry: runs the numbered migrations on the application's own engine.

On SQLite tables are changed in batch mode (copied), which drops their triggers: a
migration that alters a table with triggers makes them again, and a house test checks that it did.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection


def run(connection: Connection) -> None:
    """Run what was asked for on ``connection``, in one transaction where the database allows it."""
    migrate = current_app.extensions["migrate"]
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadatas[None],
        **{"compare_type": True, **migrate.configure_args, "render_as_batch": connection.dialect.name == "sqlite"},
    )
    with context.begin_transaction():
        context.run_migrations()


@contextmanager
def references_checked_last(connection: Connection) -> Iterator[None]:
    """Commit at the end. SQLite drops a table to change it, and would refuse, or delete whatever refers to its rows; so
    it looks at references when all is done.

    Raises:
        RuntimeError: something refers to a row that is not there; nothing has been changed.
    """
    if connection.dialect.name != "sqlite":
        yield
        connection.commit()
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA foreign_keys=OFF")  # means nothing once a transaction has begun
    try:
        yield
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows that refer to nothing: {broken[:20]}")
        connection.commit()
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def main() -> None:
    """Run what was asked for on a connection of the application's."""
    with current_app.extensions["migrate"].db.engine.connect() as connection, references_checked_last(connection):
        run(connection)


if context.is_offline_mode():
    raise SystemExit("Migrations read the database they change; there is no offline mode.")
main()

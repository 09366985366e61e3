"""The numbered migrations, on both databases: one line, equal to the models, and the audit log stays shut."""

import re
from contextlib import contextmanager

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from grants import audit
from grants.db import Base, db, uuid7, writing
from grants.eligibility.queries import latest_findings
from grants.eligibility.services import decide, overrule_finding
from grants.eligibility.states import Outcome, PersonVerdict
from grants.factory import create_app
from grants.kernel.actor import Role
from tests.factories.accounts import actor_of, make_staff
from tests.factories.calls import NOON
from tests.factories.eligibility import make_checked
from tests.support.databases import MIGRATIONS, dispose, make_settings

TRIGGERS_OF = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgenabled = 'O'",
}


@pytest.fixture
def scripts():
    return ScriptDirectory(str(MIGRATIONS))


@pytest.fixture
def connect(databases, database_kind, worker_id, request):
    """Open a database of this test's own, migrated or empty."""

    @contextmanager
    def connect(*, empty=False):
        name = f"{request.node.originalname[:30]}_{worker_id}"
        url = databases.empty(database_kind, name) if empty else databases.copy(database_kind, name)
        app = create_app(make_settings(url, databases.folder / "data" / name / database_kind))
        try:
            with app.app_context():
                yield db.engine
        finally:
            dispose(app)

    return connect


def test_migrations_are_numbered_without_gap_and_named_after_their_revision(scripts):
    names = sorted(file.stem for file in (MIGRATIONS / "versions").glob("*.py"))

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)+", name) for name in names)
    assert [script.revision for script in reversed(list(scripts.walk_revisions()))] == names


def test_there_is_one_head(scripts):
    assert len(scripts.get_heads()) == 1


def test_every_migration_says_what_it_locks(scripts):
    silent = [script.revision for script in scripts.walk_revisions() if "Locks:" not in (script.module.__doc__ or "")]

    assert silent == []


def test_migrations_lead_to_the_models(connect):
    with connect() as engine, engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_check_constraints_of_the_models_are_in_the_database(connect):
    with connect() as engine:
        inspector = inspect(engine)
        missing = {
            (table.name, constraint.name)
            for table in Base.metadata.sorted_tables
            for constraint in table.constraints
            if constraint.__visit_name__ in {"check_constraint", "table_or_column_check_constraint"}
            and constraint.name not in {found["name"] for found in inspector.get_check_constraints(table.name)}
        }

    assert missing == set()


def test_the_audit_triggers_stand_after_the_last_migration(connect):
    with connect() as engine, engine.connect() as connection:
        found = set(connection.execute(text(TRIGGERS_OF[engine.dialect.name])).scalars())

    assert found >= audit.TRIGGERS


def test_every_migration_can_be_taken_back(connect):
    with connect(empty=True) as engine:
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")

        assert set(inspect(engine).get_table_names()) <= {"alembic_version"}

        flask_migrate.upgrade(directory=str(MIGRATIONS))
        assert "audit_entry" in inspect(engine).get_table_names()


def test_files_that_were_there_before_scans_count_as_clean(connect):
    with connect(empty=True) as engine:
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision="0011_create_extensions")
        with engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO stored_file (id, sha256, name, content_type, size_bytes, uploaded_by, uploaded_at)"
                    f" VALUES ('{uuid7().hex}', '{'0' * 64}', 'a.pdf', 'application/pdf', 1, 'x', '2026-03-01 00:00')"
                )
            )
        flask_migrate.upgrade(directory=str(MIGRATIONS))

        with engine.connect() as connection:
            file = connection.execute(text("SELECT scan_state, scanned_at = uploaded_at FROM stored_file")).one()
    assert (file[0], bool(file[1])) == ("clean", True)


def test_decisions_and_their_notices_outlive_the_copy_of_their_table(connect):
    with connect() as engine:
        with writing() as session:
            officer = actor_of(session, make_staff(session, Role.OFFICER))
            for outcome in (Outcome.REJECT, Outcome.ACCEPT):
                application = make_checked(session)
                finding = next(one for one in latest_findings(session, application) if one.rule == "SBC-05")
                word = {"verdict": PersonVerdict.FAIL, "reason": "不在本市", "clause": finding.clause}
                overrule_finding(session, application, finding_id=finding.id, **word, actor=officer, now=NOON)
                given = {"reason": "已核原件", "rule": "SBC-05", "actor": officer, "now": NOON}
                decide(session, application, outcome=outcome, **given)
        db.session.remove()
        before = {table: rows_of(engine, table) for table in ("formal_notice", "finding_overrule")}
        db.engine.dispose()

        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0029_create_formal_notices")
        flask_migrate.upgrade(directory=str(MIGRATIONS))

        assert {table: rows_of(engine, table) for table in before} == before
        assert len(rows_of(engine, "formal_decision")) == 2
        assert any(row["decision_id"] for row in before["finding_overrule"])


def test_data_outlive_whatever_is_copied(connect):
    """SQLite drops a table to change it; what refers to its rows must be there afterwards."""
    with connect() as engine:
        with writing() as session:
            make_checked(session)
        db.session.remove()
        tables = ("programme", "definition_version", "call", "application", "revision", "claim", "eligibility_run")
        before = {table: len(rows_of(engine, table)) for table in tables}
        db.engine.dispose()

        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0022_create_profiles")
        flask_migrate.upgrade(directory=str(MIGRATIONS))

        assert {table: len(rows_of(engine, table)) for table in tables} == before
        assert all(before.values())


def rows_of(engine, table):
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY 1")).mappings()]

"""Profiles that were kept in one column keep every value when they become rows, and back."""

from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import flask_migrate
import pytest
from sqlalchemy import text

from grants.db import db
from grants.factory import create_app
from tests.support.databases import MIGRATIONS, dispose, make_settings

PROFILE = (
    '{"employees": 120, "legal_rep": "张示例", "empty": null, "tags": ["甲", "乙"], '
    '"years": [{"id": "2024", "revenue": 1, "profit": null}, {"id": "2025", "revenue": 2}]}'
)


@pytest.fixture
def engine(databases, database_kind, worker_id):
    """A database just before profiles had rows of their own."""
    name = f"profiles_{worker_id}"
    app = create_app(make_settings(databases.empty(database_kind, name), databases.folder / "data" / name))
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision="0021_create_file_preview")
        yield db.engine
        dispose(app)


@contextmanager
def at(engine):
    with engine.connect() as connection:
        yield connection
        connection.commit()


def test_every_value_moves_and_comes_back(engine):
    with at(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO organisation (id, uscc, name, profile, created_at) "
                "VALUES (:id, 'X', '示例', :profile, :at)"
            ),
            {
                "id": uuid4().hex if engine.dialect.name == "sqlite" else uuid4(),
                "profile": PROFILE,
                "at": datetime(2026, 1, 5, tzinfo=UTC),
            },
        )

    flask_migrate.upgrade(directory=str(MIGRATIONS))

    with at(engine) as connection:
        rows = connection.execute(text("SELECT field_key, row_id, value FROM profile_value")).fetchall()
        assert {(path, row): str(value) for path, row, value in rows}.keys() == {
            ("org.employees", ""),
            ("org.legal_rep", ""),
            ("org.tags", ""),
            ("org.years", ""),
            ("org.years.revenue", "2024"),
            ("org.years.revenue", "2025"),
        }

    flask_migrate.downgrade(directory=str(MIGRATIONS), revision="0021_create_file_preview")

    with at(engine) as connection:
        kept = connection.execute(text("SELECT profile FROM organisation")).scalar_one()
        assert "张示例" in str(kept) or "\\u5f20" in str(kept)
        assert "2024" in str(kept)

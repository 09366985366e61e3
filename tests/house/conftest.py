"""One application for all questions about its structure; it asks no database."""

import pytest
from flask import Flask

from grants.factory import create_app
from tests.support.databases import Databases, dispose, make_settings


@pytest.fixture(scope="module")
def structure(databases: Databases, worker_id: str):
    """The application as the factory makes it."""
    folder = databases.folder / "structure" / worker_id
    app: Flask = create_app(make_settings(f"sqlite:///{folder}/unused.sqlite3", folder))
    yield app
    dispose(app)

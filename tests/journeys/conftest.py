"""Journeys over HTTP: the pages and their forms, workers in line, one savepoint per test."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support.walking.worlds import HttpWorld


@pytest.fixture
def world(app: Flask, session: Session) -> HttpWorld:
    """This process, its database, and a browser without JavaScript for everybody."""
    return HttpWorld(app, session)

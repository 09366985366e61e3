"""The demonstration's own fixtures."""

from tests.support.demonstration import demo_app, demo_apps, demo_database

__all__ = ["demo_app", "demo_apps", "demo_database"]

"""A browser for tests: every request runs in a context of its own, as on a server.

The fixture ``session`` keeps an application context open, and Flask would serve requests inside it: whoever was signed
in for one request (``g``) would still be so in the next.
"""

from contextvars import Context
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Browser(FlaskClient):
    """Flask's test client without any context from outside."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return Context().run(super().open, *args, **kwargs)

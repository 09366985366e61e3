"""A browser for tests: every request runs in a context of its own, as on a server, and every form carries its token.

The fixture ``session`` keeps an application context open, and Flask would serve requests inside it: whoever was signed
in for one request (``g``) would still be so in the next. ``Browser(...).forging()`` posts without the token.
"""

from contextvars import Context
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

RAW_TOKEN = "0123456789abcdef0123456789abcdef01234567"


class Browser(FlaskClient):
    """Flask's test client without any context from outside."""

    sends_token = True

    def forging(self) -> "Browser":
        """The same browser as another site would use it: its forms have no token."""
        self.sends_token = False
        return self

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.sends_token and kwargs.get("method") in {"POST", "PUT", "PATCH", "DELETE"}:
            kwargs["headers"] = {
                "X-CSRFToken": self.token(),
                "Referer": "http://localhost/",
                **kwargs.get("headers", {}),
            }
        return Context().run(super().open, *args, **kwargs)

    def token(self) -> str:
        """The token that this browser's forms carry."""
        with self.session_transaction() as kept:
            kept.setdefault("csrf_token", RAW_TOKEN)
            raw = kept["csrf_token"]
        signed = URLSafeTimedSerializer(self.application.secret_key or "", salt="wtf-csrf-token").dumps(raw)
        return signed if isinstance(signed, str) else signed.decode()

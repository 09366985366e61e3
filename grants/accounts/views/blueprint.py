"""The blueprint, and what an application takes from it at installation."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Flask, g
from flask.blueprints import BlueprintSetupState
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy.exc import SQLAlchemyError

from grants.accounts import presenters, services
from grants.config import Settings
from grants.db import db
from grants.notifications import count_unread
from grants.web.guards import current_actor

REGISTRATIONS = "20 per hour"  # from one address; a business park may share one
INVITATIONS = "60 per hour"
TOKENS = "120 per hour"  # looking at what a mail's link leads to

bp = Blueprint("accounts", __name__)
limiter = Limiter(get_remote_address, headers_enabled=False, swallow_errors=True, in_memory_fallback_enabled=True)


@bp.record
def install(state: BlueprintSetupState) -> None:
    """Hashing and rate limits as this installation's settings say."""
    settings: Settings = state.app.extensions["settings"]
    if settings.mode == "test":
        services.use_cheap_parameters()
    install_limiter(cast(Flask, state.app), settings.broker_url)


def install_limiter(app: Flask, broker_url: str) -> None:
    """Count in Redis where the broker is one, so that all processes count together; in memory otherwise and while
    it is down."""
    app.config["RATELIMIT_STORAGE_URI"] = storage_uri(broker_url)
    app.config["RATELIMIT_IN_MEMORY_FALLBACK"] = [REGISTRATIONS]
    if app.config["RATELIMIT_STORAGE_URI"].startswith("redis"):
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 1, "socket_timeout": 1}
    limiter.init_app(app)


def storage_uri(broker_url: str) -> str:
    """The limiter's form of the broker's address; Celery writes ``redis+socket:///path?virtual_host=0``."""
    parts = urlsplit(broker_url)
    if parts.scheme in {"redis", "rediss"}:
        return broker_url
    if parts.scheme == "redis+socket":
        number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
        return f"redis+unix://{parts.path}?db={number}"
    return "memory://"


class UnreadCount:
    """The number of unread items, asked for once and only when a page shows it."""

    @property
    def number(self) -> int:
        if "unread_count" not in g:
            g.unread_count = self._count()
        return int(g.unread_count)

    def _count(self) -> int:
        person_id = current_actor().person_id
        try:
            return 0 if person_id is None else count_unread(db.session(), person_id)
        except SQLAlchemyError:  # an error page is shown even while the database is away
            return 0

    def __bool__(self) -> bool:
        return self.number > 0

    def __int__(self) -> int:
        return self.number

    def __str__(self) -> str:
        return str(self.number)


@bp.app_context_processor
def account_context() -> dict[str, Any]:
    """What the layouts show of the person beside ``grants.web.navigation``."""
    return {
        "unread_count": UnreadCount(),
        "own_layout": presenters.layout_of(current_actor()),
    }

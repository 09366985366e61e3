"""The blueprint that the pages of calls hang on, and its rate limit."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

PRECHECKS = "30 per minute; 600 per hour"  # from one address; a business park may share one
TOKENLESS = "grants.calls.views.precheck.precheck"  # changes nothing, so it need not know who sent the form

bp = Blueprint("calls", __name__)
limiter = Limiter(
    get_remote_address,
    headers_enabled=False,
    swallow_errors=True,
    in_memory_fallback=[PRECHECKS],
    in_memory_fallback_enabled=True,
)


@bp.record
def install(state: BlueprintSetupState) -> None:
    """Count where the sign-in's limits are counted: Redis where the broker is one, memory otherwise."""
    app = cast(Flask, state.app)
    app.config.setdefault("RATELIMIT_STORAGE_URI", "memory://")
    limiter.init_app(app)
    app.extensions["csrf"].exempt(TOKENLESS)

"""What machines ask: alive, ready, how much."""

from __future__ import annotations

import hmac

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from grants.config import Settings
from grants.db import db, transactional
from grants.kernel.clock import real_now, utc_now
from grants.kernel.errors import ForbiddenError
from grants.ops import health
from grants.ops.metrics import exposition
from grants.ops.views.blueprint import bp
from grants.web.guards import public


@bp.route("/healthz")
@public
@transactional
def healthz() -> ResponseReturnValue:
    """This process answers; nothing else is looked at."""
    return {"status": "ok"}


@bp.route("/readyz")
@public
@transactional
def readyz() -> ResponseReturnValue:
    """Every part, and 503 with the failing ones named; one that people can apply without is named and no more."""
    broker_url = current_app.extensions["settings"].broker_url
    parts = health.readiness(db.session(), broker_url=broker_url, real_now=real_now())
    failing = [part.name for part in parts if not part.is_ok and part.is_vital]
    answer = {
        "status": "failing" if failing else "ok",
        "failing": failing,
        "degraded": [part.name for part in parts if not part.is_ok and not part.is_vital],
        "parts": {part.name: {"ok": part.is_ok, "note": part.note} for part in parts},
    }
    return answer, 503 if failing else 200


@bp.route("/metrics")
@public
@transactional
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus; in production, or where a token is set, only for who brings it."""
    if not _may_scrape(current_app.extensions["settings"]):
        raise ForbiddenError("not_open")
    figures = exposition(db.session(), now=utc_now(), real_now=real_now())
    return Response(figures, content_type=CONTENT_TYPE_LATEST)


def _may_scrape(settings: Settings) -> bool:
    if not settings.metrics_token:
        return not settings.is_production
    brought = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return hmac.compare_digest(brought.encode(), settings.metrics_token.encode())

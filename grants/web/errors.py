"""Errors at the edge: one table maps an error to an answer; refusals that matter are audited after the rollback.

Whoever accepts JSON and no HTML gets ``{"code", "message"}`` instead of a page, with the same sentences; where nobody
is signed in the status is 401, and ``sign_in`` says where to.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from grants import audit
from grants.db import undo_and_read, writing
from grants.kernel.clock import utc_now
from grants.kernel.errors import DomainError, ForbiddenError
from grants.web.guards import current_actor, wants_json
from grants.web.wording import reason_text

STATUS = {"conflict": 409, "forbidden": 403, "missing": 404, "invalid": 422}
PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})
CODES = {404: "not_found", 413: "too_large", 429: "too_often", 503: "unavailable"}  # of what the framework refuses


def install_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(HTTPException, show_http_error)


def show_domain_error(error: DomainError) -> ResponseReturnValue:
    """The page for a refused step; the request's transaction is rolled back first."""
    undo_and_read()
    if isinstance(error, ForbiddenError) and request.method == "POST":
        _audit_refusal(error)
    if wants_json():
        return _told(STATUS[error.status], error.code, error.facts)
    return _page(STATUS[error.status], reason_text(error.code, error.facts), error.code)


def show_csrf_error(error: CSRFError) -> ResponseReturnValue:
    """A form whose token is old or missing: nothing was done, and the way back keeps what was typed."""
    undo_and_read()
    if wants_json():
        return _told(400, "signed_out" if current_actor().is_anonymous else "form_expired")
    return _page(400, str(current_app.extensions["reasons"]["signed_out"]), "form_expired")


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """The page for what the framework refuses: no such address, too large, too often, broken."""
    if error.code is None or error.code < 400:
        return error
    undo_and_read()
    if wants_json():
        return _told(error.code, CODES.get(error.code, "server_error" if error.code >= 500 else "invalid"))
    return _page(error.code, "", str(error.code))


def _told(status: int, code: str, facts: Mapping[str, object] | None = None) -> ResponseReturnValue:
    """The answer for a script."""
    told = {"code": code, "message": reason_text(code, facts)}
    if code != "signed_out":
        return jsonify(told), status
    return jsonify({**told, "sign_in": url_for("accounts.sign_in")}), 401


def _page(status: int, reason: str, code: str) -> ResponseReturnValue:
    name = status if status in PAGES else (400 if status < 500 else 500)
    return render_template(f"errors/{name}.html", reason=reason, code=code, status=status), status


def _audit_refusal(error: ForbiddenError) -> None:
    """Late submissions, conflicts of interest and the like leave a trace though nothing else of the request does."""
    actor = current_actor()
    if actor.person_id is None:
        return
    detail = {"code": error.code, "endpoint": request.endpoint, "path": _path_without_token(), "facts": error.facts}
    with writing() as session:
        audit.record(session, actor, "request.refused", ("person", actor.person_id), at=utc_now(), detail=detail)


def _path_without_token() -> str:
    """Which address was asked for; of a key that came by mail only that there was one, for the log is read by many."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(token, "…") if token else request.path

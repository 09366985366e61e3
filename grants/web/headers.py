"""Security headers on every answer. Nothing loads from elsewhere; no inline script or style."""

from __future__ import annotations

from flask import Response, current_app, request

from grants.web.guards import access_of

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",  # Bootstrap draws check marks and arrows from data: images
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
ONE_YEAR_S = 31_536_000


def add_headers(response: Response) -> Response:
    """Set what is not set yet; what only some may see is kept by no cache, whatever its view or file says."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR_S}")
    if is_for_some():
        response.headers["Cache-Control"] = "private, no-store"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def is_for_some() -> bool:
    """Whether the address asked for serves signed-in people only."""
    access = access_of(current_app, request.endpoint) if request.endpoint else None
    return access is not None and not access.anybody

"""Access to endpoints: denied unless a view says whom it serves.

``requires(*roles)`` and ``public`` mark a view; ``check_access`` runs before every request and refuses whatever is
unmarked. Which *records* an actor may see is a matter of each stage's policies and queries, never of this module.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from grants.kernel.actor import ANONYMOUS, Actor, Role
from grants.kernel.errors import ForbiddenError

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Whom an endpoint serves: anybody, anybody signed in, or the holders of ``roles``."""

    roles: frozenset[Role] = frozenset()
    anybody: bool = False

    def admits(self, actor: Actor) -> bool:
        return self.anybody or (not actor.is_anonymous and (not self.roles or actor.has(*self.roles)))


def requires(*roles: Role) -> Callable[[View], View]:
    """Serve only actors with one of ``roles``; without roles, anybody signed in."""

    def mark(view: View) -> View:
        view.access = Access(frozenset(roles))  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Serve everybody."""
    view.access = Access(anybody=True)  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor:
    """Who acts in this request; ANONYMOUS when nobody is signed in."""
    if "actor" not in g:
        g.actor = getattr(current_user, "actor", ANONYMOUS)
    actor: Actor = g.actor
    return actor


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the endpoint's view is marked with; static files are public."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return Access(anybody=True)
    return getattr(app.view_functions[endpoint], "access", None)


def may_open(endpoint: str) -> bool:
    """Whether the endpoint serves whoever asks now: for links that not every reader of a page may follow."""
    access = access_of(current_app, endpoint)
    return access is not None and access.admits(current_actor())


def wants_json() -> bool:
    """Whether a script asks, which could do nothing with a page: it accepts JSON and no HTML."""
    return request.accept_mimetypes.accept_json and not request.accept_mimetypes.accept_html


def check_access() -> ResponseReturnValue | None:
    """Before every request: let through, send to sign-in, or refuse; a script is refused rather than sent."""
    if request.endpoint is None:
        return None  # no such address: the router answers 404
    access = access_of(current_app, request.endpoint)
    if access is None:
        raise ForbiddenError("not_open")
    if access.anybody or access.admits(current_actor()):
        return None
    if not current_actor().is_anonymous:
        raise ForbiddenError("role_missing")
    if request.method in {"GET", "HEAD"} and not wants_json():
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
    raise ForbiddenError("signed_out")

"""Forgotten passwords."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts import services
from grants.accounts.errors import AskedTooOftenError, HashingBusyError, ResetLinkError
from grants.accounts.forms import ForgottenForm, ResetPasswordForm
from grants.accounts.views.blueprint import TOKENS, bp, limiter
from grants.db import db, reading, transactional
from grants.kernel.clock import real_now
from grants.web.guards import public


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose password it is, free of the database."""

    email: str
    name: str


@bp.route("/forgotten", methods=["GET", "POST"])
@public
@transactional
def forgotten() -> ResponseReturnValue:
    """Ask for a link; the answer never tells whether the address has an account."""
    form, status = ForgottenForm(), 200
    if form.validate_on_submit():
        try:
            services.ask_for_reset(
                db.session(), email=form.email.data or "", source=request.remote_addr or "", now=real_now()
            )
        except AskedTooOftenError as error:
            form.show(error)
            status = 429
        else:
            return redirect(url_for("accounts.forgotten_sent"), 303)
    return render_template("accounts/forgotten.html", form=form), 422 if form.errors and status == 200 else status


@bp.route("/forgotten/sent")
@public
@transactional
def forgotten_sent() -> ResponseReturnValue:
    """What happens next."""
    return render_template("accounts/forgotten_sent.html")


@bp.route("/forgotten/<token>", methods=["GET", "POST"])
@limiter.limit(TOKENS)
@public
@transactional
def reset_password(token: str) -> ResponseReturnValue:
    """Set another password. Hashing takes its time, so the link is looked at before, and again afterwards."""
    owner = _owner(token)
    if owner is None:
        return render_template("accounts/reset_link_over.html"), 404
    form = ResetPasswordForm(email=owner.email, name=owner.name)
    if form.validate_on_submit():
        try:
            new_hash = services.hash_password(form.new_password.data or "")
            services.reset_password(db.session(), token, new_hash=new_hash, now=real_now())
        except (HashingBusyError, ResetLinkError) as error:
            form.show(error)
        else:
            flash(_("新密码已生效，请登录。"), "success")
            return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/reset_password.html", form=form, owner=owner), 422 if form.errors else 200


def _owner(token: str) -> Owner | None:
    with reading() as session:
        try:
            person = services.owner_of_link(session, token, now=real_now())
        except ResetLinkError:
            return None
        return Owner(person.email, person.name)

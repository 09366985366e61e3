"""Signing in and out, the account page, the password."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from grants.accounts import queries, services
from grants.accounts.domain import LOCK_WINDOW, safe_path
from grants.accounts.errors import HashingBusyError, LockedOutError, SignInRefusedError
from grants.accounts.forms import ChangePasswordForm, SignInForm
from grants.accounts.models import Person
from grants.accounts.presenters import LEVELS, ROLES, device_words, home_url, scope_label
from grants.accounts.queries import SignedIn
from grants.accounts.views.blueprint import bp
from grants.db import db, transactional, writing
from grants.kernel.clock import SHANGHAI, real_now, utc_now
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, public, requires
from grants.web.wording import reason_text

MINUTES = int(LOCK_WINDOW.total_seconds() // 60)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
@transactional
def sign_in() -> ResponseReturnValue:
    """One entry for all sides; leads to ``next`` or to the person's own side."""
    if not current_actor().is_anonymous:
        return redirect(home_url(current_actor()), 303)
    form, status = SignInForm(), 200
    if form.validate_on_submit():
        try:
            signed_in = _enter(form)
        except (SignInRefusedError, LockedOutError, HashingBusyError) as error:
            status = _show(form, error)
        else:
            return redirect(safe_path(request.args.get("next")) or home_url(signed_in.actor), 303)
    return render_template("accounts/sign_in.html", form=form), 422 if form.errors and status == 200 else status


@bp.post("/sign-out")
@requires()
@transactional
def sign_out() -> ResponseReturnValue:
    """End this browser's session; a copy of its cookie is worth nothing from now on."""
    services.sign_out(db.session(), current_user.session_id)
    _forget_session()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.route("/sign-out/everywhere", methods=["GET", "POST"])
@requires()
@transactional
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of the person, after asking."""
    form = ActionForm()
    if form.validate_on_submit():
        services.end_sessions(db.session(), _own_person(), actor=current_actor(), now=utc_now())
        _forget_session()
        flash(_("已在所有设备上退出登录。"), "success")
        return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/sign_out_everywhere.html", form=form)


@bp.route("/account")
@requires()
@transactional
def account() -> ResponseReturnValue:
    """The person's own entries: name, address, roles, units; and where they are signed in."""
    person = _own_person()
    return render_template(
        "accounts/account.html",
        person=person,
        roles=ROLES,
        levels=LEVELS,
        scope_label=scope_label,
        sessions=[(one, device_words(one.device)) for one in queries.list_sessions(db.session(), person.id)],
        here=current_user.session_id,
    )


@bp.post("/account/sessions/<uuid:session_id>/end")
@requires()
@transactional
def end_session(session_id: UUID) -> ResponseReturnValue:
    """Sign oneself out at another browser."""
    ended = queries.get_session(db.session(), session_id, _own_person().id)
    services.end_session(db.session(), ended, actor=current_actor(), now=utc_now())
    flash(_("该设备上的登录已失效。"), "success")
    return redirect(url_for("accounts.account"), 303)


@bp.route("/account/password", methods=["GET", "POST"])
@requires()
@transactional
def change_password() -> ResponseReturnValue:
    """A new password ends every other session; this one goes on."""
    person, status = _own_person(), 200
    form = ChangePasswordForm(email=person.email, name=person.name)
    if form.validate_on_submit():
        try:
            _change(form, person.email)
        except (SignInRefusedError, LockedOutError, HashingBusyError) as error:
            status = _show(form, error)
        else:
            flash(_("密码已更改，其他设备上的登录均已失效。"), "success")
            return redirect(url_for("accounts.account"), 303)
    return render_template("accounts/change_password.html", form=form), 422 if form.errors and status == 200 else status


def _enter(form: SignInForm) -> SignedIn:
    attempt, fits, better_hash = _check(form.email.data or "", form.password.data or "")
    person = services.admit(db.session(), attempt, fits=fits, better_hash=better_hash, now=utc_now())
    return start_session(person)


def _change(form: ChangePasswordForm, email: str) -> None:
    actor, now = current_actor(), utc_now()
    attempt, fits, better_hash = _check(email, form.password.data or "")
    new_hash = services.hash_password(form.new_password.data or "") if fits else ""
    person = services.confirm(db.session(), attempt, fits=fits, better_hash=better_hash)
    services.change_password(db.session(), person, new_hash=new_hash, actor=actor, now=now)
    start_session(person)


def _check(email: str, password: str) -> tuple[services.Attempt, bool, str | None]:
    """Count the attempt in a short transaction of its own, then look at the password in none: hashing is slow on
    purpose."""
    with writing() as counting:
        attempt = services.open_attempt(counting, email=email, source=request.remote_addr or "", now=real_now())
    try:
        fits, better_hash = services.check_password(password, attempt.password_hash)
    except HashingBusyError:
        with writing() as counting:
            services.withdraw_attempt(counting, attempt)
        raise
    return attempt, fits, better_hash


def start_session(person: Person) -> SignedIn:
    """Begin from nothing: what an earlier visitor of this browser left in the cookie is dropped."""
    begun = services.begin_session(db.session(), person, device=request.user_agent.string, now=real_now())
    signed_in = queries.signed_in(person, begun)
    session.clear()
    session.permanent = True
    login_user(signed_in)
    return signed_in


def _forget_session() -> None:
    logout_user()
    session.clear()


def _own_person() -> Person:
    person_id = current_actor().person_id
    assert person_id is not None, "the guard lets people in only"
    return queries.get_person(db.session(), person_id)


def _show(form: SignInForm | ChangePasswordForm, error: SignInRefusedError | LockedOutError | HashingBusyError) -> int:
    """Put the refusal at the password; returns the answer's status."""
    db.session.rollback()
    form.password.errors = [_sentence(error)]
    return {LockedOutError: 429, HashingBusyError: 503}.get(type(error), 422)


def _sentence(error: SignInRefusedError | LockedOutError | HashingBusyError) -> str:
    if isinstance(error, LockedOutError):
        until = datetime.fromisoformat(str(error.facts["until"])).astimezone(SHANGHAI)
        return _("登录失败次数过多，为保护账号已暂停登录。请在 %(time)s 之后再试。", time=f"{until:%H:%M:%S}")
    if isinstance(error, SignInRefusedError) and error.facts["left"] == 0:
        return _("邮箱或密码不正确。登录已暂停 %(minutes)s 分钟，请届时再试。", minutes=MINUTES)
    if isinstance(error, SignInRefusedError):
        facts = {"left": error.facts["left"], "minutes": MINUTES}
        return _("邮箱或密码不正确。再错 %(left)s 次，将暂停登录 %(minutes)s 分钟。", **facts)
    return reason_text(error.code)

"""The demonstration clock (decision 14)."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import real_now, utc_now
from grants.kernel.errors import ForbiddenError, InvalidError
from grants.ops import services
from grants.ops.forms import SetClockForm
from grants.ops.presenters import offset_words
from grants.ops.views.blueprint import bp
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}


@bp.route("/staff/clock", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def clock() -> ResponseReturnValue:
    """Show the clock; set it to a given instant."""
    _require_movable()
    form = SetClockForm()
    if form.validate_on_submit():
        try:
            _move(form.instant() - real_now())
        except InvalidError as error:
            form.show(error)
        else:
            return redirect(url_for("ops.clock"), 303)
    offset = g.clock_offset
    return render_template(
        "ops/clock.html", form=form, offset=offset, words=offset_words(offset), now=utc_now(), real=real_now()
    )


@bp.route("/staff/clock/step", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def clock_step() -> ResponseReturnValue:
    """Move on by an hour, a day or a week; or back to real time."""
    _require_movable()
    if ActionForm().validate_on_submit():
        step = STEPS.get(request.form.get("step", ""))
        _move(g.clock_offset + step if step else timedelta(0))
    return redirect(url_for("ops.clock"), 303)


def _move(offset: timedelta) -> None:
    services.move_clock(db.session(), offset, clock_can_move=_can_move(), actor=current_actor(), now=utc_now())


def _can_move() -> bool:
    return bool(current_app.extensions["settings"].clock_can_move)


def _require_movable() -> None:
    if not _can_move():
        raise ForbiddenError("clock_fixed")

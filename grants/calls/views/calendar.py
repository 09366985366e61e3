"""The calendar of working days, kept by administrators."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.calls import forms, queries, services
from grants.calls.views.blueprint import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import DomainError, InvalidError, NotFoundError
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/staff/calls/calendar", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def manage_calendar() -> ResponseReturnValue:
    """One year's exceptions, and the form that enters a day."""
    form = forms.WorkingDayForm()
    if form.validate_on_submit():
        given: dict[str, Any] = form.data
        try:
            services.set_working_day(
                db.session(),
                given["day"],
                is_working=given["is_working"],
                note=(given["note"] or "").strip(),
                actor=current_actor(),
                now=utc_now(),
            )
        except InvalidError as error:
            form.show(error)
        else:
            return redirect(url_for("calls.manage_calendar", year=given["day"].year), 303)
    return _page(form)


@bp.route("/staff/calls/calendar/years", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def manage_calendar_year() -> ResponseReturnValue:
    """Add a year."""
    form = forms.YearForm()
    if form.validate_on_submit():
        year: Any = form.year.data
        try:
            services.add_year(db.session(), year, actor=current_actor(), now=utc_now())
        except DomainError as error:
            form.show(error)
        else:
            flash(_("已添加 %(year)s 年，暂按周末放假计算，请录入节假日安排。", year=year), "ok")
            return redirect(url_for("calls.manage_calendar", year=year), 303)
    return _page(forms.WorkingDayForm(formdata=None), years_form=form)


@bp.route("/staff/calls/calendar/<int:year>/settle", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def manage_calendar_settle(year: int) -> ResponseReturnValue:
    """Say that a year's holidays are settled, or provisional again."""
    form = forms.SettleForm()
    provisional = form.provisional.data == "yes"
    if form.validate_on_submit():
        services.settle_year(db.session(), year, provisional=provisional, actor=current_actor(), now=utc_now())
    return redirect(url_for("calls.manage_calendar", year=year), 303)


@bp.route("/staff/calls/calendar/days/<day>/clear", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def manage_calendar_clear(day: str) -> ResponseReturnValue:
    """Take an entered day back."""
    entered = _day(day)
    if ActionForm().validate_on_submit():
        services.clear_working_day(db.session(), entered, actor=current_actor(), now=utc_now())
    return redirect(url_for("calls.manage_calendar", year=entered.year), 303)


def _page(form: forms.WorkingDayForm, years_form: forms.YearForm | None = None) -> str:
    session = db.session()
    entered_years = {row.year: row.provisional for row in queries.list_working_years(session)}
    years = sorted({year for year in queries.published_years() if year >= services.FIRST_YEAR} | set(entered_years))
    year = request.args.get("year", queries.current_year(utc_now()), type=int)
    if year not in years:
        year = years[-1]
    overrides = {row.day: row for row in queries.list_overrides(session, year)}
    published = [(day, working) for day, working in queries.list_published_days(year) if day not in overrides]
    return render_template(
        "calls/manage_calendar.html",
        form=form,
        years_form=years_form or forms.YearForm(formdata=None),
        action_form=ActionForm(formdata=None),
        years=years,
        year=year,
        provisional=entered_years.get(year),
        overrides=overrides.values(),
        published=published,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFoundError(day=text[:20]) from None

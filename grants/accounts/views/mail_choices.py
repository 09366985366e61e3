"""How a person wants to be told by mail."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants import notifications
from grants.accounts.forms import MailChoicesForm
from grants.accounts.queries import get_person
from grants.accounts.views.blueprint import bp
from grants.db import db, transactional
from grants.kernel.actor import STAFF_ROLES, Role
from grants.kernel.errors import ForbiddenError
from grants.notifications import Theme
from grants.web.guards import current_actor, requires


@bp.route("/account/mail", methods=["GET", "POST"])
@requires()
@transactional
def mail_choices() -> ResponseReturnValue:
    """Choose, theme by theme, between mails at once, one a day, or none; say whether the address works."""
    person_id = current_actor().person_id
    if person_id is None:
        raise ForbiddenError("signed_out")
    person = get_person(db.session(), person_id)
    chosen = notifications.choices_of(db.session(), person_id)
    form = MailChoicesForm(data={theme.value: manner.value for theme, manner in chosen.items()})
    form.keep(_themes())
    if form.validate_on_submit():
        notifications.choose(db.session(), person_id, form.choices())
        flash(_("已保存。"), "ok")
        return redirect(url_for("accounts.mail_choices"), 303)
    failing = notifications.failing_addresses(db.session(), [person.email]).get(person.email)
    return render_template("accounts/mail_choices.html", form=form, person=person, failing=failing)


def _themes() -> frozenset[Theme]:
    """What is told to somebody of this side at all, besides what is always mailed."""
    actor = current_actor()
    if actor.has(Role.ENTERPRISE):
        return frozenset({Theme.CASE, Theme.COLLEAGUES, Theme.REMINDERS})
    return frozenset({Theme.OFFICE}) if actor.has(*STAFF_ROLES) else frozenset()

"""People and what they may do, for administrators."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts import policies, queries, services
from grants.accounts.errors import RoleConflictError
from grants.accounts.forms import GrantRoleForm
from grants.accounts.models import Person
from grants.accounts.presenters import LEVELS, ROLES, scope_label
from grants.accounts.views.blueprint import bp
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError, NotFoundError
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires

SEARCH_LENGTH = 100


@bp.route("/staff/people")
@requires(Role.ADMINISTRATOR)
@transactional
def list_people() -> ResponseReturnValue:
    """Everybody, searched by the beginning of name or e-mail."""
    search = request.args.get("q", "").strip()[:SEARCH_LENGTH]
    page = queries.list_people(
        db.session(), search=search, after=request.args.get("after"), before=request.args.get("before")
    )
    return render_template("accounts/list_people.html", page=page, search=search, roles=ROLES, scope_label=scope_label)


@bp.route("/staff/people/<uuid:person_id>", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def person(person_id: UUID) -> ResponseReturnValue:
    """One person: entries, units, roles, and another role to grant."""
    somebody = queries.get_person(db.session(), person_id)
    form = GrantRoleForm()
    if form.validate_on_submit():
        try:
            _grant(form, somebody)
        except (InvalidError, RoleConflictError) as error:
            db.session.rollback()
            form.show(error)
            somebody = queries.get_person(db.session(), person_id)
        else:
            flash(_("已授予角色，立即生效。"), "success")
            return redirect(url_for("accounts.person", person_id=person_id), 303)
    return render_template(
        "accounts/person.html",
        person=somebody,
        form=form,
        verdict=policies.may_manage_roles(current_actor(), somebody),
        roles=ROLES,
        levels=LEVELS,
        scope_label=scope_label,
    ), (422 if form.errors else 200)


@bp.route("/staff/people/<uuid:person_id>/roles/<uuid:grant_id>/revoke", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def revoke_role(person_id: UUID, grant_id: UUID) -> ResponseReturnValue:
    """Take a role away, after asking."""
    grant = queries.get_role_grant(db.session(), grant_id)
    if grant.person_id != person_id:
        raise NotFoundError(grant=str(grant_id))
    policies.may_manage_roles(current_actor(), grant.person).require()
    form = ActionForm()
    if form.validate_on_submit():
        services.revoke_role(db.session(), grant, actor=current_actor(), now=utc_now())
        flash(_("已收回角色，立即生效。"), "success")
        return redirect(url_for("accounts.person", person_id=person_id), 303)
    return render_template(
        "accounts/revoke_role.html", grant=grant, form=form, role=ROLES[grant.role], scope=scope_label(grant.scope)
    )


def _grant(form: GrantRoleForm, somebody: Person) -> None:
    services.grant_role(
        db.session(),
        somebody,
        Role(form.role.data or ""),
        scope=form.scope,
        limit_fen=form.limit.data,
        actor=current_actor(),
        now=utc_now(),
    )

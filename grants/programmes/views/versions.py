"""The office's pages of programmes: versions, what a version says, loading and publishing."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.programmes import policies, presenters, queries, services
from grants.programmes.errors import DefinitionFault, DefinitionFaultsError
from grants.programmes.forms import LoadDefinitionForm
from grants.programmes.views.blueprint import bp
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires


@bp.route("/staff/programmes")
@requires(Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def list_programmes() -> ResponseReturnValue:
    """Every programme with its versions."""
    programmes = queries.list_programmes(db.session())
    return render_template(
        "programmes/list_programmes.html",
        programmes=programmes,
        drafts=queries.list_open_drafts(db.session()),
        may_load=policies.may_load(current_actor()),
        may_draft=policies.may_draft(current_actor()),
        form=ActionForm(),
    )


@bp.route("/staff/programmes/<code>/<version>")
@requires(Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def version(code: str, version: str) -> ResponseReturnValue:
    """What one version says."""
    found = queries.get_version(db.session(), code, version)
    definition = queries.definition_of(found)
    return render_template(
        "programmes/version.html",
        version=found,
        definition=definition,
        names=presenters.OpenCase(definition),
        words=presenters,
        find_template=services.find_template,
        may_publish=policies.may_publish(current_actor(), found),
    )


@bp.route("/staff/programmes/load", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def load() -> ResponseReturnValue:
    """Load a definition file; a faulty one is answered with all its faults and changes nothing."""
    form = LoadDefinitionForm()
    faults: Sequence[DefinitionFault] = ()
    text = form.text() if form.validate_on_submit() else None
    if text is not None:
        try:
            found = services.load_definition(db.session(), text, actor=current_actor(), now=utc_now())
        except DefinitionFaultsError as error:
            faults = error.faults
        except InvalidError as error:
            form.show(error)
        else:
            return redirect(url_for("programmes.version", code=found.programme.code, version=found.version), 303)
    return render_template("programmes/load.html", form=form, faults=faults)


@bp.route("/staff/programmes/<code>/<version>/publish", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def publish(code: str, version: str) -> ResponseReturnValue:
    """Confirm, then publish a version."""
    found = queries.get_version(db.session(), code, version)
    form = ActionForm()
    if form.validate_on_submit():
        services.publish_definition(db.session(), found, actor=current_actor(), now=utc_now())
        flash(_("已发布，现在可以按这个版本开设批次。"), "ok")
        return redirect(url_for("programmes.version", code=code, version=version), 303)
    policies.may_publish(current_actor(), found).require()
    return render_template("programmes/publish.html", version=found, form=form)

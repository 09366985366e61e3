"""What a draft or other parameters would change: asked for, in progress, worked out; and tried on a few cases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.calls.models import Call
from grants.db import db, transactional
from grants.eligibility import forms, policies, presenters
from grants.eligibility.models import ImpactPreview
from grants.eligibility.queries import impacts as queries
from grants.eligibility.services import impacts as services
from grants.eligibility.services import trying
from grants.eligibility.states import ImpactDirection
from grants.eligibility.views.blueprint import bp
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import NotFoundError
from grants.programmes.domain import Definition, Parameter, ParameterKind
from grants.programmes.errors import DefinitionFaultsError, ParameterFaultsError
from grants.programmes.models import Programme
from grants.programmes.queries import find_open_draft, find_programme
from grants.web.guards import current_actor, requires
from grants.web.wording import reason_text

DRAFT = "draft"


@bp.route("/staff/programmes/<code>/impacts", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def list_impacts(code: str) -> ResponseReturnValue:
    """The previews of a programme; for administrators, asking for one."""
    programme = load_programme(code)
    contents, calls = contents_of(programme), queries.list_calls_of(db.session(), programme)
    parameters = parameters_of(contents)
    form = build_form(programme, contents, calls, parameters)
    if form.validate_on_submit():
        try:
            made = ask(programme, form, contents, calls)
        except ParameterFaultsError as error:
            form.form_errors.extend(fault.message for fault in error.faults)
        except DefinitionFaultsError:
            form.form_errors.append(reason_text("definition_faulty"))
        else:
            return redirect(url_for("eligibility.impact", preview_id=made.id), 303)
    page = queries.list_previews(
        db.session(), programme, after=request.args.get("after"), before=request.args.get("before")
    )
    return render_template(
        "eligibility/impacts.html",
        programme=programme,
        page=page,
        form=form,
        may_ask=policies.may_preview(current_actor()) and bool(contents),
    )


@bp.route("/staff/impacts/<uuid:preview_id>")
@requires(Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def impact(preview_id: UUID) -> ResponseReturnValue:
    """One preview: how far it is, the figures by rule and side, the cases one by one."""
    preview = queries.get_preview(db.session(), preview_id)
    rule, side = request.args.get("rule", "")[:32], request.args.get("direction", "")
    direction = ImpactDirection(side) if side in set(ImpactDirection) else None
    changes = queries.list_changes(
        db.session(),
        preview,
        rule=rule,
        direction=direction,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    definition = services.compiled(preview.content)
    return render_template(
        "eligibility/impact.html",
        preview=preview,
        standing=queries.standing_of_preview(db.session(), preview),
        changes=changes,
        rule=rule,
        direction=direction,
        label_of=partial(presenters.name_words, definition, None),
        value_of=partial(presenters.value_words, definition),
    )


@bp.route("/staff/programmes/<code>/draft/try")
@requires(Role.ADMINISTRATOR, Role.AUDITOR)
@transactional
def try_draft(code: str) -> ResponseReturnValue:
    """The draft on a few chosen cases: verdicts before and after, the values read, what would be told."""
    programme = load_programme(code)
    draft = find_open_draft(db.session(), code)
    if draft is None:
        raise NotFoundError(draft=code)
    suggested = trying.suggest_refs(db.session(), programme)
    given = request.args.get("refs")
    refs = list(dict.fromkeys((given or "")[:500].replace(",", " ").replace("，", " ").split()))[: trying.MOST_CASES]
    definition = definition_or_none(draft.content)
    tried, unknown = trying.try_definition(db.session(), programme, definition, refs) if definition else ([], [])
    return render_template(
        "eligibility/try_draft.html",
        draft=draft,
        definition=definition,
        refs=refs,
        suggested=suggested,
        asked=given is not None,
        tried=tried,
        unknown=unknown,
        rule=request.args.get("rule", "")[:32],
        name_words=presenters.name_words,
        value_words=presenters.value_words,
    )


def load_programme(code: str) -> Programme:
    """The programme; raises NotFoundError."""
    found = find_programme(db.session(), code)
    if found is None:
        raise NotFoundError(programme=code)
    return found


def contents_of(programme: Programme) -> dict[str, str]:
    """The texts that can be tried: the draft under way where it has no fault, then every version, the newest first."""
    draft = find_open_draft(db.session(), programme.code)
    found = {DRAFT: draft.content} if draft is not None and definition_or_none(draft.content) else {}
    versions = sorted(programme.versions, key=lambda version: (version.loaded_at, str(version.id)), reverse=True)
    return {**found, **{version.version: version.source for version in versions[:20]}}


def parameters_of(contents: dict[str, str]) -> tuple[Parameter, ...]:
    """The parameters that can be replaced: figures. Windows of dates belong to a call and its year."""
    definition = definition_or_none(next(iter(contents.values()), ""))
    found = definition.parameters if definition else ()
    return tuple(parameter for parameter in found if parameter.kind is not ParameterKind.DATE)


def build_form(
    programme: Programme, contents: dict[str, str], calls: Sequence[Call], parameters: Sequence[Parameter]
) -> forms.ImpactForm:
    """The form; from a call's page (``?from=``) with that call's version and figures filled in."""
    options = [(key, str(_("当前草稿") if key == DRAFT else _("第 %(version)s 版", version=key))) for key in contents]
    form = forms.build_impact_form(options, [(call.ref, call.title) for call in calls], parameters)
    source = next((call for call in calls if call.ref == request.args.get("from")), None)
    if source is not None and not form.is_submitted():
        form.content.data = source.definition.version
        for parameter in parameters:
            form[f"p-{parameter.key}"].data = source.parameters.get(parameter.key, "")
    return form


def ask(programme: Programme, form: forms.ImpactForm, contents: dict[str, str], calls: Sequence[Call]) -> ImpactPreview:
    """Ask for the preview that the form describes."""
    return services.ask_impact(
        db.session(),
        programme,
        contents[str(form.content.data)],
        parameters=forms.read_parameters(form),
        call=next((call for call in calls if call.ref == form.call.data), None),
        actor=current_actor(),
        now=utc_now(),
    )


def definition_or_none(content: str) -> Definition | None:
    """The definition of a text; None where it is faulty."""
    try:
        return services.compiled(content)
    except DefinitionFaultsError:
        return None

"""What is missing, check your answers, submit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from grants.accounts.queries import is_verified_member
from grants.applications import forms, policies, presenters, services
from grants.applications.domain import Draft, gaps_to_fill
from grants.applications.errors import IncompleteApplicationError
from grants.applications.views.page import Page, bp, load_page, show
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.verdict import Verdict
from grants.programmes.domain import Gap, RuleStage, evaluate
from grants.web.forms import ActionForm, StageForm
from grants.web.guards import current_actor, requires

NOBODY, EPOCH = UUID(int=0), datetime.fromtimestamp(0, UTC)


@bp.route("/apply/<uuid:application_id>/missing")
@requires(Role.ENTERPRISE)
@transactional
def missing(application_id: UUID) -> ResponseReturnValue:
    """Every section with how far it has come, and everything that is missing, with a link to each input."""
    page = load_page(application_id)
    groups = presenters.gap_groups(application_id, page.draft, page.progress)
    return show("missing", page, groups=groups, action=ActionForm())


@bp.route("/apply/<uuid:application_id>/begin", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def begin(application_id: UUID) -> ResponseReturnValue:
    """Note that submission began, which the grace counts from; then check the answers."""
    page = load_page(application_id)
    services.begin_submission(db.session(), page.application, actor=current_actor(), now=page.now)
    return redirect(url_for("applications.submit", application_id=application_id), 303)


@bp.route("/apply/<uuid:application_id>/submit", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def submit(application_id: UUID) -> ResponseReturnValue:
    """Check your answers, accept the undertakings, submit. Pressed twice, the second shows the same receipt."""
    page = load_page(application_id, lock=request.method == "POST")
    receipt = url_for("applications.receipt", application_id=application_id)
    paths = _undertakings(page.draft)
    form = forms.build_undertaking_form(page.draft.definition, paths)()
    if request.method != "POST":
        if not page.editable and page.application.revision_no and page.verdict.reason == "already_submitted":
            return redirect(receipt, 303)
        return show_submit(page, form, paths)
    form.validate()
    if form.revision_no.data != str(page.application.revision_no):
        return redirect(
            receipt, 303
        )  # this page's submission has been made already, in another tab or by another press
    accepted = [path for path in paths if form[forms.input_name(path)].data]
    try:
        services.submit_application(
            db.session(),
            page.application,
            actor=current_actor(),
            now=page.now,
            undertakings=accepted,
            draft=page.draft,
        )
    except IncompleteApplicationError as error:
        db.session.rollback()
        return show_submit(load_page(application_id), form, paths, error.gaps), 422
    return redirect(receipt, 303)


def show_submit(page: Page, form: StageForm, paths: Sequence[str], gaps: Sequence[Gap] = ()) -> str:
    """The check page; ``gaps``: what kept a submission from being accepted."""
    unticked = {gap.path for gap in gaps}
    for path in paths:
        if path in unticked:
            form[forms.input_name(path)].errors = [gap.message for gap in gaps if gap.path == path]
    form.revision_no.data, form.revision_no.raw_data = str(page.application.revision_no), None
    open_gaps = gaps_to_fill(page.draft)
    application_id = page.application.id
    return show(
        "submit",
        page,
        form=form,
        undertakings=[form[forms.input_name(path)] for path in paths],
        groups=presenters.gap_groups(application_id, page.draft, page.progress),
        open_gaps=[
            (presenters.gap_url(application_id, page.draft, gap), presenters.gap_text(gap)) for gap in open_gaps
        ],
        sections=presenters.words_to_check(page.draft),
        edit_url=lambda key: presenters.section_url(application_id, key),
        slots=presenters.slot_views(application_id, page.draft, page.scope, editable=False),
        may_submit=_may_submit(page),
        findings=_live_findings(page.draft),
    )


def _may_submit(page: Page) -> Verdict:
    actor, application = current_actor(), page.application
    verified = is_verified_member(db.session(), actor.person_id, application.organisation_id)
    return policies.may_submit(actor, application, verified=verified, now=page.now, correction=page.correction)


def _undertakings(draft: Draft) -> tuple[str, ...]:
    return tuple(path for path in services.undertakings_of(draft.definition) if (path, "") in draft.shown)


def _live_findings(draft: Draft) -> dict[str, list[object]]:
    """What the rules that need nothing from outside will say once the undertakings are ticked; by verdict."""
    needs_nothing = {rule.key for rule in draft.definition.rules if not rule.evidence and rule.at is RuleStage.SUBMIT}
    found: dict[str, list[object]] = {}
    ticked = draft.with_values({(path, ""): True for path in _undertakings(draft)}, by=NOBODY, at=EPOCH)
    for finding in evaluate(draft.definition, ticked.case, stages={RuleStage.SUBMIT}):
        if finding.rule in needs_nothing and finding.cause != "not_yet":
            found.setdefault(str(finding.verdict), []).append(finding)
    return found

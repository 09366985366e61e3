"""What is missing, check your answers, submit."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.accounts.queries import Signing, signing_of
from grants.applications import forms, policies, presenters, services
from grants.applications.domain import advance_outlooks, gaps_to_fill, undertakings_asked
from grants.applications.errors import DraftChangedError, IncompleteApplicationError
from grants.applications.queries import case_json, current_revision
from grants.applications.views.page import Page, bp, load_page, show
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.verdict import Verdict
from grants.programmes.domain import Gap, case_from_json
from grants.web.forms import ActionForm, StageForm
from grants.web.guards import current_actor, requires


@bp.route("/apply/<uuid:application_id>/missing")
@requires(Role.ENTERPRISE)
@transactional
def missing(application_id: UUID) -> ResponseReturnValue:
    """Every section with how far it has come; all to put right, missing or at odds with the rules, with a link to each
    input; ``?mine=1`` only in the sections that are the reader's."""
    page = load_page(application_id)
    groups = presenters.gap_groups(application_id, page.draft, page.progress)
    only_mine = request.args.get("mine") == "1"
    items = page.correction.items if page.correction else ()
    asked = presenters.asked_items(page.draft, application_id, items)
    return show("missing", page, groups=groups, asked=asked, only_mine=only_mine, action=ActionForm())


@bp.route("/apply/<uuid:application_id>/begin", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def begin(application_id: UUID) -> ResponseReturnValue:
    """Note that submission began, which the grace counts from; then check the answers."""
    page = load_page(application_id)
    services.begin_submission(db.session(), page.application, actor=current_actor(), now=page.now)
    return redirect(url_for("applications.submit", application_id=application_id), 303)


@bp.route("/apply/<uuid:application_id>/ask-signature", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def ask_signature(application_id: UUID) -> ResponseReturnValue:
    """Ask those who sign for the unit to read, accept and submit."""
    page = load_page(application_id)
    asked = services.ask_to_sign(db.session(), page.application, actor=current_actor(), now=page.now)
    flash(_("已通知 %(names)s 登录确认并提交。", names="、".join(person.name for person in asked)), "ok")
    return redirect(url_for("applications.submit", application_id=application_id), 303)


@bp.route("/apply/<uuid:application_id>/submit", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def submit(application_id: UUID) -> ResponseReturnValue:
    """Check your answers, accept the undertakings, submit. Pressed twice, the second shows the same receipt."""
    page = load_page(application_id, lock=request.method == "POST")
    receipt = url_for("applications.receipt", application_id=application_id)
    paths = undertakings_asked(page.draft)
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
            seen=form.seen.data or "",
        )
    except IncompleteApplicationError as error:
        db.session.rollback()
        return show_submit(load_page(application_id), form, paths, error.gaps), 422
    except DraftChangedError as error:
        db.session.rollback()
        page, since = load_page(application_id), form.seen_at.data
        return show_submit(page, form, paths, stale=error.code, since=since), 409
    return redirect(receipt, 303)


def show_submit(
    page: Page,
    form: StageForm,
    paths: Sequence[str],
    gaps: Sequence[Gap] = (),
    *,
    stale: str = "",
    since: str | None = None,
) -> str:
    """The check page; ``gaps``, ``stale``: what kept a submission from being accepted; ``since``: when the page was
    shown that is out of date."""
    unticked = {gap.path for gap in gaps}
    for path in paths:
        if path in unticked:
            form[forms.input_name(path)].errors = [gap.message for gap in gaps if gap.path == path]
    _note_shown(page, form)
    open_gaps = gaps_to_fill(page.draft)
    application, application_id = page.application, page.application.id
    signing = signing_of(db.session(), current_actor().person_id, application.organisation_id)
    outlooks = advance_outlooks(page.draft)
    return show(
        "submit",
        page,
        outlooks=outlooks,
        form=form,
        undertakings=[form[forms.input_name(path)] for path in paths],
        groups=presenters.gap_groups(application_id, page.draft, page.progress),
        open_gaps=[
            (presenters.gap_url(application_id, page.draft, gap), presenters.gap_text(gap)) for gap in open_gaps
        ],
        sections=presenters.words_to_check(page.draft),
        edit_url=lambda key: presenters.section_url(application_id, key),
        slots=presenters.slot_views(application_id, page.draft, page.scope, editable=False),
        may_submit=_may_submit(page, signing),
        signatories=[signatory.name for signatory in signing.signatories],
        untouched=_untouched(page),
        stale=stale,
        changed=presenters.changed_since(page.draft, page.application.id, since) if stale else (),
        in_grace=policies.is_in_grace(application, now=page.now),
        action=ActionForm(),
        tally=presenters.tally_in_advance(outlooks),
        objections=presenters.objections(application_id, page.draft, outlooks),
    )


def _note_shown(page: Page, form: StageForm) -> None:
    """Write into the page what it shows: which revision is next, the draft's mark, the instant."""
    shown = {"revision_no": str(page.application.revision_no), "seen": page.draft.mark, "seen_at": page.now.isoformat()}
    for name, text in shown.items():
        form[name].data, form[name].raw_data = text, None


def _untouched(page: Page) -> Sequence[presenters.AskedItem]:
    if page.correction is None:
        return ()
    former = case_from_json(page.draft.definition, case_json(current_revision(db.session(), page.application)))
    return presenters.untouched_items(page.draft, page.application.id, page.correction.items, former=former)


def _may_submit(page: Page, signing: Signing) -> Verdict:
    signatories = [signatory.person_id for signatory in signing.signatories]
    return policies.may_submit(
        current_actor(),
        page.application,
        verified=signing.verified,
        signatories=signatories,
        now=page.now,
        correction=page.correction,
    )

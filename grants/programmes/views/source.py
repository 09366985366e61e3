"""Editing the lines of a part of a draft, or the whole of it; faults are told as one types."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.db import db, reads_only, refuse, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError, NotFoundError
from grants.programmes import forms, policies, presenters, queries, services
from grants.programmes.domain import editing, parse_definition
from grants.programmes.domain.vocabulary import ReadableName, list_names
from grants.programmes.errors import DefinitionFault, DefinitionFaultsError, DraftMovedError
from grants.programmes.models import DefinitionDraft
from grants.programmes.views.blueprint import bp
from grants.web.guards import current_actor, requires


@bp.route("/staff/programmes/<code>/draft/source", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
@transactional
def edit_source(code: str) -> ResponseReturnValue:
    """The lines of a part. What somebody else has changed in between is shown beside what was typed."""
    draft, part = load_editable(code), part_asked()
    stands = stands_in(draft, part)
    form = forms.SourceForm(data={"text": stands, "seen": services.fingerprint_of(stands)})
    theirs = None
    if form.validate_on_submit():
        try:
            save(draft, part, form)
        except DraftMovedError:
            refuse()
            theirs, form.seen.data = stands, services.fingerprint_of(stands)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已保存。"), "ok")
            return redirect(url_for("programmes.edit_source", code=code, part=part or None), 303)
    return show_source(draft, part, form, theirs)


def show_source(draft: DefinitionDraft, part: str, form: forms.SourceForm, theirs: str | None) -> ResponseReturnValue:
    """The page; 409 where two have changed the same lines."""
    own, elsewhere = faults_of(draft, part, form.text.data or "")
    page = render_template(
        "programmes/edit_source.html",
        draft=draft,
        part=part,
        form=form,
        theirs=theirs,
        faults=own,
        elsewhere=elsewhere,
        words=presenters,
        names=presenters.name_groups(names_of(draft)),
    )
    return page, 409 if theirs is not None else 200


@bp.route("/staff/programmes/<code>/draft/source/check", methods=["POST"])
@requires(Role.ADMINISTRATOR)
@reads_only
@transactional
def check_source(code: str) -> ResponseReturnValue:
    """The faults that the draft would have with these lines; nothing is stored. A POST, for a part is too long for an
    address."""
    draft = load_editable(code)
    own, elsewhere = faults_of(draft, part_asked(), request.form.get("text", ""))
    faults = [{**presenters.fault_record(fault), "entry": "text"} for fault in own]
    return jsonify(faults=faults, elsewhere=elsewhere)


def load_editable(code: str) -> DefinitionDraft:
    """The draft, to be edited; whoever may not is told why."""
    draft = queries.get_open_draft(db.session(), code)
    policies.may_edit_draft(current_actor(), draft).require()
    return draft


def part_asked() -> str:
    """The part named in the address; empty for the whole. Raises NotFoundError for what no definition has."""
    part = request.args.get("part", "")
    if part and part not in editing.PARTS:
        raise NotFoundError(part=part)
    return part


def stands_in(draft: DefinitionDraft, part: str) -> str:
    """The lines of the part; a text that cannot be taken apart is edited whole."""
    try:
        return editing.part_text(draft.content, part)
    except (DefinitionFaultsError, editing.UneditableError) as error:
        raise InvalidError("draft_in_pieces") from error


def save(draft: DefinitionDraft, part: str, form: forms.SourceForm) -> None:
    """Store what was typed."""
    typed, seen = form.text.data or "", form.seen.data or ""
    services.save_part(db.session(), draft, part, typed, seen=seen, actor=current_actor(), now=utc_now())


def faults_of(draft: DefinitionDraft, part: str, typed: str) -> tuple[tuple[DefinitionFault, ...], int]:
    """The faults in the lines of the part, were they as typed, and how many are elsewhere."""
    try:
        content = editing.replace_part(draft.content, part, typed)
    except (DefinitionFaultsError, editing.UneditableError):
        content = typed
    return editing.faults_in_part(content, part, faults_in(content))


def faults_in(content: str) -> tuple[DefinitionFault, ...]:
    """All faults of a text."""
    try:
        parse_definition(content)
    except DefinitionFaultsError as error:
        return error.faults
    return ()


def names_of(draft: DefinitionDraft) -> tuple[ReadableName, ...]:
    """The names that the draft's expressions may read; none while its text cannot be taken apart."""
    try:
        return list_names(draft.content)
    except DefinitionFaultsError:
        return ()

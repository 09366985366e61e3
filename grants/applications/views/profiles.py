"""The organisation's profile, kept once; and taking it into a draft again when it is newer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import HiddenField

from grants.accounts.models import Organisation
from grants.accounts.queries import get_unit
from grants.applications import forms, policies, presenters, queries, services
from grants.applications.domain import Draft, digest
from grants.applications.domain.profiles import ORG, Newer, Profile, newer_in_profile
from grants.applications.forms import AnswerForm, Asked
from grants.applications.services import Base, Conflict, Entry
from grants.applications.views.page import Page, bp, load_page, show
from grants.applications.views.saving import THEIRS
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.programmes.domain import Definition, Field
from grants.web.forms import StageForm
from grants.web.guards import current_actor, requires


class RefreshForm(StageForm):
    """``listed``: what the page said would change."""

    listed = HiddenField()


@dataclass(frozen=True)
class Part:
    """What one definition asks of the profile: inputs, or the grid of a table with fixed rows."""

    draft: Draft
    fields: tuple[Field, ...]

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(one for field in self.fields for one in self.inputs_of(field))

    def inputs_of(self, field: Field) -> tuple[Asked, ...]:
        if field.fixed_rows is None:
            return forms.asked_in([field])
        return tuple(one for _row, cells in self.rows_of(field) for one in cells)

    def rows_of(self, table: Field) -> list[tuple[str, tuple[Asked, ...]]]:
        named = table.fixed_rows.column if table.fixed_rows else ""
        columns = [column for column in table.columns if column.key != named]
        return [(row, forms.asked_in(columns, row)) for row in self.draft.row_ids(table)]


@dataclass(frozen=True)
class Sheet:
    """The page's form, and what it says beside its inputs, by input name."""

    unit: Organisation
    parts: tuple[Part, ...]
    form: AnswerForm
    notes: Mapping[str, str]

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(one for part in self.parts for one in part.asked)


@bp.route("/organisation/<uuid:organisation_id>/profile", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def profile(organisation_id: UUID) -> ResponseReturnValue:
    """What the unit says about itself, for all its applications; saving stores what can be stored."""
    now, actor = utc_now(), current_actor()
    unit = get_unit(db.session(), organisation_id, actor)
    verdict = policies.may_edit_profile(actor, organisation_id)
    if request.method != "POST":
        return _show(_sheet(unit, now=now))
    verdict.require()
    sheet = _sheet(unit, now=now, posted=True)
    bases = forms.read_shown(request.form.get("shown"))
    sheet.form.validate()
    outcome = services.save_profile(db.session(), unit, _entries(sheet, bases), actor=actor, now=now)
    bad = {one.name for one in sheet.asked if one.name in bases and sheet.form[one.name].errors}
    if not outcome.conflicts and not bad:
        flash(_("单位资料已保存。新建的申报将自动带入。"), "success")
        return redirect(url_for("applications.profile", organisation_id=organisation_id), 303)
    return _again(sheet, outcome.conflicts, bad, bases, now=now)


@bp.route("/apply/<uuid:application_id>/refresh", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def refresh(application_id: UUID) -> ResponseReturnValue:
    """What section A would take from the profile, old beside new; then take it."""
    page = load_page(application_id)
    page.verdict.require()
    newer = newer_of(page)
    form = RefreshForm()
    section = presenters.section_url(application_id, ORG)
    if form.validate_on_submit() and form.listed.data == _mark(newer):
        outcome = services.refresh_from_profile(
            db.session(), page.application, newer, actor=current_actor(), now=page.now
        )
        flash(_("已用单位资料更新 %(n)s 项。", n=len(outcome.saved)), "ok")
        return redirect(section, 303)
    changed_meanwhile = form.is_submitted()
    form.listed.data, form.listed.raw_data = _mark(newer), None
    lines = [(_label(one), _words(page, one, old=True), _words(page, one)) for one in newer]
    return show(
        "refresh", page, current=ORG, form=form, lines=lines, section_url=section, changed_meanwhile=changed_meanwhile
    ), (409 if changed_meanwhile else 200)


def newer_of(page: Page) -> tuple[Newer, ...]:
    """What the profile has newer than section A of this draft; nothing where nothing may be changed."""
    if not page.editable:
        return ()
    unit = page.application.organisation
    registered = {"name": unit.name, "uscc": unit.uscc}
    kept = queries.load_profile(db.session(), unit.id)
    return newer_in_profile(page.draft, kept, registered=registered, scope=page.scope)


def _sheet(unit: Organisation, *, now: datetime, posted: bool = False) -> Sheet:
    session = db.session()
    kept = queries.load_profile(session, unit.id)
    year, asked = queries.profile_questions(session, now=now)
    parts = tuple(Part(_draft(definition, year, kept), fields) for definition, fields in asked)
    made = tuple(forms.build_answer_form(part.draft.definition, part.asked) for part in parts)
    form: AnswerForm = type("ProfileForm", made or (AnswerForm,), {})(**({} if posted else {"formdata": None}))
    if not posted:
        _fill(form, parts)
    names = queries.names_of(session, kept)
    notes = {
        one.name: presenters.author_words(kept[one.place], names)
        for part in parts
        for one in part.asked
        if one.place in kept
    }
    return Sheet(unit, parts, form, notes)


def _draft(definition: Definition, year: int, kept: Profile) -> Draft:
    return Draft(definition=definition, call={"year": year}, answers=kept, rows={})


def _fill(form: AnswerForm, parts: Sequence[Part], kept: Mapping[str, Base] | None = None) -> None:
    for part in parts:
        for one in part.asked:
            form[one.name].process_data(forms.to_typed(one.field, part.draft.value(*one.place)))
    form.shown.data = _shown(parts, kept)


def _shown(parts: Sequence[Part], kept: Mapping[str, Base] | None = None) -> str:
    """The bases of all parts in one text; parts ask different inputs, so their objects are joined."""
    return forms.join_shown(forms.shown_text(part.draft, part.asked, kept) for part in parts)


def _entries(sheet: Sheet, bases: Mapping[str, Base]) -> list[Entry]:
    leave = set(request.form.getlist(THEIRS))
    return [
        Entry(*one.place, forms.to_stored(one.field, sheet.form[one.name].data), bases[one.name])
        for one in sheet.asked
        if one.name in bases and one.name not in leave and not sheet.form[one.name].errors
    ]


def _again(
    sheet: Sheet, conflicts: Sequence[Conflict], bad: set[str], bases: Mapping[str, Base], *, now: datetime
) -> ResponseReturnValue:
    """What could not be read or is disputed stays as it was typed; everything else shows what stands now."""
    fresh = _sheet(sheet.unit, now=now)
    by_place = {one.place: one.name for one in fresh.asked}
    disputed = {by_place[conflict.path, conflict.row]: conflict for conflict in conflicts}
    for name in (*bad, *disputed):
        fresh.form[name].raw_data = sheet.form[name].raw_data
        fresh.form[name].data, fresh.form[name].errors = sheet.form[name].data, sheet.form[name].errors
    fresh.form.shown.data = _shown(fresh.parts, {name: bases[name] for name in bad})
    return _show(fresh, disputed), 409 if disputed else 422


def _show(sheet: Sheet, conflicts: Mapping[str, Conflict] | None = None) -> str:
    verdict = policies.may_edit_profile(current_actor(), sheet.unit.id)
    return render_template(
        "applications/profile.html",
        unit=sheet.unit,
        sheet=sheet,
        form=sheet.form,
        verdict=verdict,
        conflicts={name: _sides(sheet, conflict) for name, conflict in (conflicts or {}).items()},
        wide=presenters.WIDE,
        texts=_texts(sheet) if not verdict else (),
    )


def _sides(sheet: Sheet, conflict: Conflict) -> dict[str, object]:
    part = next(part for part in sheet.parts if conflict.path in part.draft.definition.fields_by_path)
    definition, field = part.draft.definition, part.draft.definition.field(conflict.path)
    return {
        "theirs": presenters.answer_words(definition, field, conflict.theirs),
        "mine": presenters.answer_words(definition, field, conflict.mine),
        "by": conflict.changed_by,
        "at": conflict.changed_at,
    }


def _texts(sheet: Sheet) -> list[tuple[str, str]]:
    """The profile for whoever may only read it."""
    return [
        (_with_row(one), presenters.answer_words(part.draft.definition, one.field, part.draft.value(*one.place)))
        for part in sheet.parts
        for one in part.asked
    ]


def _with_row(one: Asked) -> str:
    return f"{one.row} {one.field.label}" if one.row else one.field.label


def _label(one: Newer) -> str:
    return f"{one.row} {one.field.label}" if one.row else one.field.label


def _words(page: Page, one: Newer, *, old: bool = False) -> str:
    value = (one.old.value if one.old else None) if old else one.new
    return presenters.answer_words(page.draft.definition, one.field, value)


def _mark(newer: Sequence[Newer]) -> str:
    """What a list of changes says, in short."""
    return digest([[*one.place, one.old.version if one.old else 0, one.new] for one in newer])

"""Who of the unit fills in which section, and what they remark on single answers."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications import forms, policies, presenters, queries, services
from grants.applications.views.page import Page, bp, load_page, show
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.errors import InvalidError, NotFoundError
from grants.web.forms import ActionForm, StageForm
from grants.web.guards import current_actor, requires


@bp.route("/apply/<uuid:application_id>/colleagues", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def colleagues(application_id: UUID) -> ResponseReturnValue:
    """Hand sections to colleagues; below, everything they remarked."""
    page = _own_page(application_id)
    owners = {
        one.section_key: str(one.person_id)
        for one in queries.list_assignments(db.session(), page.application, current_actor())
    }
    form = _assignment_form(page, owners)
    if form.validate_on_submit():
        try:
            changed = _assign(page, form)
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("已保存，%(n)s 个章节有变化。", n=changed) if changed else _("分工没有变化。"), "ok")
            return redirect(url_for("applications.colleagues", application_id=application_id), 303)
    found = queries.list_threads(db.session(), page.application, current_actor())
    talks = [presenters.talk_view(application_id, page.draft, thread) for thread in found if _is_known(page, thread)]
    answer = show(
        "colleagues",
        page,
        form=form,
        fields=[form[f"{forms.SECTION}{section.key}"] for section in page.progress.sections],
        may_assign=_may_assign(page),
        talks=sorted(talks, key=lambda talk: not talk.is_open),
    )
    return answer, 422 if form.is_submitted() else 200


@bp.route("/apply/<uuid:application_id>/comments/<field>", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def comments(application_id: UUID, field: str) -> ResponseReturnValue:
    """What colleagues say about one answer; one more remark."""
    page = _own_page(application_id)
    place = _place(page, field)
    form = forms.CommentForm()
    if form.validate_on_submit():
        try:
            services.write_comment(
                db.session(), page.application, *place, form.body.data or "", actor=current_actor(), now=page.now
            )
        except InvalidError as error:
            form.show(error)
        else:
            return redirect(presenters.talk_url(application_id, *place), 303)
    thread = _thread(page, place)
    answer = show(
        "comments",
        page,
        current=_section_key(page, *place),
        talk=presenters.talk_view(application_id, page.draft, thread),
        value=_value_words(page, place),
        form=form,
        action=ActionForm(),
        may_comment=policies.may_comment(current_actor(), page.application),
        resolve_url=url_for(
            "applications.resolve_comments", application_id=application_id, field=field, row=place[1] or None
        ),
    )
    return answer, 422 if form.is_submitted() else 200


@bp.route("/apply/<uuid:application_id>/comments/<field>/resolve", methods=["POST"])
@requires(Role.ENTERPRISE)
@transactional
def resolve_comments(application_id: UUID, field: str) -> ResponseReturnValue:
    """The thread on one answer has been dealt with."""
    page = _own_page(application_id)
    place = _place(page, field)
    services.resolve_thread(db.session(), page.application, *place, actor=current_actor(), now=page.now)
    flash(_("已标为处理完毕。再有人发表意见时，会重新打开。"), "ok")
    return redirect(presenters.talk_url(application_id, *place), 303)


def _own_page(application_id: UUID) -> Page:
    page = load_page(application_id)
    queries.require_of_unit(page.application, current_actor())
    return page


def _may_assign(page: Page) -> object:
    return policies.may_assign(current_actor(), page.application, now=page.now, correction=page.correction)


def _assignment_form(page: Page, owners: Mapping[str, str]) -> StageForm:
    people = queries.list_people_of_unit(db.session(), page.application.organisation_id)
    titles = {section.key: f"{number}. {section.title}" for number, section in enumerate(page.progress.sections, 1)}
    form = forms.build_assignment_form(titles, {str(person.id): person.name for person in people})()
    if not form.is_submitted():
        for key in titles:
            form[f"{forms.SECTION}{key}"].process_data(owners.get(key))
            form[f"{forms.WAS}{key}"].data = owners.get(key, "")
    return form


def _assign(page: Page, form: StageForm) -> int:
    """Hand out what was changed on this page, and only that: a colleague's other changes stand."""
    changed = 0
    for section in page.progress.sections:
        chosen, was = form[f"{forms.SECTION}{section.key}"].data or "", form[f"{forms.WAS}{section.key}"].data or ""
        if chosen != was:
            person_id = UUID(chosen) if chosen else None
            services.assign_section(
                db.session(), page.application, section.key, person_id, actor=current_actor(), now=page.now
            )
            changed += 1
    return changed


def _place(page: Page, field: str) -> tuple[str, str]:
    """The answer that the address names; NotFoundError."""
    definition, row = page.draft.definition, request.args.get("row", "")
    found = definition.fields_by_path.get(field)
    if found is None or (field in definition.section_of) == bool(row):
        raise NotFoundError(field=field)
    return field, row


def _section_key(page: Page, path: str, row: str) -> str:
    return page.draft.definition.section_of[path.rpartition(".")[0] if row else path].key


def _thread(page: Page, place: tuple[str, str]) -> queries.Thread:
    found = queries.list_threads(db.session(), page.application, current_actor(), [place[0]])
    return next((thread for thread in found if thread.place == place), queries.Thread(*place, ()))


def _value_words(page: Page, place: tuple[str, str]) -> str:
    """What the answer says now; nothing for a table."""
    definition = page.draft.definition
    field = definition.field(place[0])
    if field.columns:
        return ""
    return str(presenters.answer_words(definition, field, page.draft.value(*place)))


def _is_known(page: Page, thread: queries.Thread) -> bool:
    return thread.path in page.draft.definition.fields_by_path

"""An expert's desk: answer an invitation, read the file, score, hand in, declare relations."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications import queries as applications
from grants.db import db, transactional
from grants.kernel.actor import Role
from grants.kernel.clock import utc_now
from grants.programmes.domain import read_sections
from grants.reviews import policies, presenters, queries, services
from grants.reviews.domain import sheet_total
from grants.reviews.errors import IncompleteSheetError
from grants.reviews.forms import (
    AcceptForm,
    DeclareConflictForm,
    DeclineForm,
    SheetForm,
    build_sheet_form,
)
from grants.reviews.models import Assignment
from grants.reviews.states import AssignmentState
from grants.reviews.views.blueprint import bp
from grants.web.forms import ActionForm
from grants.web.guards import current_actor, requires
from grants.web.stored import send_stored

OPENED = frozenset({AssignmentState.ACCEPTED, AssignmentState.SUBMITTED})


@bp.get("/review/")
@requires(Role.EXPERT)
@transactional
def desk() -> ResponseReturnValue:
    """The expert's own assignments."""
    return render_template("reviews/desk.html", assignments=queries.list_assignments(db.session(), current_actor()))


@bp.route("/review/<uuid:assignment_id>/answer", methods=["GET", "POST"])
@requires(Role.EXPERT)
@transactional
def answer(assignment_id: UUID) -> ResponseReturnValue:
    """Undertake and open the file."""
    assignment = queries.get_assignment(db.session(), assignment_id, current_actor())
    if assignment.state in OPENED and policies.may_read(current_actor(), assignment):
        return redirect(url_for("reviews.sheet", assignment_id=assignment.id), 303)  # a second click finds the file
    policies.may_answer(current_actor(), assignment).require()
    form = AcceptForm()
    if form.validate_on_submit():
        services.accept_assignment(db.session(), assignment, actor=current_actor(), now=utc_now())
        return redirect(url_for("reviews.sheet", assignment_id=assignment.id), 303)
    return render_template("reviews/answer.html", assignment=assignment, form=form)


@bp.route("/review/<uuid:assignment_id>/decline", methods=["GET", "POST"])
@requires(Role.EXPERT)
@transactional
def decline(assignment_id: UUID) -> ResponseReturnValue:
    """Step back, with the relation if there is one."""
    assignment = queries.get_assignment(db.session(), assignment_id, current_actor())
    policies.may_answer(current_actor(), assignment).require()
    form = DeclineForm()
    if form.validate_on_submit():
        relation = "" if form.relation.data == "none" else str(form.relation.data)
        services.decline_assignment(
            db.session(),
            assignment,
            reason=form.reason.data or "",
            relation=relation,
            actor=current_actor(),
            now=utc_now(),
        )
        flash(_("已记录您的回避，办理部门会另行抽取专家。"), "ok")
        return redirect(url_for("reviews.desk"), 303)
    return render_template("reviews/decline.html", assignment=assignment, form=form)


@bp.route("/review/<uuid:assignment_id>", methods=["GET", "POST"])
@requires(Role.EXPERT)
@transactional
def sheet(assignment_id: UUID) -> ResponseReturnValue:
    """The file beside the score sheet. Saving keeps a draft; handing in goes through ``submit_sheet``."""
    assignment = queries.get_assignment(db.session(), assignment_id, current_actor())
    policies.may_read(current_actor(), assignment).require()
    form = _sheet_form(assignment)
    if form.validate_on_submit() and _save(assignment, form):
        if request.form.get("then") == "submit":
            return redirect(url_for("reviews.submit_sheet", assignment_id=assignment.id), 303)
        flash(_("评分已保存为草稿。"), "ok")
        return redirect(url_for("reviews.sheet", assignment_id=assignment.id), 303)
    return _show_sheet(assignment, form)


@bp.route("/review/<uuid:assignment_id>/submit", methods=["GET", "POST"])
@requires(Role.EXPERT)
@transactional
def submit_sheet(assignment_id: UUID) -> ResponseReturnValue:
    """Confirm and hand in what was saved; faults lead back to the sheet."""
    assignment = queries.get_assignment(db.session(), assignment_id, current_actor())
    policies.may_score(current_actor(), assignment).require()
    form = ActionForm()
    if form.validate_on_submit():
        saved = _sheet_form(assignment, stored=True)
        try:
            services.submit_sheet(
                db.session(),
                assignment,
                points=saved.points(),
                comments=saved.comments(),
                opinion=assignment.opinion,
                actor=current_actor(),
                now=utc_now(),
            )
        except IncompleteSheetError as error:
            saved.show(error)
            saved.show_faults(error.faults)
            return _show_sheet(assignment, saved), 422
        flash(_("评分表已提交，感谢您的评审。"), "ok")
        return redirect(url_for("reviews.desk"), 303)
    return render_template(
        "reviews/submit_sheet.html",
        assignment=assignment,
        form=form,
        rubric=services.rubric_of(assignment),
        points={score.key: score for score in assignment.scores},
        total=sum(score.hundredths or 0 for score in assignment.scores),
    )


@bp.get("/review/<uuid:assignment_id>/files/<slot>/<sha256>")
@requires(Role.EXPERT)
@transactional
def download(assignment_id: UUID, slot: str, sha256: str) -> ResponseReturnValue:
    """A document of an assigned file, after the undertaking."""
    assignment = queries.get_assignment(db.session(), assignment_id, current_actor())
    policies.may_read(current_actor(), assignment).require()
    stored = applications.get_frozen_file(db.session(), assignment.application, slot, sha256)
    return send_stored(stored)


@bp.route("/review/conflicts", methods=["GET", "POST"])
@requires(Role.EXPERT)
@transactional
def conflicts() -> ResponseReturnValue:
    """Relations an expert declares ahead of any draw."""
    actor, form = current_actor(), DeclareConflictForm()
    if form.validate_on_submit():
        given_up = services.declare_relation(
            db.session(),
            uscc=form.uscc.data or "",
            relation=str(form.relation.data),
            note=form.note.data or "",
            actor=actor,
            now=utc_now(),
        )
        words = _("已同时回避该单位的 %(n)s 项评审任务，办理部门会另行抽取专家。", n=len(given_up)) if given_up else ""
        flash(_("回避声明已保存，今后抽取专家时将自动排除。") + words, "ok")
        return redirect(url_for("reviews.conflicts"), 303)
    declared = queries.list_conflicts(db.session(), actor)
    return render_template("reviews/conflicts.html", form=form, conflicts=declared, relations=presenters.RELATIONS)


def _sheet_form(assignment: Assignment, *, stored: bool = False) -> SheetForm:
    """The rubric's form with what is kept; ``stored`` leaves the request's own values aside."""
    rubric = services.rubric_of(assignment)
    kept: dict[str, object] = {"opinion": assignment.opinion}
    for score in assignment.scores:
        kept["s_" + score.key] = None if score.hundredths is None else presenters.points_of(score.hundredths)
        kept["c_" + score.key] = score.comment
    form_class = build_sheet_form(rubric)
    return form_class(formdata=None, data=kept) if stored else form_class(data=kept)


def _save(assignment: Assignment, form: SheetForm) -> bool:
    """Keep the draft; faults are shown beside their fields, and then nothing was kept."""
    try:
        services.save_scores(
            db.session(),
            assignment,
            points=form.points(),
            comments=form.comments(),
            opinion=form.opinion.data or "",
            actor=current_actor(),
            now=utc_now(),
        )
    except IncompleteSheetError as error:
        form.show_faults(error.faults)
        return False
    return True


def _show_sheet(assignment: Assignment, form: SheetForm) -> str:
    session = db.session()
    definition, case = queries.case_of(session, assignment.application)
    points = form.points()
    return render_template(
        "reviews/sheet.html",
        assignment=assignment,
        form=form,
        rubric=definition.rubric,
        anchors_of=presenters.anchors_of,
        points=points,
        total=sheet_total(definition.rubric, points),
        sections=read_sections(definition, case, with_private=False),
        files=[(definition.document(file.key).label, file) for file in case.documents],
        may_score=policies.may_score(current_actor(), assignment),
        own=queries.list_assignments(session, current_actor()),
    )

"""Objecting to a rejection (申请复核), and its answer by a second officer, who may also take it back unasked."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants.applications.models import Application
from grants.applications.queries import get_application, get_by_ref
from grants.db import db, transactional
from grants.eligibility import forms, policies, presenters, queries, services
from grants.eligibility.models import FormalDecision, Reconsideration
from grants.eligibility.states import Answer
from grants.eligibility.views.blueprint import bp
from grants.eligibility.views.case import explain, to_case
from grants.kernel.actor import Role
from grants.kernel.clock import local_date, utc_now
from grants.kernel.errors import IllegalTransitionError, InvalidError
from grants.kernel.verdict import Verdict
from grants.web.guards import current_actor, requires


@bp.route("/apply/<uuid:application_id>/reconsideration", methods=["GET", "POST"])
@requires(Role.ENTERPRISE)
@transactional
def ask_reconsideration(application_id: UUID) -> ResponseReturnValue:
    """Object to the rejection of one's application, once, with reasons."""
    session, actor, now = db.session(), current_actor(), utc_now()
    application = get_application(session, application_id, actor)
    decision = queries.find_decision(session, application)
    former = queries.find_reconsideration(session, decision)
    explain(policies.may_ask_reconsideration(actor, application, decision, former, today=local_date(now)))
    form = forms.AskReconsiderationForm()
    if form.validate_on_submit():
        try:
            services.ask_reconsideration(
                session, application, statement=form.statement.data or "", actor=actor, now=now
            )
        except InvalidError as error:
            form.show(error)
        else:
            flash(_("复核申请已提交。由作出决定以外的人员办理，结果会通知本单位。"), "success")
            return redirect(url_for("desk.enterprise_application", application_id=application.id), 303)
    return render_template(
        "eligibility/ask_reconsideration.html", application=application, decision=decision, form=form
    )


@bp.route("/staff/cases/<ref>/reconsider", methods=["GET", "POST"])
@requires(Role.OFFICER)
@transactional
def reconsider(ref: str) -> ResponseReturnValue:
    """Answer a request that a rejection be looked at again, or take the rejection back unasked."""
    session, actor = db.session(), current_actor()
    application = get_by_ref(session, ref, actor)
    decision = queries.find_decision(session, application)
    asked = queries.find_reconsideration(session, decision)
    verdicts = answers_open(application, decision, asked)
    open_to = [answer for answer, verdict in verdicts.items() if verdict]
    explain(verdicts[open_to[0] if open_to else Answer.TAKE_BACK])
    choices = [(str(answer), str(presenters.ANSWERS[answer])) for answer in open_to or verdicts]
    form = forms.build_answer_form(choices, str(decision.id) if decision else "")
    if form.validate_on_submit() and answered(form, application):
        return to_case(application)
    return render_template(
        "eligibility/reconsider.html",
        application=application,
        decision=decision,
        asked=asked,
        verdicts={str(answer): verdict for answer, verdict in verdicts.items()},
        form=form,
    )


def answers_open(
    application: Application, decision: FormalDecision | None, asked: Reconsideration | None
) -> dict[Answer, Verdict]:
    """What the reader may say of the rejection, each with the reason where not."""
    over = queries.is_round_public(db.session(), application.call_id)
    return {
        answer: may(current_actor(), application, decision, asked, over=over)
        for answer, may in policies.ANSWERS.items()
    }


def answered(form: forms.AnswerForm, application: Application) -> bool:
    """Give the answer; what it lacks is shown on the form. Raises where somebody else was quicker."""
    try:
        services.answer_rejection(
            db.session(),
            application,
            decision_id=read_id(request.form.get("decision", "")),
            answer=Answer(form["answer"].data),
            reason=form.reason.data or "",
            actor=current_actor(),
            now=utc_now(),
        )
    except InvalidError as error:
        form.show(error)
        return False
    return True


def read_id(text: str) -> UUID:
    """The decision that was shown; what is none was not: raises IllegalTransitionError."""
    try:
        return UUID(text)
    except ValueError:
        raise IllegalTransitionError(decision=text) from None

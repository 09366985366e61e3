"""Registering an enterprise, one's units, and the papers that prove one acts for them."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from grants import documents
from grants.accounts import policies, queries, services
from grants.accounts.errors import HashingBusyError
from grants.accounts.forms import PROOF_BYTES, PROOF_KINDS, PROOF_PAGES, OrganisationForm, ProofForm, RegisterForm
from grants.accounts.presenters import LEVEL_OPTIONS, LEVELS
from grants.accounts.views.blueprint import REGISTRATIONS, bp, limiter
from grants.db import db, transactional
from grants.kernel.clock import utc_now
from grants.kernel.errors import InvalidError
from grants.web.forms import StageForm
from grants.web.guards import current_actor, public, requires

SHOWN_IN_PAGE = frozenset({"image/jpeg", "image/png"})


@bp.route("/register", methods=["GET", "POST"])
@limiter.limit(REGISTRATIONS, methods=["POST"])
@public
@transactional
def register() -> ResponseReturnValue:
    """Register; the answer never tells whether the e-mail had an account."""
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            _register(form)
        except documents.RefusedFileError as error:
            form.proof.errors = [error.sentence]
        except HashingBusyError as error:
            form.show(error)
        else:
            return redirect(url_for("accounts.registered"), 303)
    return render_template("accounts/register.html", form=form), _status(form)


@bp.route("/register/received")
@public
@transactional
def registered() -> ResponseReturnValue:
    """What happens next."""
    return render_template("accounts/registered.html")


@bp.route("/organisation")
@requires()
@transactional
def organisation() -> ResponseReturnValue:
    """The units one acts for, or has asked to."""
    actor = current_actor()
    memberships = queries.list_memberships_of(db.session(), actor.person_id)
    verdict = policies.may_request_membership(actor)
    return render_template(
        "accounts/organisation.html",
        memberships=memberships,
        levels=LEVELS,
        level_options=LEVEL_OPTIONS,
        may_join=verdict,
        actor=actor,
    )


@bp.route("/organisation/join", methods=["GET", "POST"])
@limiter.limit(REGISTRATIONS, methods=["POST"])
@requires()
@transactional
def join_organisation() -> ResponseReturnValue:
    """Ask to act for one more unit."""
    policies.may_request_membership(current_actor()).require()
    form = OrganisationForm()
    if form.validate_on_submit():
        try:
            _join(form)
        except documents.RefusedFileError as error:
            form.proof.errors = [error.sentence]
        except InvalidError as error:
            db.session.rollback()
            form.show(error)
        else:
            flash(_("申请已提交，核验结果将通过邮件和站内通知告知。"), "success")
            return redirect(url_for("accounts.organisation"), 303)
    return render_template("accounts/join_organisation.html", form=form), _status(form)


@bp.route("/organisation/<uuid:membership_id>/resubmit", methods=["GET", "POST"])
@requires()
@transactional
def resubmit_proof(membership_id: UUID) -> ResponseReturnValue:
    """Other papers after a refusal."""
    membership = queries.get_membership(db.session(), membership_id, current_actor())
    policies.may_resubmit_proof(current_actor(), membership).require()
    form = ProofForm()
    if form.validate_on_submit():
        try:
            _resubmit(form, membership_id)
        except documents.RefusedFileError as error:
            form.proof.errors = [error.sentence]
        else:
            flash(_("材料已重新提交，请等待核验。"), "success")
            return redirect(url_for("accounts.organisation"), 303)
        membership = queries.get_membership(db.session(), membership_id, current_actor())
    return render_template("accounts/resubmit_proof.html", form=form, membership=membership), _status(form)


@bp.route("/memberships/<uuid:membership_id>/proof")
@requires()
@transactional
def proof(membership_id: UUID) -> ResponseReturnValue:
    """The papers, for the person concerned and for whoever verifies; pictures may be shown within a page."""
    membership = queries.get_membership(db.session(), membership_id, current_actor())
    file = queries.get_proof(db.session(), membership)
    inline = "show" in request.args and file.content_type in SHOWN_IN_PAGE
    stream, kind, name = documents.open_file(file), file.content_type, file.name
    db.session.rollback()  # the bytes travel without a transaction
    answer = send_file(stream, mimetype=kind, as_attachment=not inline, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _register(form: RegisterForm) -> None:
    received = _receive(form)
    password_hash = services.hash_password(form.new_password.data or "")
    registration = services.Registration(
        uscc=form.uscc.data or "",
        organisation_name=form.organisation_name.data or "",
        name=form.name.data or "",
        email=form.email.data or "",
        phone=form.phone.data or "",
        password_hash=password_hash,
        proof=received,
    )
    services.register_enterprise(db.session(), registration, now=utc_now())


def _join(form: OrganisationForm) -> None:
    actor = current_actor()
    received = _receive(form)
    assert actor.person_id is not None, "the guard lets people in only"
    services.request_membership(
        db.session(),
        queries.get_person(db.session(), actor.person_id),
        uscc=form.uscc.data or "",
        organisation_name=form.organisation_name.data or "",
        proof=received,
        actor=actor,
        now=utc_now(),
    )


def _resubmit(form: ProofForm, membership_id: UUID) -> None:
    actor = current_actor()
    received = _receive(form)
    membership = queries.get_membership(db.session(), membership_id, actor)
    services.resubmit_proof(db.session(), membership, proof=received, actor=actor, now=utc_now())


def _receive(form: ProofForm | OrganisationForm) -> documents.Received:
    """Prove and keep the file while no transaction is open: the one that read the clock and the person ends here."""
    db.session.rollback()
    upload = form.proof.data
    return documents.receive_upload(
        upload.stream,
        name=upload.filename or "",
        accept=PROOF_KINDS,
        max_bytes=PROOF_BYTES,
        max_pages=PROOF_PAGES,
    )


def _status(form: StageForm) -> int:
    return 422 if form.errors else 200

"""Who may reach what: every route, method and role, on real records, against the written table ``access.yaml``.

A table row says for each role ``ok`` (served, whatever the form then says), ``sign-in``, 403 or 404. A route without
its row fails, and so does a row without its route: who may do what is decided there, not found out here. Every request
is undone afterwards, so that one cannot change what the next may see.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
import yaml
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from grants import documents, outbox
from grants.accounts.models import Organisation, Person
from grants.accounts.states import Level, MembershipState
from grants.applications.domain.papers import PdfKind
from grants.applications.models import AnswerRow, Application, Attachment
from grants.applications.queries import case_content, current_revision
from grants.applications.services import ask_for_pdf, begin_upload, keep_pdf, open_draft, write_comment
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.db import db
from grants.decisions.services import prepare_proposal
from grants.eligibility.models import AcceptanceRevocation, FormalDecision, FormalNotice
from grants.eligibility.queries import latest_findings
from grants.eligibility.services import decide, keep_notice_pdf, stage_acceptances
from grants.eligibility.states import Outcome
from grants.kernel.actor import Role
from grants.kernel.clock import local_date, real_now
from grants.notifications import InboxItem, Mail, Recipient, notify
from grants.ops.models import Outage
from grants.programmes.models import DefinitionVersion
from grants.programmes.queries import definition_of
from grants.programmes.services import use_templates
from grants.registers.states import ImportState
from grants.reviews.models import Assignment
from grants.reviews.services import accept_assignment
from tests.factories.accounts import (
    actor_of,
    make_invitation,
    make_member,
    make_membership,
    make_organisation,
    make_reset,
    make_session,
    make_staff,
    sign_in_by_key,
)
from tests.factories.applications import make_application, owner_of
from tests.factories.calls import NOON, make_call, make_draft, make_extension
from tests.factories.decisions import make_approved, make_officer, make_proposal, make_reviewed
from tests.factories.documents import pdf_bytes, picture_bytes
from tests.factories.eligibility import make_checked, make_compared, set_state, submit_case
from tests.factories.programmes import make_changed_version
from tests.factories.publication import make_notice, make_objection, make_prepared_list, make_released_list
from tests.factories.registers import make_import, make_snapshot
from tests.factories.reviews import draw, expert_actor, make_pool
from tests.factories.workbench import make_definition_draft, make_preview
from tests.support.browsing import Browser

TABLE = Path(__file__).with_name("access.yaml")
TOKEN = "practice-token"
ROLES = (
    "anonymous",
    "owner",  # of the enterprise whose record it is
    "stranger",  # of another enterprise
    "district",  # officer of the record's district
    "other_district",
    "officer",
    "expert",  # assigned to the record
    "other_expert",
    "approver",
    "administrator",
    "auditor",
)
PANEL = (("technical",),) * 3 + (("market",), ("finance",))  # no more than a panel of sbc needs: all are drawn
SILENT = {"HEAD", "OPTIONS"}
Outcomes = dict[tuple[str, str], dict[str, str]]


@dataclass(frozen=True)
class World:
    """Session keys by role, and the record each parameter of an address names; ``records`` by endpoint or its stage.

    Plain values: the session that made them stays out of the walk and its savepoints.
    """

    keys: Mapping[str, str]
    records: Mapping[str, Mapping[str, object]]

    def address(self, app: Flask, rule: Rule) -> str:
        stage = rule.endpoint.partition(".")[0]
        known = {**self.records.get(stage, {}), **self.records.get(rule.endpoint, {})}
        return app.url_map.bind("localhost").build(rule.endpoint, {name: known[name] for name in rule.arguments})


def build_world(session: Session) -> World:
    """An enterprise with a draft, a case in its district's hands and one under review; and everybody around them."""
    organisation = make_organisation(session)
    owner = make_member(session, organisation)
    draft = make_application(session, organisation=organisation, person=owner, complete=True, now=NOON)
    begun_from_it = open_draft(
        session,
        draft.call,
        organisation,
        source=draft,
        another=True,
        actor=actor_of(session, owner),
        now=NOON,
    )
    district_case = submit_case(session, code="hlw", organisation=organisation, now=NOON)
    set_state(session, district_case, ApplicationState.DISTRICT_REVIEW)
    filed = make_application(
        session, call=draft.call, organisation=organisation, person=owner, submitted=True, now=NOON
    )
    checked = make_checked(session)
    make_pool(session, PANEL)
    reviewed, seat = make_reviewing(session)
    begun, another_seat = make_reviewing(session)
    taken = next(other for other in another_seat.panel.assignments if other.expert_id == seat.expert_id)
    accept_assignment(session, taken, actor=expert_actor(session, taken), now=NOON)
    version, unannounced = draft.call.definition, make_draft(session)
    district = str(district_case.district_code)
    ranked = make_call(session, open=False)
    funded = make_reviewed(session, ranked)
    people = {
        "owner": owner,
        "stranger": make_member(session),
        "district": make_staff(session, Role.DISTRICT_OFFICER, scope=district),
        "other_district": make_staff(
            session, Role.DISTRICT_OFFICER, scope="310101" if district != "310101" else "310151"
        ),
        "officer": make_staff(session, Role.OFFICER),
        "expert": session.get_one(Person, seat.expert_id),
        "other_expert": make_staff(session, Role.EXPERT),
        "approver": make_staff(session, Role.APPROVER),
        "administrator": make_staff(session, Role.ADMINISTRATOR),
        "auditor": make_staff(session, Role.AUDITOR),
    }
    make_proposal(session, ranked)
    planned = make_call(session, open=False)
    make_reviewed(session, planned)
    prepare_proposal(session, planned, actor=make_officer(session), now=NOON)
    records = {
        "accounts": account_records(session, owner, people["approver"]),
        "applications": draft_records(session, draft),
        **upload_records(session, draft, owner),
        "applications.carried": {"application_id": begun_from_it.id},
        "applications.start": {"ref": draft.call.ref},
        "applications.frozen_document": {"ref": reviewed.ref, **a_document(session, reviewed)},
        "applications.frozen_preview": {"ref": reviewed.ref, **a_shown_document(session, reviewed)},
        **paper_records(session, filed, reviewed),
        "applications.frozen_revision_document": {"ref": reviewed.ref, "number": 1, **a_document(session, reviewed)},
        "applications.revision_document": {"application_id": filed.id, "number": 1, **a_document(session, filed)},
        **{f"applications.{name}": {"application_id": filed.id} for name in ("receipt", "revisions", "withdraw")},
        "desk": {"application_id": draft.id, "ref": district_case.ref},
        "eligibility": {"ref": checked.ref},
        "eligibility.opinion": {"ref": district_case.ref},
        **office_records(session, checked, people["officer"]),
        **notice_records(session, organisation),
        "reviews": {"assignment_id": seat.id, "ref": reviewed.ref, **a_document(session, reviewed)},
        **{f"reviews.{name}": {"assignment_id": taken.id} for name in ("sheet", "submit_sheet")},
        "reviews.download": {"assignment_id": taken.id, **a_document(session, begun)},
        "decisions.submit": {"ref": planned.ref},
        "decisions": {"ref": ranked.ref, "application_ref": funded.ref, "version": 1},
        "calls": {"ref": draft.call.ref, "version_id": version.id, "day": "2027-01-04", "year": 2027},
        **{f"calls.{name}": {"ref": unannounced.ref} for name in ("edit", "manage_announce")},
        "calls.extension": {"extension_id": make_extension(session, draft.call).id},
        "calls.manage_withdraw": {"ref": make_call(session, opens_at=NOON + timedelta(days=10)).ref},
        **publication_records(session),
        "ops.outages_extend": {"outage_id": make_outage(session, draft.call).id, "ref": draft.call.ref},
        **register_records(session, people["administrator"]),
        **workbench_records(session, version),
        "ops": {
            "mail_id": session.scalars(select(Mail.id)).first(),
            "message_id": dead_message(session).id,
            "topic": "mail.requested",
        },
    }
    records["calls.template"] = template_records(session)
    records |= member_records(session, owner)
    records["accounts.resubmit_proof"] = {"membership_id": refused_membership(session, owner)}
    keys = {role: make_session(session, person) for role, person in people.items()}
    session.commit()
    return World(keys, records)


def office_records(session: Session, checked: Application, officer: Person) -> dict[str, dict[str, object]]:
    """A finding of the checked case, its call, a list of acceptances that its officer has staged, two similar texts."""
    finding = next(finding for finding in latest_findings(session, checked) if finding.due)
    staged = stage_acceptances(session, [checked.id], actor=actor_of(session, officer), now=NOON)
    named = {"ref": checked.ref, "finding_id": finding.id}
    earlier, later = make_compared(session)
    return {
        "eligibility.overrule": named,
        "eligibility.withdraw_overrule": named,
        "eligibility.share": {"ref": checked.call.ref},
        "eligibility.stage_call": {"ref": checked.call.ref},
        "eligibility.acceptance": {"list_id": staged.id},
        "eligibility.confirm_acceptance": {"list_id": staged.id},
        "eligibility.similar": {"ref": later.ref, "other": earlier.ref},
    }


def workbench_records(session: Session, version: DefinitionVersion) -> dict[str, dict[str, object]]:
    """A version, a draft that is being written, one that waits for the second person, what a draft would change."""
    written, proposed = make_definition_draft(session, "sbc"), make_definition_draft(session, "hlw", proposed=True)
    waiting = {"code": proposed.programme.code}
    return {
        "programmes": {"code": written.programme.code, "version": version.version, "key": "SBC-04"},
        "programmes.take_back_draft": waiting,
        "eligibility.decide_draft": waiting,
        "eligibility.list_impacts": {"code": written.programme.code},
        "eligibility.try_draft": {"code": written.programme.code},
        "eligibility.impact": {"preview_id": make_preview(session, written).id},
    }


def template_records(session: Session) -> dict[str, object]:
    """A call whose definition names a blank form, and that form in its folder."""
    slot = "key: a15, label: 信用查询授权书"
    version = make_changed_version(session, {slot: f"{slot}, template: 授权书.pdf"})
    folder = current_app.extensions["settings"].templates_dir / "sbc"
    use_templates(folder.parent)
    folder.mkdir(parents=True)
    (folder / "授权书.pdf").write_bytes(pdf_bytes("blank"))
    return {"ref": make_call(session, version=version).ref, "slot": "a15"}


def publication_records(session: Session) -> dict[str, dict[str, object]]:
    """A notice that runs with an objection, a call that awaits its notice, a list that waits and one that is out."""
    waiting = make_call(session, open=False)
    make_reviewed(session, waiting)
    make_approved(session, waiting)
    running = make_notice(session, awards=1)
    objection = make_objection(session, running)
    prepared, released = make_prepared_list(session), make_released_list(session)
    files = ("award_list", "award_list_file", "award_list_content")
    waits = ("office_list", "office_release", "office_discard")
    return {
        "publication": {"ref": running.ref, "objection_id": objection.id, "kind": "csv"},
        "publication.prepare_notice": {"ref": waiting.ref},
        **{f"publication.{name}": {"ref": released.ref} for name in files},
        **{f"publication.{name}": {"ref": prepared.ref} for name in waits},
    }


def register_records(session: Session, administrator: Person) -> dict[str, Mapping[str, object]]:
    """An upload that waits to be taken, and a snapshot that was."""
    waiting = make_import(session, administrator, state=ImportState.READY)
    taken = make_snapshot(session, "bans")
    return {"registers": {"key": "bans", "import_id": waiting.id, "snapshot_id": taken.id}}


def account_records(session: Session, owner: Person, somebody: Person) -> dict[str, object]:
    """A membership that waits with its papers, a notice of the owner's, somebody's role."""
    file = documents.put_bytes(
        session, pdf_bytes(), name="授权书.pdf", content_type="application/pdf", by=owner.id, now=NOON
    )
    waiting = make_membership(session, person=owner, state=MembershipState.UNVERIFIED)
    waiting.proof_file_id = file.id
    reader = Recipient(owner.id, owner.email, owner.name)
    facts = {"name": "示例专项", "ref": "SBC-2026-01"}
    notify(session, event_key="walk", kind="notice.published", recipients=[reader], facts=facts, path="/", now=NOON)
    item_id = session.scalars(select(InboxItem.id).where(InboxItem.event_key == "walk")).one()
    grant_id = somebody.role_grants[0].id
    session_id = UUID(make_session(session, owner))
    return {
        "membership_id": waiting.id,
        "item_id": item_id,
        "person_id": somebody.id,
        "grant_id": grant_id,
        "session_id": session_id,
    }


def member_records(session: Session, owner: Person) -> dict[str, Mapping[str, object]]:
    """The owner's unit with a colleague, somebody who asks to join, and an invitation."""
    own = owner.memberships[0]
    colleague = make_membership(session, organisation=own.organisation, level=Level.EDITOR)
    asking = make_membership(session, organisation=own.organisation, state=MembershipState.UNVERIFIED)
    invitation = make_invitation(session, own, token=TOKEN, invited_at=NOON)
    make_reset(session, owner, token=TOKEN, asked_at=real_now())
    unit = {"organisation_id": own.organisation_id}
    of_colleague = {**unit, "membership_id": colleague.id}
    of_invitation = {**unit, "invitation_id": invitation.id}
    return {
        "accounts.members": unit,
        "applications.profile": unit,
        "accounts.invite": unit,
        "accounts.answer_request": {**unit, "membership_id": asking.id},
        "accounts.change_level": of_colleague,
        "accounts.hand_over": of_colleague,
        "accounts.end_membership": of_colleague,
        "accounts.renew_invitation": of_invitation,
        "accounts.withdraw_invitation": of_invitation,
        "accounts.invitation": {"token": TOKEN},
        "accounts.reset_password": {"token": TOKEN},
    }


def refused_membership(session: Session, owner: Person) -> UUID:
    return make_membership(session, person=owner, state=MembershipState.REFUSED, reason="不清晰").id


def draft_records(session: Session, draft: Application) -> dict[str, object]:
    """The draft with a section, a file, a row of its first table that has rows, and a remark on an answer."""
    attachment = session.scalars(select(Attachment).where(Attachment.application_id == draft.id)).first()
    row = session.scalars(select(AnswerRow).where(AnswerRow.application_id == draft.id)).first()
    assert attachment is not None
    assert row is not None
    show_first_page(session, attachment.file.sha256)
    section = definition_of(draft.call.definition).sections[0].key
    write_comment(session, draft, "product_name", "", "请核对", actor=owner_of(session, draft), now=NOON)
    place = {"field": "product_name", "table": row.table_key, "row": row.row_id, "slot": attachment.slot_key}
    return {"application_id": draft.id, "key": section, "attachment_id": attachment.id, **place}


def upload_records(session: Session, draft: Application, owner: Person) -> dict[str, dict[str, object]]:
    """An upload of the owner's that has just begun."""
    upload = begin_upload(
        session, draft, "a1", "", name="盖章.pdf", size_bytes=9, mark="", actor=actor_of(session, owner), now=NOON
    )
    here = {"application_id": draft.id, "upload_id": upload.upload_id}
    names = ("upload_state", "send_piece", "finish_upload", "discard_upload")
    return {f"applications.{name}": here for name in names}


def notice_records(session: Session, organisation: Organisation) -> dict[str, Mapping[str, object]]:
    """A rejection in writing, as a worker has made it; it can still be objected to."""
    case = make_checked(session, organisation=organisation)
    decision = FormalDecision(
        application_id=case.id,
        revision_id=current_revision(session, case).id,
        outcome=Outcome.REJECT,
        rule="SBC-05",
        clause="二(1)",
        reason="不在本市登记。",
        decided_by=make_staff(session, Role.OFFICER).id,
        decided_at=NOON,
        reconsider_until=local_date(NOON),
    )
    session.add(decision)
    session.flush()
    set_state(session, case, ApplicationState.REJECTED)
    made = documents.keep_bytes(pdf_bytes("notice"), name="notice.pdf", content_type="application/pdf", pages=1)
    session.add(FormalNotice(decision_id=decision.id, content="{}", sha256="0" * 64, issued_at=NOON))
    session.flush()
    keep_notice_pdf(session, decision.id, made, now=NOON)
    here = {"decision_id": decision.id}
    return {
        "eligibility.notice": {"application_id": case.id, **here},
        "eligibility.case_notice": {"ref": case.ref, **here},
        "eligibility.ask_reconsideration": {"application_id": case.id},
        "eligibility.reconsider": {"ref": case.ref},
        "eligibility.revoke": {"ref": proposed_revocation(session).ref},
    }


def proposed_revocation(session: Session) -> Application:
    """An accepted case against whose acceptance an officer has proposed something."""
    case, officer = make_checked(session), make_staff(session, Role.OFFICER)
    accepted = decide(session, case, outcome=Outcome.ACCEPT, actor=actor_of(session, officer), now=NOON)
    said = {"rule": "SBC-05", "clause": "二(1)", "reason": "已迁出本市。"}
    by = {"proposed_by": officer.id, "proposed_at": NOON}
    session.add(AcceptanceRevocation(application_id=case.id, decision_id=accepted.id, **said, **by))
    session.flush()
    return case


def paper_records(session: Session, filed: Application, reviewed: Application) -> dict[str, Mapping[str, object]]:
    """PDFs of one's own application and of a case, and what asks for them."""
    own = {"application_id": filed.id, "number": 1}
    case = {"ref": reviewed.ref, "number": 1}
    return {
        "applications.papers": own,
        "applications.revision_content": own,
        "applications.request_paper": {**own, "kind": "form"},
        "applications.paper": {**own, "pdf_id": make_pdf(session, filed)},
        "applications.case_papers": case,
        "applications.case_revision_content": case,
        "applications.request_case_paper": {**case, "kind": "receipt"},
        "applications.case_paper": {**case, "pdf_id": make_pdf(session, reviewed)},
    }


def make_pdf(session: Session, application: Application) -> UUID:
    """An application's PDF as a worker has made it; only that there is one matters here."""
    revision, asker = current_revision(session, application), owner_of(session, application)
    asked = ask_for_pdf(session, application, PdfKind.FORM, number=revision.number, actor=asker, now=NOON)
    made = documents.keep_bytes(pdf_bytes("form"), name="form.pdf", content_type="application/pdf", pages=1)
    keep_pdf(session, asked.id, made, source_sha256=revision.sha256, now=NOON)
    return asked.id


def make_reviewing(session: Session) -> tuple[Application, Assignment]:
    """An accepted application with its panel of the whole pool, and one of its invited experts."""
    application = make_application(session, submitted=True, now=NOON)
    set_state(session, application, ApplicationState.ACCEPTED)
    panel = draw(session, application)
    return application, panel.assignments[0]


def a_document(session: Session, application: Application) -> dict[str, object]:
    """The first document of the revision in force, as addresses name it."""
    entry = case_content(current_revision(session, application))["documents"][0]
    return {"slot": entry["key"], "sha256": entry["sha256"]}


def a_shown_document(session: Session, application: Application) -> dict[str, object]:
    """The same, with a picture of its first page."""
    place = a_document(session, application)
    show_first_page(session, str(place["sha256"]))
    return place


def show_first_page(session: Session, sha256: str) -> None:
    """Give a content a preview."""
    picture = documents.keep_bytes(picture_bytes("JPEG"), name="preview.jpg", content_type="image/jpeg")
    documents.keep_preview(session, sha256, picture, now=NOON)


def make_outage(session: Session, call: Call) -> Outage:
    """An hour within the call's window in which the site was not served."""
    outage = Outage(part="web", began_at=call.opens_at, ended_at=call.opens_at + timedelta(hours=1))
    session.add(outage)
    session.flush()
    return outage


def dead_message(session: Session) -> outbox.Message:
    message = outbox.publish(session, "mail.requested", {"mail_id": "none"})
    session.flush()
    outbox.bury(session, message.id, at=real_now(), error="practice")
    return message


def outcome(status: int, location: str) -> str:
    """One answer in the words of the table; what a form or a state says (and that no broker runs here) is served."""
    if location.startswith("/sign-in"):
        return "sign-in"
    if status == 403:
        return "403"
    return "404" if status == 404 else "ok" if status < 500 or status == 503 else str(status)


def walk(app: Flask, session: Session) -> Outcomes:
    """What each role gets at each route by each method."""
    world, found = build_world(session), Outcomes()
    connection = db.engines[None]
    for rule in app.url_map.iter_rules():
        if rule.endpoint.endswith("static"):
            continue
        address = world.address(app, rule)
        for method in sorted(rule.methods - SILENT):
            row = found.setdefault((rule.endpoint, method), {})
            for role in ROLES:
                undo = connection.begin_nested()
                row[role] = ask(app, world.keys.get(role), method, address)
                undo.rollback()
    return found


def ask(app: Flask, key: str | None, method: str, address: str) -> str:
    browser = Browser(app, app.response_class)
    if key is not None:
        sign_in_by_key(browser, key)
    answer = browser.open(address, method=method)
    told = outcome(answer.status_code, answer.headers.get("Location", ""))
    answer.close()
    return told


def read_table() -> Outcomes:
    """``endpoint: {METHOD: {role: outcome, others: outcome}}`` with every role filled in."""
    written = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return {
        (endpoint, method): {role: str(row.get(role, row.get("others"))) for role in ROLES}
        for endpoint, methods in written.items()
        for method, row in methods.items()
    }


@pytest.fixture
def open_call() -> Iterator[None]:
    """The machine's clock stands while the factories' calls are open."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def without_tokens(app: Flask) -> Iterator[None]:
    """Requests are refused for who asks, not for a missing token."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.mark.single_database
@pytest.mark.usefixtures("open_call", "without_tokens")
def test_everybody_reaches_what_the_table_says_and_nothing_else(app: Flask, session: Session) -> None:
    table, found = read_table(), walk(app, session)

    assert {f"{endpoint} {method}" for endpoint, method in found.keys() ^ table.keys()} == set(), (
        "keep access.yaml in step"
    )
    differing = [
        f"{endpoint} {method} as {role}: {row[role]}, the table says {table[endpoint, method][role]}"
        for (endpoint, method), row in found.items()
        for role in ROLES
        if row[role] != table[endpoint, method][role]
    ]
    assert differing == []

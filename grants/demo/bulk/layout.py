"""Which rows an application of a large round has, stage by stage, in the order in which the services write them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from grants.accounts.models import Membership, Organisation, Person
from grants.accounts.states import Level, MembershipState
from grants.applications.domain import (
    canonical_text,
    case_content_of,
    receipt_ref,
    requested_fen_of,
    revision_content,
    title_of,
)
from grants.applications.models import Answer, AnswerRow, Application, Attachment, Claim, Revision
from grants.applications.services import accepted_in, clock_face, profile_of
from grants.applications.states import ApplicationState
from grants.db import uuid7
from grants.demo.bulk.cases import PREFILLED, BulkCase, register_entry
from grants.demo.bulk.rows import Rows
from grants.demo.filling import own_rows, section_entries
from grants.demo.work import TICK
from grants.documents import Received, StoredFile
from grants.eligibility import domain, services
from grants.eligibility.models import CheckSummary, EligibilityRun, Finding
from grants.eligibility.services.evidence import claims_found, files_found
from grants.eligibility.services.recording import code_version, outcome_words
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM
from grants.kernel.canonical import fingerprint
from grants.programmes.domain import claims_of

STATES = ApplicationState


def lay_out(rows: Rows, case: BulkCase) -> None:
    """Add every row of one case."""
    add_enterprise(rows, case)
    add_application(rows, case)
    add_answers(rows, case)
    add_papers(rows, case)
    revision_id, content = add_revision(rows, case)
    add_check(rows, case, revision_id, content)


def add_enterprise(rows: Rows, case: BulkCase) -> None:
    """Registration and its verification."""
    one, times, setting = case.one, case.times, case.setting
    membership_id, owner = uuid7(), case.actor.label
    rows.add(
        Person,
        id=case.person_id,
        email=one.email,
        name=one.contact,
        phone=one.phone,
        password_hash=setting.password_hash,
        session_epoch=0,
        created_at=times.registered_at,
        disabled_at=None,
    )
    rows.add(
        Organisation,
        id=case.organisation_id,
        uscc=one.uscc,
        name=one.name,
        profile=profile_of(case.draft, {}),
        created_at=times.registered_at,
    )
    proof_id = add_file(rows, case, setting.licence, times.registered_at)
    rows.add(
        Membership,
        id=membership_id,
        person_id=case.person_id,
        organisation_id=case.organisation_id,
        level=Level.OWNER,
        state=MembershipState.VERIFIED,
        may_draft=True,
        stated_name=one.name,
        proof_file_id=proof_id,
        created_at=times.registered_at,
        decided_by=setting.officer_id,
        decided_at=times.verified_at,
        reason="",
    )
    subject = ("membership", membership_id)
    asked = {"organisation": one.uscc, "stated_name": one.name, "new": True, "proof": str(proof_id)}
    rows.record(owner, "membership.requested", subject, at=times.registered_at, detail=asked)
    told = {"organisation": one.uscc, "reason": ""}
    rows.record(str(setting.officer_id), "membership.verified", subject, at=times.verified_at, detail=told)
    facts = {"name": one.name, "ref": one.uscc}
    for kind, key, at in (
        ("account.registered", f"registered:{case.person_id}", times.registered_at),
        (
            "membership.verified",
            f"membership.verified:{membership_id}:{times.verified_at.isoformat()}",
            times.verified_at,
        ),
    ):
        rows.tell(case.recipient, kind, event_key=key, facts=facts, path="/organisation", at=at, delivered_at=at)


def add_application(rows: Rows, case: BulkCase) -> None:
    """The application as it stands in the end, and the entry of its beginning."""
    setting, times = case.setting, case.times
    rows.add(
        Application,
        id=case.application_id,
        call_id=setting.call_id,
        organisation_id=case.organisation_id,
        created_by=case.person_id,
        created_at=times.begun_at,
        state=STATES.CHECKED,
        state_since=times.checked_at,
        title=title_of(case.draft),
        requested_fen=requested_fen_of(case.draft),
        district_code=case.draft.value("org.reg_district"),
        ref=ref_of(case),
        receipt_no=case.receipt_no,
        submitted_at=times.submitted_at,
        revision_no=1,
        submission_begun_at=None,
        passed_to_district_at=None,
    )
    detail = {"call": setting.call["ref"], "organisation": case.one.uscc}
    record(rows, case, "started", times.begun_at, detail)


def add_answers(rows: Rows, case: BulkCase) -> None:
    """Rows and answers, and the entries of each section's saving."""
    changed: dict[str, Any] = {"changed_by": case.person_id}
    for (path, row), answer in case.draft.answers.items():
        rows.add(
            Answer,
            application_id=case.application_id,
            field_key=path,
            row_id=row,
            value=answer.value,
            version=answer.version,
            changed_at=answer.changed_at,
            **changed,
        )
    for table, stored in case.draft.rows.items():
        for place in stored:
            rows.add(
                AnswerRow,
                application_id=case.application_id,
                table_key=table,
                row_id=place.id,
                position=place.position,
                deleted=False,
                version=place.version,
                changed_at=case.times.filled_at,
                **changed,
            )
    for section in case.setting.definition.sections:
        for table, row_id in own_rows(section, case.filled):
            record(rows, case, "row_added", case.times.filled_at, {"table": table, "row": row_id})
        entries = [entry for entry in section_entries(section, case.filled) if entry.path not in PREFILLED]
        if entries:
            names = [f"{entry.path}[{entry.row}]" if entry.row else entry.path for entry in entries]
            record(rows, case, "answers_saved", case.times.filled_at, {"answers": names})


def add_papers(rows: Rows, case: BulkCase) -> None:
    """The files in their slots."""
    for file in case.draft.files:
        paper = case.setting.papers[file.slot]
        rows.add(
            Attachment,
            id=file.id,
            application_id=case.application_id,
            slot_key=file.slot,
            row_id=file.row,
            file_id=add_file(rows, case, paper, file.attached_at),
            attached_at=file.attached_at,
            attached_by=case.person_id,
            removed_at=None,
        )
        detail = {"slot": file.slot, "row": file.row, "sha256": file.sha256}
        record(rows, case, "file_attached", file.attached_at, detail)


def add_file(rows: Rows, case: BulkCase, received: Received, at: Any) -> UUID:
    """The row of one received file; returns its id."""
    file_id = uuid7()
    rows.add(StoredFile, id=file_id, **asdict(received), uploaded_by=str(case.person_id), uploaded_at=at)
    return file_id


def add_revision(rows: Rows, case: BulkCase) -> tuple[UUID, str]:
    """What is frozen and claimed at the submission; returns the revision's id and content."""
    at, revision_id = case.times.submitted_at, uuid7()
    content = revision_content(
        case.draft,
        application_id=case.application_id,
        number=1,
        first_submitted_at=at,
        submitted_at=at,
        undertakings=accepted_in(case.draft, case.actor, at),
    )
    text, sha256 = canonical_text(content), fingerprint(content)
    rows.add(
        Revision,
        id=revision_id,
        application_id=case.application_id,
        number=1,
        content=text,
        sha256=sha256,
        submitted_by=case.person_id,
        submitted_at=at,
    )
    for claim in claims_of(case.setting.definition, case.draft.case):
        rows.add(
            Claim,
            id=uuid7(),
            kind=claim.kind,
            scope=claim.scope,
            key=claim.key,
            application_id=case.application_id,
            claimed_at=at,
            released_at=None,
        )
    record(rows, case, "submitted", at, {"revision": 1, "sha256": sha256})
    rows.publish_done("application.submitted", {"revision_id": str(revision_id)})
    rows.tell(
        case.recipient,
        "application.submitted",
        event_key=f"application.submitted:{revision_id}",
        facts={**facts_of(case), "submitted_at": clock_face(at)},
        path=f"/apply/{case.application_id}/receipt",
        at=at,
        delivered_at=case.times.checked_at,
    )
    return revision_id, text


def add_check(rows: Rows, case: BulkCase, revision_id: UUID, content: str) -> None:
    """The first run with its findings, what it comes to, and the news of it."""
    at, run_id = case.times.checked_at, uuid7()
    judged = services.judge(case_to_check(case, revision_id, content))
    counts, proposal = domain.tally(judged.findings), domain.propose(judged.findings)
    rows.add(
        EligibilityRun,
        id=run_id,
        application_id=case.application_id,
        revision_id=revision_id,
        kind=RunKind.SUBMIT,
        number=1,
        definition_id=case.setting.definition_id,
        case=judged.content,
        evidence=judged.evidence,
        code_version=code_version(),
        finished_at=at,
        superseded_at=None,
        passed=counts.passed,
        failed=counts.failed + counts.warned,
        unknown=counts.unknown,
    )
    for position, finding in enumerate(judged.findings):
        rows.add(Finding, id=uuid7(), run_id=run_id, position=position, **finding.to_json())
    summed = asdict(counts)
    summary = CheckSummary(proposal=proposal)
    rows.add(
        CheckSummary,
        application_id=case.application_id,
        revision_id=revision_id,
        proposal=proposal,
        **summed,
        checked_at=at,
        asof_announced_at=case.times.settled_at,
    )
    record(rows, case, "check_started", at, {"from": STATES.SUBMITTED, "to": STATES.CHECKING}, actor=SYSTEM.label)
    moved = {"from": STATES.CHECKING, "to": STATES.CHECKED}
    detail = {**moved, "run": run_id, "kind": RunKind.SUBMIT, "number": 1, **summed, "proposal": proposal}
    record(rows, case, "checked", at, detail, actor=SYSTEM.label)
    rows.tell(
        case.recipient,
        "check.finished",
        event_key=f"check.finished:run:{run_id}",
        facts={**facts_of(case), "outcome": outcome_words(summary)},
        path=f"/apply/{case.application_id}/",
        at=at,
        delivered_at=at + TICK,
    )


def case_to_check(case: BulkCase, revision_id: UUID, content: str) -> services.CaseToCheck:
    """The frozen case with the evidence that a reading would find: no claims of others, sound papers."""
    setting, at = case.setting, case.times.checked_at
    frozen = case_content_of(content)
    pages = {paper.sha256: paper.pages for paper in setting.papers.values()}
    evidence = json.loads(json.dumps(setting.registers))
    evidence["reg"]["record"] = register_entry(case.one)
    evidence["claims"] = claims_found([], now=at)
    evidence["files"] = files_found(frozen["documents"], pages, now=at)
    return services.CaseToCheck(
        revision_id=revision_id,
        application_id=case.application_id,
        kind=RunKind.SUBMIT,
        definition=setting.definition,
        definition_id=setting.definition_id,
        content={
            "definition": setting.definition.code,
            "call": setting.call,
            "submitted_at": case.times.submitted_at.isoformat(),
            "application": ref_of(case),
            "receipt_no": case.receipt_no,
            **frozen,
            "district": {"recommended": None},
        },
        evidence=evidence,
        earlier=(),
        read_at=at,
    )


def facts_of(case: BulkCase) -> dict[str, str]:
    """What every letter about the application says."""
    return {"name": case.setting.title, "ref": ref_of(case), "title": title_of(case.draft)}


def ref_of(case: BulkCase) -> str:
    """The application's number."""
    return receipt_ref(str(case.setting.call["ref"]), case.receipt_no)


def record(rows: Rows, case: BulkCase, event: str, at: Any, detail: dict[str, Any], *, actor: str = "") -> None:
    """An entry about the application, by its owner unless told otherwise."""
    subject = ("application", case.application_id)
    rows.record(actor or case.actor.label, f"application.{event}", subject, at=at, detail=detail)

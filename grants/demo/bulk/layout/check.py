"""The rows of a check: the run, its findings, what they come to."""

from __future__ import annotations

import json
from dataclasses import asdict
from uuid import UUID

from grants.applications.domain import (
    case_content_of,
)
from grants.applications.states import ApplicationState
from grants.db import uuid7
from grants.demo.bulk.cases import BulkCase, register_entry
from grants.demo.bulk.layout.entries import facts_of, record, ref_of
from grants.demo.bulk.rows import Rows
from grants.demo.work import TICK
from grants.eligibility import domain, services
from grants.eligibility.models import CheckSummary, EligibilityRun, Finding
from grants.eligibility.services.evidence import claims_found, files_found
from grants.eligibility.services.recording import code_version, outcome_words
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM

STATES = ApplicationState


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
    papers = {file.sha256: (file.pages, True) for file in case.draft.files}
    evidence = json.loads(json.dumps(setting.registers))
    evidence["reg"]["record"] = register_entry(case.one)
    evidence["claims"] = claims_found([], now=at)
    evidence["files"] = files_found(frozen["documents"], papers, now=at)
    return services.CaseToCheck(
        revision_id=revision_id,
        revision_no=1,
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
        comparison=None,
        read_at=at,
    )

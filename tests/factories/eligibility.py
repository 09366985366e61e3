"""Submitted applications for tests, frozen from the base cases that the rules' own tests keep, and their checks.

The shortcut is in how the answers come: straight from a case. Revision, claims, state and message are as a submission
leaves them.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import yaml
from sqlalchemy import update
from sqlalchemy.orm import Session

from grants import outbox
from grants.accounts.models import Organisation, Person
from grants.applications.models import Application, Attachment, Revision
from grants.applications.queries import case_content, current_revision
from grants.applications.services import claim_uses
from grants.applications.states import ApplicationState
from grants.calls.models import Call
from grants.documents.models import StoredFile
from grants.documents.states import ScanState
from grants.eligibility import services
from grants.eligibility.models import EligibilityRun
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM
from grants.kernel.canonical import canonical_json, fingerprint
from grants.kernel.money import yuan
from grants.programmes.domain import case_from_json, claims_of
from grants.programmes.queries import definition_of
from tests.factories.accounts import make_membership, make_organisation
from tests.factories.calls import NOON, make_call
from tests.factories.registers import make_registers
from tests.support.alike import proposal, written

CASES = Path(__file__).parents[1] / "unit" / "programmes" / "cases"
UNIQUE_COLUMNS = {"contract_no", "invoice_nos"}
_numbers = count(1)


@cache
def base_case(code: str) -> dict[str, Any]:
    """The sound case of a programme."""
    base: dict[str, Any] = yaml.safe_load((CASES / f"{code}.yaml").read_text(encoding="utf-8"))["base"]
    return base


def make_case_call(session: Session, code: str = "sbc", **changes: Any) -> Call:
    """A call whose dates and parameters are those of the base case; open at NOON."""
    facts = base_case(code)["call"]
    given = {
        "opens_at": datetime.fromisoformat(facts["opens_at"]),
        "closes_at": datetime.fromisoformat(facts["effective_close"]),
        "parameters": {key: str(value) for key, value in facts.get("parameters", {}).items()},
    }
    return make_call(session, code=code, **{**given, **changes})


def submit_case(
    session: Session,
    *,
    code: str = "sbc",
    call: Call | None = None,
    organisation: Organisation | None = None,
    answers: Mapping[str, Any] | None = None,
    org: Mapping[str, Any] | None = None,
    without_documents: tuple[str, ...] = (),
    same_papers: bool = False,
    now: datetime = NOON,
) -> Application:
    """A sound application, submitted at ``now`` and waiting for its check.

    ``answers`` and ``org`` replace answers of the base case; its contract and invoice numbers are made unique unless
    ``same_papers``. The organisation has one member, its owner.
    """
    call = call or make_case_call(session, code)
    organisation = organisation or make_organisation(session)
    person = make_membership(session, organisation=organisation).person
    number = call.next_receipt_no
    call.next_receipt_no = number + 1
    application = Application(
        call=call,
        organisation=organisation,
        created_by=person.id,
        created_at=now,
        state=ApplicationState.SUBMITTED,
        state_since=now,
        requested_fen=0,
        receipt_no=number,
        ref=f"{call.ref}-{number:04d}",
        submitted_at=now,
    )
    session.add(application)
    session.flush()
    content = _content(code, organisation, answers or {}, org or {}, without_documents)
    if not same_papers:
        _make_papers_unique(content)
    application.title = str(content["answers"].get("product_name") or content["answers"].get("proj_name"))
    application.requested_fen = yuan(content["answers"]["requested"])
    application.district_code = content["org"]["reg_district"]
    freeze(session, application, content, person=person, now=now)
    return application


def correct_case(session: Session, application: Application, *, now: datetime, **org_or_answers: Any) -> Revision:
    """A second revision with other answers (``org.<key>`` in ``org``), as a resubmission leaves it."""
    former = current_revision(session, application)
    content = case_content(former)
    content["org"].update(org_or_answers.pop("org", {}))
    content["answers"].update(org_or_answers)
    application.district_code = content["org"]["reg_district"]
    application.state, application.state_since = ApplicationState.SUBMITTED, now
    person = session.get_one(Person, application.created_by)
    return freeze(session, application, content, person=person, now=now)


def freeze(
    session: Session, application: Application, content: dict[str, Any], *, person: Person, now: datetime
) -> Revision:
    """Freeze the content as the next revision, claim what it claims, and announce it."""
    application.revision_no += 1
    facts = {"ref": application.call.ref, "effective_close": application.call.closes_at.isoformat()}
    whole = {**content, "call": facts, "revision": application.revision_no}
    revision = Revision(
        application=application,
        number=application.revision_no,
        content=canonical_json(whole).decode(),
        sha256=fingerprint({**whole, "application": application.id}),
        submitted_by=person.id,
        submitted_at=now,
    )
    session.add(revision)
    for document in content["documents"]:
        _attach(session, application, document, person=person, now=now)
    session.flush()
    definition = definition_of(application.call.definition)
    case = case_from_json(definition, services.case_of(session, revision))
    claim_uses(session, application, claims_of(definition, case), now=now)
    outbox.publish(session, "application.submitted", {"revision_id": str(revision.id)})
    session.flush()
    return revision


def check(session: Session, application: Application, *, kind: RunKind = RunKind.SUBMIT, now: datetime = NOON) -> Any:
    """The check that a worker would run, through the services; returns the run in effect."""
    revision_id = current_revision(session, application).id
    if kind is RunKind.SUBMIT:
        services.start_check(session, revision_id, actor=SYSTEM, now=now)
    judged = services.judge(services.read_case(session, revision_id, kind, now=now))
    run_id = services.record_run(session, judged, actor=SYSTEM, now=now)
    return session.get(EligibilityRun, run_id) if run_id is not None else None


def make_checked(session: Session, *, registers: bool = True, now: datetime = NOON, **given: Any) -> Application:
    """A checked application; with ``registers`` all of them speak soundly of its enterprise."""
    organisation = given.pop("organisation", None) or make_organisation(session)
    if registers:
        make_registers(session, organisation.uscc)
    application = submit_case(session, organisation=organisation, now=now, **given)
    check(session, application, now=now)
    return application


def set_state(session: Session, application: Application, state: ApplicationState, *, now: datetime = NOON) -> None:
    """Put an application into a state as later stages would; for lists and pages only."""
    changed = {"state": state, "state_since": now}
    if state is ApplicationState.DISTRICT_REVIEW:
        changed["passed_to_district_at"] = now
    session.execute(update(Application).where(Application.id == application.id).values(**changed))
    session.refresh(application)


def _content(
    code: str,
    organisation: Organisation,
    answers: Mapping[str, Any],
    org: Mapping[str, Any],
    without_documents: tuple[str, ...],
) -> dict[str, Any]:
    base = deepcopy(base_case(code))
    former_name = base["org"]["name"]
    content = {
        "org": {**base["org"], "name": organisation.name, "uscc": organisation.uscc, **org},
        "answers": {**base["answers"], **answers},
        "documents": [document for document in base["documents"] if document["key"] not in without_documents],
    }
    for right in content["answers"].get("copyrights", ()):
        right["holders"] = [organisation.name if holder == former_name else holder for holder in right["holders"]]
    for number, document in enumerate(content["documents"]):
        mark = f"{organisation.uscc}/{document['key']}/{document['row']}/{next(_numbers)}"
        document.update(sha256=sha256(mark.encode()).hexdigest(), name=f"{document['key']}-{number}.pdf", size=2_048)
    return _texts(content)


def _texts(value: Any) -> Any:
    """YAML's own dates as the texts that answers are."""
    if isinstance(value, dict):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _make_papers_unique(content: dict[str, Any]) -> None:
    for row in content["answers"].get("contracts", ()):
        row["contract_no"] = f"{row['contract_no']}-{next(_numbers)}"
        row["invoice_nos"] = [f"{number[:-6]}{next(_numbers):06d}" for number in row["invoice_nos"]]


def _attach(
    session: Session, application: Application, document: Mapping[str, Any], *, person: Person, now: datetime
) -> None:
    file = StoredFile(
        sha256=document["sha256"],
        name=document["name"],
        content_type="application/pdf",
        size_bytes=document["size"],
        pages=document["pages"],
        uploaded_by=str(person.id),
        uploaded_at=now,
        scan_state=ScanState.CLEAN,
        scanned_at=now,
    )
    place = {"slot_key": document["key"], "row_id": document["row"] or "", "file": file}
    session.add(Attachment(application_id=application.id, attached_at=now, attached_by=person.id, **place))


def make_compared(session: Session, *, now: datetime = NOON) -> tuple[Application, Application]:
    """Two checked applications in two calls, the later one with the texts of the earlier one in another order."""
    dice = Random(31)
    parts = proposal(dice, count=30)
    found = []
    for number, given in enumerate((parts, dice.sample(parts, len(parts)))):
        answers = {"summary": written(given[:15]), "innovation": written(given[15:])}
        at = now + timedelta(hours=number)
        application = submit_case(session, code="hlw", answers=answers, now=at)
        check(session, application, now=at)
        found.append(application)
    return found[0], found[1]

"""One engine, four places: a stranger's pre-check, the form while it is filled in, the worker's check, the officer's
re-run. Each is asked at its own door; what they say of the same answers is the same, rule by rule and byte by byte."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from grants.accounts.models import Person
from grants.applications import queries, services
from grants.applications.domain import Draft, StoredAnswer, StoredRow, advance_findings, undertakings_asked
from grants.applications.forms import posted_values
from grants.applications.models import Application
from grants.calls import domain as calls
from grants.calls import forms as calls_forms
from grants.calls import services as services_of_calls
from grants.calls.queries import call_facts
from grants.eligibility import queries as checks
from grants.eligibility.services.checking import judge_texts
from grants.eligibility.states import RunKind
from grants.kernel.actor import SYSTEM, Role
from grants.kernel.canonical import canonical_json
from grants.programmes import services as programmes
from grants.programmes.domain import Case, Definition, FindingVerdict, RuleStage, evaluate, parse_definition
from grants.questions import BUILDERS, to_typed
from grants.web.forms import StageForm
from tests.factories.accounts import make_staff, sign_in
from tests.factories.applications import answers_for, make_application, owner_of
from tests.factories.calls import make_call, make_plan
from tests.factories.programmes import LOADED_AT, shipped_text
from tests.factories.registers import make_registers
from tests.support.outbox import drain_outbox

Changes = dict[tuple[str, str], Any]
JSON = {"Accept": "application/json"}
QUESTION = re.compile(r"(\{key: \w+, label: [^,{}]+, kind: (?!computed|undertaking)\w+)(?=[,}])(?![^\n]*precheck)")
INSTANT = {"SBC-01"}  # reads the instant of submission, which only the submitted have
TICKED_OR_UPLOADED = {"SBC-12", "SBC-14b", "SBC-15", "SBC-22b"}  # rest on what nobody gives to a pre-check
NOBODY = UUID(int=0)


@cache
def asking_everything() -> str:
    """The shipped definition with every question marked for the pre-check, under a version of its own."""
    form, rest = shipped_text("sbc").split("\ndocuments:\n")
    marked = QUESTION.sub(r"\1, precheck: true", form)
    return re.sub(r'^version: "[^"]+"', 'version: "9.7"', marked, flags=re.MULTILINE) + "\ndocuments:\n" + rest


@dataclass(frozen=True)
class Places:
    """One application and what each place said of it: findings in JSON by rule."""

    application: Application
    precheck: dict[str, dict[str, Any]]
    standing: set[str]
    live: dict[str, dict[str, Any]]
    advice: dict[str, tuple[str, str]]
    worker: dict[str, dict[str, Any]]


def by_rule(findings: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {finding["rule"]: finding for finding in findings}


def run_of(session: Any, application: Application) -> dict[str, dict[str, Any]]:
    """The findings of the run in effect, as they are stored."""
    run = checks.find_run(session, queries.current_revision(session, application).id, RunKind.SUBMIT)
    return by_rule(checks.findings_of(run))


def typed_answers(draft: Draft) -> MultiDict[str, str]:
    """The form of the pre-check as somebody fills it in who gives the very answers of the draft."""
    posted: MultiDict[str, str] = MultiDict()
    rows = {table: draft.row_ids(draft.definition.field(table)) for table in draft.rows}
    asked = calls_forms.inputs_of(calls_forms.questions_of(draft.definition, rows_shown(draft, rows)))
    form = type(
        "Typing", (StageForm,), {one.name: BUILDERS[one.field.kind](draft.definition, one.field) for one in asked}
    )
    blank = form(formdata=None, meta={"csrf": False})
    for one in asked:
        blank[one.name].process_data(to_typed(one.field, draft.value(*one.place)))
        for name, value in posted_values(blank[one.name]):
            posted.add(name, value)
    for table, ids in rows.items():
        posted.add(f"rows-{table}", " ".join(ids))
    return posted


def rows_shown(draft: Draft, rows: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    tables = [draft.definition.field(path) for path in draft.definition.section_of]
    fixed = {table.path: draft.row_ids(table) for table in tables if table.fixed_rows is not None}
    return {**fixed, **rows}


def change(session: Session, application: Application, changes: Changes, now: datetime) -> None:
    entries = [services.Entry(path, row, value) for (path, row), value in changes.items()]
    services.save_answers(session, application, entries, actor=owner_of(session, application), now=now)


VARIANTS: dict[str, Changes] = {
    "照原样": {},
    "类别、日期、金额都不对": {
        ("category", ""): "其他",
        ("dev_done_date", ""): "2019-01-01",
        ("requested", ""): 10**9,
        ("contracts.software", "r1"): 100,
        ("contracts.related", "r1"): True,
        ("contracts.first_invoice_on", "r2"): "2019-05-02",
    },
    "名称不一致，分支机构，不是企业": {
        ("product_name", ""): "另一软件",
        ("org.is_branch", ""): True,
        ("org.org_type", ""): "社会组织",
        ("contracts.buyer_abroad", "r1"): True,
        ("contracts.signed_on", "r1"): "2019-04-01",
    },
}


@pytest.fixture
def submit_through(session, client, clock, now):
    """Fill in a draft, ask every place on its way, submit it and have it checked by the worker's own task."""

    def go(changes: Changes) -> Places:
        version = programmes.load_definition(session, asking_everything(), actor=SYSTEM, now=LOADED_AT)
        if version.published_at is None:
            programmes.publish_definition(session, version, actor=SYSTEM, now=LOADED_AT)
        plan = make_plan(now=now)
        call = services_of_calls.draft_call(session, plan, definition_version=version, actor=SYSTEM, now=now)
        services_of_calls.announce_call(session, call, actor=SYSTEM, now=plan.opens_at)
        application = make_application(session, call=call, complete=True, now=now)
        person = session.get_one(Person, application.created_by)
        change(session, application, changes, now)
        session.commit()
        draft = queries.load_draft(session, application)
        asked = client.post(f"/calls/{call.ref}/precheck", data=typed_answers(draft), headers=JSON)
        assert asked.status_code == 200, asked.text
        sign_in(client, person)
        told = client.post(f"/apply/{application.id}/live/product", data={"shown": "{}"}, headers=JSON).json
        undertakings = {f"a-{path}": "y" for path in undertakings_asked(draft)}
        form = {"revision_no": "0", **undertakings}
        assert client.post(f"/apply/{application.id}/submit", data=form).status_code == 303
        drain_outbox()
        return Places(
            application=application,
            precheck=by_rule([one["finding"] for one in asked.json["findings"]]),
            standing={one["finding"]["rule"] for one in asked.json["findings"] if one["stands"]},
            live=by_rule([finding.to_json() for finding in advance_findings(draft)]),
            advice={one["title"]: (one["verdict"], one["text"]) for one in told["advice"]},
            worker=run_of(session, application),
        )

    return go


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    """Whether two findings are the same bytes."""
    return canonical_json(first) == canonical_json(second)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_same_answers_are_judged_alike_at_every_door(session, submit_through, name):
    said = submit_through(VARIANTS[name])

    assert said.precheck.keys() == said.worker.keys()
    open_yet = said.precheck.keys() - said.standing
    assert {rule for rule in open_yet if not said.worker[rule]["evidence"]} <= INSTANT | TICKED_OR_UPLOADED
    for rule in said.standing:
        assert same(said.precheck[rule], said.worker[rule]), rule
    for rule, finding in said.live.items():
        assert same(finding, said.worker[rule]), rule
    assert said.live.keys() == {rule for rule, one in said.worker.items() if not one["evidence"]} - INSTANT
    against = {
        one["title"]: ("fail" if one["severity"] in ("reject", "return") else "warn", one["message"])
        for rule, one in said.worker.items()
        if one["verdict"] == "fail" and rule in said.live
    }
    assert said.advice == against
    assert len(against) > len(VARIANTS[name]) / 2


def test_without_its_evidence_a_finding_is_unknown_never_other(session, submit_through):
    said = submit_through({})

    for rule, finding in said.precheck.items():
        if finding["evidence"]:
            assert (rule in said.standing, finding["verdict"]) == (False, "unknown")
    read_elsewhere = {root["root"] for one in said.worker.values() for root in one["evidence"]} - {"claims", "files"}
    unread = [one for one in said.worker.values() if {root["root"] for root in one["evidence"]} & read_elsewhere]
    assert len(unread) >= 8
    assert {(one["verdict"], one["cause"]) for one in unread} == {("unknown", "evidence")}


def test_the_officers_run_says_the_same_until_the_registers_say_more(session, client, submit_through):
    said = submit_through(VARIANTS["名称不一致，分支机构，不是企业"])
    application = said.application
    sign_in(client, make_staff(session, Role.OFFICER))
    session.commit()
    address = f"/staff/cases/{application.ref}/recheck"

    assert client.post(address).status_code == 303
    drain_outbox()
    again = run_of(session, application)
    make_registers(session, application.organisation.uscc)
    assert client.post(address).status_code == 303
    drain_outbox()
    informed = run_of(session, application)

    assert canonical_json(again) == canonical_json(said.worker)
    for rule, finding in informed.items():
        if {root["root"] for root in finding["evidence"]} - {"claims", "files"}:
            assert finding["verdict"] == "pass", rule
        else:
            assert same(finding, again[rule]) or finding["evidence"], rule


def test_whatever_is_answered_every_place_builds_the_same_case(app, session, now):
    definition = parse_definition(asking_everything())
    call = make_call(session, now=now)
    facts, random, verdicts = call_facts(call), Random(41), set[str]()
    for _ in range(40):
        draft = random_draft(definition, facts, random)
        ticked = draft.with_values({(path, ""): True for path in undertakings_asked(draft)}, by=NOBODY, at=now)
        with app.test_request_context():
            case = case_of_form(definition, facts, typed_answers(draft), call.year)

        precheck = evaluate(definition, case, stages={RuleStage.SUBMIT})
        live = evaluate(definition, ticked.case, stages={RuleStage.SUBMIT})
        content = {"definition": "sbc", "call": facts, "submitted_at": None, **ticked.content}
        worker = judge_texts(definition, RunKind.SUBMIT, canonical_json(content).decode(), canonical_json({}).decode())

        texts = [canonical_json([finding.to_json() for finding in found]) for found in (precheck, live, worker)]
        assert texts[0] == texts[1] == texts[2]
        verdicts |= {finding.verdict for finding in precheck}
    assert verdicts == set(FindingVerdict) - {FindingVerdict.NOT_APPLICABLE}


def case_of_form(definition: Definition, facts: dict[str, Any], typed: MultiDict[str, str], year: int) -> Case:
    """The case that the pre-check makes of what was typed."""
    rows = calls_forms.read_rows(definition, typed, year)
    groups = calls_forms.questions_of(definition, rows)
    form = calls_forms.build_precheck_form(definition, groups)(formdata=typed)
    form.validate()
    assert form.errors == {}
    answers = calls_forms.values_of(form, calls_forms.inputs_of(groups))
    return calls.precheck_case(definition, facts, answers=answers, rows=rows)


def random_draft(definition: Definition, facts: dict[str, Any], random: Random) -> Draft:
    """A draft without files: the sound answers with some gone, some others, some rows gone."""
    given = answers_for(definition, call_year=facts["year"])
    changes = [change for variant in VARIANTS.values() for change in variant.items()]
    values = {**given.values, **dict(random.sample(changes, random.randint(0, 5)))}
    share = random.choice((0.0, 0.05, 0.4))
    kept = {place: value for place, value in values.items() if random.random() >= share}
    rows = {
        table: tuple(StoredRow(row, place, 1) for place, row in enumerate(ids) if random.random() > share / 2)
        for table, ids in given.rows.items()
    }
    answers = {place: StoredAnswer(value, 1, NOBODY, LOADED_AT) for place, value in kept.items()}
    begun = {table: tuple(row for row in found if _is_begun(answers, table, row.id)) for table, found in rows.items()}
    return Draft(definition, facts, answers, begun)


def _is_begun(answers: dict[tuple[str, str], Any], table: str, row: str) -> bool:
    return any(path.startswith(f"{table}.") and place == row for path, place in answers)

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from grants.eligibility import domain
from grants.eligibility.domain import CorrectionItem, Tally
from grants.eligibility.states import Proposal, RunKind
from grants.kernel.canonical import canonical_json
from grants.programmes.domain import parse_definition

DEFINITIONS = Path(__file__).parents[3] / "grants" / "programmes" / "definitions"


@pytest.fixture(scope="module")
def sbc():
    return parse_definition((DEFINITIONS / "sbc.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hlw():
    return parse_definition((DEFINITIONS / "hlw.yaml").read_text(encoding="utf-8"))


@dataclass
class Found:
    verdict: str = "pass"
    severity: str = "reject"
    cause: str | None = None
    rule: str = "R-1"
    due: bool = True
    message: str = "说明"
    read: tuple = ()


FAILED = Found("fail")
MISSING = Found("unknown", cause="answer")
UNREAD = Found("unknown", cause="evidence")


@pytest.mark.parametrize(
    ("findings", "proposal"),
    [
        ([], Proposal.ACCEPT),
        ([Found()], Proposal.ACCEPT),
        ([FAILED], Proposal.REJECT),
        ([Found("fail", "return")], Proposal.RETURN),
        ([Found("fail", "manual")], Proposal.LOOK),
        ([Found("fail", "warn")], Proposal.ACCEPT),
        ([Found("fail", "block")], Proposal.ACCEPT),
        ([MISSING], Proposal.RETURN),
        ([Found("unknown", "warn", "answer")], Proposal.ACCEPT),
        ([Found("unknown", "manual", "document")], Proposal.LOOK),
        ([UNREAD], Proposal.LOOK),
        ([Found("unknown", cause="undefined")], Proposal.LOOK),
        ([Found("not_applicable")], Proposal.ACCEPT),
        ([Found("unknown", cause="not_due", due=False)], Proposal.ACCEPT),
        ([UNREAD, Found("fail", "return"), FAILED], Proposal.REJECT),
        ([UNREAD, Found("fail", "return")], Proposal.RETURN),
    ],
)
def test_the_worst_finding_decides_what_is_proposed(findings, proposal):
    assert domain.propose(findings) is proposal


@pytest.mark.parametrize("severity", ["reject", "return", "manual", "warn", "block"])
@pytest.mark.parametrize("cause", ["answer", "document", "evidence", "not_yet", "undefined"])
def test_what_is_unknown_is_never_a_rejection(severity, cause):
    finding = Found("unknown", severity, cause)

    assert domain.propose([finding]) is not Proposal.REJECT
    assert domain.grounds_for_rejection([finding], correction_used=False) == ()


def test_what_was_to_be_put_right_and_was_not_is_a_ground_only_after_the_round():
    findings = [
        Found("fail", "return", rule="A"),
        Found("unknown", "return", "document", rule="B"),
        Found("unknown", "reject", "evidence", rule="C"),
        Found("fail", "warn", rule="D"),
        Found("fail", "manual", rule="E"),
    ]

    assert domain.grounds_for_rejection(findings, correction_used=False) == ("E",)
    assert domain.grounds_for_rejection(findings, correction_used=True) == ("A", "B", "E")


def test_hints_and_what_is_not_due_are_counted_apart():
    findings = [Found(), FAILED, Found("fail", "warn"), UNREAD, Found("not_applicable"), Found("fail", due=False)]

    assert domain.tally(findings) == Tally(passed=1, failed=1, warned=1, unknown=1)


def test_the_run_after_t_judges_the_rules_that_rest_on_evidence(sbc):
    kept = {rule.key for rule in sbc.rules if domain.judges(RunKind.AFTER_CLOSE, rule)}

    assert {"SBC-05", "SBC-09", "SBC-28", "SBC-29"} <= kept
    assert not kept & {"SBC-01", "SBC-02", "SBC-21"}
    assert domain.evidence_needed(sbc, RunKind.AFTER_CLOSE) == domain.evidence_needed(sbc, RunKind.SUBMIT)


def test_the_run_at_the_city_judges_its_own_rules_only(hlw):
    kept = {rule.key for rule in hlw.rules if domain.judges(RunKind.CITY, rule)}

    assert kept == {"HLW-23"}
    assert domain.has_stage(hlw, "district_review")


@pytest.mark.parametrize(
    ("judged", "today", "with_district", "due"),
    [
        ({}, date(2026, 5, 1), False, {"submit"}),
        ({"submit": date(2026, 4, 1)}, date(2026, 4, 30), False, {"submit"}),
        ({"submit": date(2026, 4, 30)}, date(2026, 5, 1), False, {"submit", "after_close"}),
        ({"submit": date(2026, 5, 1)}, date(2026, 5, 9), False, {"submit"}),
    ],
)
def test_the_second_reading_is_due_once_t_is_over(sbc, judged, today, with_district, due):
    found = domain.runs_due(
        sbc,
        judged={RunKind(kind): day for kind, day in judged.items()},
        asof=date(2026, 4, 30),
        today=today,
        with_district=with_district,
    )

    assert found == {RunKind(kind) for kind in due}


def test_the_citys_run_is_due_when_the_district_is_done(hlw):
    days = {"asof": date(2026, 4, 30), "today": date(2026, 4, 20), "judged": {}}

    assert RunKind.CITY in domain.runs_due(hlw, **days, with_district=False)
    assert RunKind.CITY not in domain.runs_due(hlw, **days, with_district=True)


def read(*names):
    return tuple({"name": name, "value": ""} for name in names)


def test_correction_opens_the_cells_of_one_row_and_the_table_of_several(sbc):
    one = Found("fail", "return", rule="SBC-22a", read=read("contracts[r2].received", "contracts[r2].invoiced"))
    several = Found("fail", "return", rule="SBC-23b", read=read("contracts[r1].buyer_uscc", "contracts[r2].buyer_uscc"))

    items = domain.correction_items(sbc, [one, several])

    assert [(item.path, item.row) for item in items] == [
        ("contracts.received", "r2"),
        ("contracts.invoiced", "r2"),
        ("contracts", None),
    ]


def test_correction_names_documents_and_leaves_out_what_the_enterprise_cannot_change(sbc):
    finding = Found(
        "unknown", "return", "document", rule="SBC-14b", read=read("documents.a3", "call.asof", "org.size_class")
    )
    sound = Found("unknown", "return", "document", rule="SBC-32", message="缺营业执照")

    items = domain.correction_items(sbc, [finding, sound], documents=[("a2", None)])

    assert [(item.document, item.path) for item in items] == [("a3", None), ("a2", None)]
    assert items[1] == CorrectionItem(None, None, "a2", "缺营业执照", ("SBC-32",))


def test_hints_and_rejections_are_not_asked_to_be_put_right(sbc):
    findings = [
        Found("fail", "warn", rule="SBC-06", read=read("org.uscc")),
        Found("fail", rule="SBC-03", read=read("org.uscc")),
    ]

    assert domain.correction_items(sbc, findings) == ()


def test_one_place_asked_for_by_two_rules_is_asked_once(sbc):
    findings = [
        Found("fail", "return", rule="SBC-02", message="甲。", read=read("org.uscc")),
        Found("fail", "return", rule="SBC-23b", message="乙。", read=read("org.uscc")),
    ]

    (item,) = domain.correction_items(sbc, findings)

    assert (item.reason, item.rules) == ("甲。 乙。", ("SBC-02", "SBC-23b"))


def test_a_stored_case_comes_back_with_its_whole_numbers():
    case = {
        "receipt_no": 12,
        "call": {"year": 2026, "ref": "SBC-2026-01"},
        "documents": [{"key": "a1", "pages": 3, "size": 1024}, {"key": "a16", "pages": None, "size": 9}],
    }
    evidence = {"bans": {"source": "s", "asof": "2026-03-01", "rows": []}, "reg": None}

    found = domain.restore_case(canonical_json(case).decode(), canonical_json(evidence).decode())

    assert found == {**case, "evidence": evidence}


def test_later_runs_replace_the_findings_of_the_first():
    first, again, city = Found(rule="A"), Found("fail", rule="A"), Found(rule="B")
    merged = domain.merge_findings(
        {RunKind.CITY: [city], RunKind.SUBMIT: [first, Found("unknown", cause="not_due", rule="B", due=False)]}
        | {RunKind.AFTER_CLOSE: [again]}
    )

    assert merged == (again, city)


@pytest.mark.parametrize(("asked", "rounds", "used"), [(0, 1, False), (1, 1, True), (1, 2, False), (2, 2, True)])
def test_the_programme_says_how_often_a_case_may_be_returned(asked, rounds, used):
    standing = domain.Standing(frozenset(), frozenset(), (), asked, False, None, rounds)

    assert standing.correction_used is used

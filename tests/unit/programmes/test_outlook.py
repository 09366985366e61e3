"""Which findings stand while answers are still to come: what stands, no answer that is still due turns round."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.kernel.rules import Cause, Unknown
from grants.programmes.domain import (
    Awaited,
    CaseView,
    Definition,
    FieldKind,
    FindingVerdict,
    Outlook,
    Rule,
    RuleStage,
    Section,
    case_from_json,
    evaluate,
    look_ahead,
    mentioned,
    outlook,
    precheck_paths,
    precheck_sections,
)
from grants.programmes.domain.checks import CheckResult
from grants.programmes.domain.evaluate import result_of
from grants.programmes.domain.outlook import OpenView
from tests.unit.programmes.casebook import WrittenCase, base_case, changed_case, shipped, written_cases

STAGES = {RuleStage.SUBMIT}
Place = tuple[str, ...]
WRITTEN = list(written_cases())


def outlooks(code: str, given: dict[str, Any], *, precheck: bool = False) -> dict[str, Outlook]:
    definition = shipped(code)
    case = case_from_json(definition, given)
    asked = precheck_paths(definition) if precheck else None
    found = look_ahead(definition, case, evaluate(definition, case, stages=STAGES), asked=asked)
    return {one.finding.rule: one for one in found}


def blank_case(code: str) -> dict[str, Any]:
    return {**base_case(code), "org": {}, "answers": {}, "documents": [], "evidence": {}, "submitted_at": None}


def due_places(definition: Definition, given: dict[str, Any]) -> Iterator[Place]:
    """What must still be told where it is left out: required answers and cells, whole required tables, documents."""
    for path, section in definition.section_of.items():
        field = definition.field(path)
        part = "org" if section.key == "org" else "answers"
        if field.key not in given[part]:
            continue
        if field.kind is FieldKind.TABLE and field.fixed_rows is None:
            if field.required:
                yield (part, field.key)
            for row in given[part][field.key]:
                yield from ((part, field.key, row["id"], c.key) for c in field.columns if c.required and c.key in row)
        elif field.required and field.kind is not FieldKind.UNDERTAKING:
            yield (part, field.key)
    yield from (("documents", str(number)) for number, _ in enumerate(given["documents"]))


def without(given: dict[str, Any], places: list[Place]) -> dict[str, Any]:
    left = copy.deepcopy(given)
    gone = {int(place[1]) for place in places if place[0] == "documents"}
    left["documents"] = [file for number, file in enumerate(left["documents"]) if number not in gone]
    for part, key, *cell in (place for place in places if place[0] != "documents"):
        if not cell:
            left[part].pop(key, None)
        for row in left[part].get(key, []) if cell else []:
            if row["id"] == cell[0]:
                row.pop(cell[1], None)
    return left


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WRITTEN), st.randoms(use_true_random=False), st.sampled_from([0.05, 0.3, 0.7, 1.0]))
def test_what_stands_is_what_the_complete_application_gets(
    written: tuple[str, WrittenCase], random: Any, share: float
) -> None:
    code, case = written
    whole = changed_case(code, case)
    places = list(due_places(shipped(code), whole))
    part = without(whole, [place for place in places if random.random() < share])
    complete = {
        finding.rule: finding
        for finding in evaluate(shipped(code), case_from_json(shipped(code), whole), stages=STAGES)
    }

    for rule, one in outlooks(code, part).items():
        if one.stands and one.finding.cause != "undefined":
            assert one.finding.verdict == complete[rule].verdict, (rule, case.name)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(WRITTEN))
def test_what_stands_of_the_questions_asked_stands_with_all_the_rest_answered(
    written: tuple[str, WrittenCase],
) -> None:
    code, case = written
    whole = {**changed_case(code, case), "documents": [], "evidence": {}}

    all_told = outlooks(code, whole, precheck=True)
    asked_only = outlooks(code, only_asked(shipped(code), whole), precheck=True)

    assert {rule: one.stands for rule, one in all_told.items()} == {r: one.stands for r, one in asked_only.items()}
    for rule, one in asked_only.items():
        if one.stands:
            assert one.finding.verdict == all_told[rule].finding.verdict, (rule, case.name)


def only_asked(definition: Definition, given: dict[str, Any]) -> dict[str, Any]:
    """The same case with nothing but what the pre-check asks; undertakings stay, they are given with the submission."""
    left = {**copy.deepcopy(given), "documents": []}
    asked = precheck_paths(definition)
    for part, prefix in (("org", "org."), ("answers", "")):
        for key in list(left[part]):
            field = definition.field(prefix + key)
            if field.kind is FieldKind.UNDERTAKING:
                continue
            if field.path not in asked:
                del left[part][key]
            elif field.kind is FieldKind.TABLE:
                columns = {column.key for column in field.columns if column.path in asked}
                left[part][key] = [
                    {cell: value for cell, value in row.items() if cell in columns | {"id"}} for row in left[part][key]
                ]
    return left


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WRITTEN), st.randoms(use_true_random=False), st.sampled_from([0, 0.05, 0.3]), st.booleans())
def test_a_rule_looked_at_once_is_one_that_comes_out_the_same_the_second_time(
    written: tuple[str, WrittenCase], random: Any, share: float, precheck: bool
) -> None:
    code, case = written
    definition, whole = shipped(code), changed_case(code, case)
    part = without(whole, [place for place in due_places(definition, whole) if random.random() < share])
    asked = precheck_paths(definition) if precheck else None
    view = OpenView(definition, case_from_json(definition, part), asked)

    for rule, one in outlooks(code, part, precheck=precheck).items():
        if one.finding.due:
            value = result_of(view, definition.rule(rule)).value
            stands = not isinstance(value, Unknown) or value.cause in (Cause.HIDDEN, Cause.UNDEFINED)
            assert one.stands == stands, (rule, case.name)


def test_a_rule_that_fails_by_what_is_all_told_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def counted(view: CaseView, rule: Rule) -> CheckResult:
        judged.append(rule.key)
        return result_of(view, rule)

    monkeypatch.setattr(outlook, "result_of", counted)
    given = base_case("sbc")
    given["answers"]["rd_invest"] = "1"
    given["answers"].pop("lab_cma", None)
    given["answers"].pop("lab_cnas", None)

    definition = shipped("sbc")
    case = case_from_json(definition, given)
    failed = [one for one in evaluate(definition, case, stages=STAGES) if one.verdict is FindingVerdict.FAIL]
    found = {one.finding.rule: one.stands for one in look_ahead(definition, case, failed)}

    assert found == {"SBC-25": False, "SBC-31": True}
    assert judged == ["SBC-25"]  # the other has nothing to wait for


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_of_an_empty_form_nothing_is_held_against_anybody(code: str) -> None:
    for precheck in (False, True):
        standing = [one for one in outlooks(code, blank_case(code), precheck=precheck).values() if one.stands]
        assert [one.finding.rule for one in standing if one.finding.verdict is FindingVerdict.FAIL] == []


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_of_a_complete_application_every_rule_stands(code: str) -> None:
    assert [rule for rule, one in outlooks(code, base_case(code)).items() if one.finding.due and not one.stands] == []


def test_what_was_never_filled_in_is_told_by_its_name() -> None:
    given = base_case("sbc")
    for key in ("lab_cma", "lab_cnas"):
        given["answers"].pop(key, None)

    one = outlooks("sbc", given)["SBC-25"]

    assert (one.finding.verdict, one.stands) == (FindingVerdict.FAIL, False)
    assert (one.awaited, one.open) == (Awaited.ANSWER, ("lab_cma", "lab_cnas"))


def test_what_may_stay_empty_is_no_excuse() -> None:
    given = base_case("hlw")
    given["answers"]["own_funds"] = "5000000"  # nothing from the district, and the sum is short

    assert outlooks("hlw", given)["HLW-14"].stands


def test_rows_to_come_leave_open_what_they_may_bring() -> None:
    given = base_case("hlw")
    given["answers"]["indicators"] = given["answers"]["indicators"][:2]

    one = outlooks("hlw", given)["HLW-26"]

    assert one.finding.verdict is FindingVerdict.FAIL
    assert (one.awaited, one.open) == (Awaited.ANSWER, ("indicators",))


@pytest.mark.parametrize(
    ("code", "rule", "awaited"),
    [
        ("sbc", "SBC-01", Awaited.LATER),
        ("sbc", "SBC-05", Awaited.REGISTER),
        ("sbc", "SBC-09", Awaited.REGISTER),
        ("sbc", "SBC-12", Awaited.UNDERTAKING),
        ("sbc", "SBC-14b", Awaited.DOCUMENT),
        ("sbc", "SBC-16", Awaited.ELSEWHERE),
        ("sbc", "SBC-21", Awaited.ANSWER),
        ("sbc", "SBC-28", Awaited.REGISTER),
        ("sbc", "SBC-32", Awaited.DOCUMENT),
        ("hlw", "HLW-22", Awaited.REGISTER),
        ("hlw", "HLW-23", Awaited.LATER),
    ],
)
def test_what_the_pre_check_cannot_tell_says_what_it_waits_for(code: str, rule: str, awaited: Awaited) -> None:
    assert outlooks(code, blank_case(code), precheck=True)[rule].awaited is awaited


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_every_question_of_the_pre_check_serves_a_rule_or_the_amount(code: str) -> None:
    definition = shipped(code)
    rules = [rule for rule in definition.rules if rule.at is RuleStage.SUBMIT]
    read = frozenset[str]().union(*(mentioned(definition, rule.key) for rule in rules))
    named = {"cost_kind"}  # the name of a row is what people go by

    asked = [field for section in precheck_sections(definition) for field in section.fields]
    keys = {field.path for field in asked} | {column.key for field in asked for column in field.columns}

    assert keys - read - named == set()


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_the_pre_check_decides_a_good_part_of_the_rules(code: str) -> None:
    found = outlooks(code, only_asked(shipped(code), base_case(code)), precheck=True)

    decided = [rule for rule, one in found.items() if one.stands]

    assert len(decided) >= {"sbc": 16, "hlw": 11}[code], decided


def test_a_view_of_everything_told_is_the_plain_one() -> None:
    definition = shipped("hlw")
    case = case_from_json(definition, base_case("hlw"))

    assert (
        OpenView(definition, case)["budget"] == OpenView(definition, case, precheck_all(definition.sections))["budget"]
    )


def precheck_all(sections: tuple[Section, ...]) -> set[str]:
    fields = [field for section in sections for field in section.fields]
    return {field.path for field in fields} | {column.path for field in fields for column in field.columns}

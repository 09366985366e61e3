"""The plan of a call: every fault told, defaults filled in, references counted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from grants.calls.domain import FundPlan, complete_plan, first_free_ref, ref_year, timed_stages
from grants.calls.errors import CallFaultsError
from grants.programmes.domain import parse_definition
from tests.factories.calls import NOON, make_plan
from tests.factories.programmes import shipped_text


@pytest.fixture(scope="module")
def definition():
    return parse_definition(shipped_text("sbc"))


def sound_plan(**changes):
    return make_plan(**{"ref": "SBC-2026-01", **changes})


def paths_of(definition, plan):
    with pytest.raises(CallFaultsError) as refused:
        complete_plan(definition, plan)
    return [fault.path for fault in refused.value.faults]


def test_a_sound_plan_is_completed_with_what_the_definition_says(definition):
    plan = complete_plan(definition, sound_plan(stage_days={"notice": 7}))

    assert plan.parameters["min_sales"] == "500000"
    assert plan.parameters["ratio_bp"] == "3000"
    assert plan.stage_days["notice"] == 7
    assert plan.stage_days["scoring"] == 7
    assert set(plan.stage_days) == {stage.key for stage in timed_stages(definition)}
    assert "filling" not in plan.stage_days


def test_completing_twice_changes_nothing(definition):
    once = complete_plan(definition, sound_plan())

    assert complete_plan(definition, once) == once


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"ref": "SBC-26-1"}, "ref"),
        ({"ref": "HLW-2026-01"}, "ref"),
        ({"title": "  短 "}, "title"),
        ({"opens_at": NOON, "closes_at": NOON}, "closes_at"),
        ({"grace_minutes": 121}, "grace_minutes"),
        ({"contact": "  "}, "contact"),
        ({"funds": ()}, "funds.1"),
        ({"funds": (FundPlan("A", "示例资金", 100),)}, "funds.1"),
        ({"funds": (FundPlan("ab", "示例资金", 0),)}, "funds.1"),
        ({"funds": (FundPlan("ab", "示例资金", 1), FundPlan("ab", "示例资金", 1))}, "funds.2"),
        ({"stage_days": {"notice": 0}}, "stage_days.notice"),
        ({"stage_days": {"agreement": 5}}, "stage_days.agreement"),
        ({"parameters": {"sales_from": "2025-02-30", "sales_until": "2026-04-30"}}, "parameters.sales_from"),
        ({"parameters": {"sales_from": "2025-01-01"}}, "parameters.sales_until"),
        (
            {"parameters": {"sales_from": "2025-01-01", "sales_until": "2026-04-30", "ratio_bp": 5001}},
            "parameters.ratio_bp",
        ),
        (
            {"parameters": {"sales_from": "2025-01-01", "sales_until": "2026-04-30", "nonsense": 1}},
            "parameters.nonsense",
        ),
    ],
)
def test_each_fault_is_told_at_its_place(definition, changes, path):
    assert paths_of(definition, sound_plan(**changes)) == [path]


def test_all_faults_are_told_at_once(definition):
    plan = sound_plan(title="", contact="", funds=(), stage_days={"notice": 999}, parameters={})

    assert paths_of(definition, plan) == [
        "title",
        "contact",
        "funds.1",
        "stage_days.notice",
        "parameters.sales_from",
        "parameters.sales_until",
    ]


def test_bounds_include_themselves(definition):
    dates = {"sales_from": "2025-01-01", "sales_until": "2026-04-30"}

    plan = complete_plan(definition, sound_plan(parameters={**dates, "ratio_bp": 5000}))

    assert plan.parameters["ratio_bp"] == "5000"


def test_instants_are_kept_in_utc_so_that_a_stored_plan_equals_a_new_one(definition):
    plan = complete_plan(definition, sound_plan())

    assert plan.opens_at.utcoffset() == timedelta(0)
    assert plan.opens_at == sound_plan().opens_at
    assert replace(plan, opens_at=NOON).opens_at == NOON


@pytest.mark.parametrize(
    ("taken", "ref"),
    [
        ((), "SBC-2027-01"),
        (("SBC-2027-01",), "SBC-2027-02"),
        (("SBC-2027-02",), "SBC-2027-03"),
        (("SBC-2026-07", "HLW-2027-03", "SBC-2027-xx"), "SBC-2027-01"),
    ],
)
def test_the_next_reference_follows_the_highest_taken(taken, ref):
    assert first_free_ref("sbc", 2027, taken) == ref


def test_the_year_stands_in_the_reference():
    assert ref_year("SBC-2027-01") == 2027
    with pytest.raises(ValueError, match="2027"):
        ref_year("SBC-2027")

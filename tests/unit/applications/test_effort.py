"""The estimate of minutes, and how far a draft has come."""

from datetime import datetime
from functools import cache
from uuid import UUID

import pytest

from grants.applications.domain import Draft, progress_of
from grants.applications.domain.effort import SECONDS_PER_CHARACTER, minutes_for, seconds_of
from grants.kernel.clock import SHANGHAI
from grants.programmes.domain import Gap, parse_definition
from tests.factories.applications import answers_for
from tests.factories.programmes import shipped_text

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=SHANGHAI)
SOMEBODY = UUID(int=1)
CALL = {
    "ref": "SBC-2026-01",
    "year": 2026,
    "asof": "2026-04-30",
    "opens_at": "2026-03-01T09:00:00+08:00",
    "effective_close": "2026-04-30T17:00:00+08:00",
    "funds": [],
    "parameters": {"sales_from": "2025-07-04", "sales_until": "2026-04-30"},
}


@cache
def sbc():
    return parse_definition(shipped_text("sbc"))


def empty():
    return Draft(sbc(), CALL, {}, {})


def filled():
    answers = answers_for(sbc(), call_year=2026)
    return empty().with_values(answers.values, by=SOMEBODY, at=NOW)


def test_a_long_text_takes_as_long_as_it_must_be():
    summary = sbc().field("tech_summary")

    assert seconds_of(summary) == SECONDS_PER_CHARACTER * 200


def test_minutes_are_rounded_up_and_nothing_missing_takes_none():
    gap = Gap("product", "category", None, "产品类别", "answer", "请填写“产品类别”")

    assert minutes_for(empty(), [gap]) == 1
    assert minutes_for(empty(), []) == 0


def test_rows_that_are_missing_take_as_long_as_their_required_cells():
    one = Gap("product", "benchmarks", None, "关键指标对比", "rows", "")
    benchmarks = sbc().field("benchmarks")

    seconds = 3 * sum(seconds_of(column) for column in benchmarks.columns)

    assert minutes_for(empty(), [one]) == -(-seconds // 60)


def test_progress_rises_with_every_answer_and_ends_at_100_only_without_gaps():
    begun = progress_of(empty(), documents_title="申报材料")
    answered = progress_of(filled(), documents_title="申报材料")

    assert begun.percent == 0
    assert 0 < answered.percent < 100
    assert answered.missing > 0
    assert begun.minutes > answered.minutes > 0
    assert {section.key: section.minutes for section in answered.sections}["org"] == 0


@pytest.mark.parametrize("field", [field for field in sbc().fields_by_path.values() if field.columns == ()])
def test_no_answer_is_estimated_below_nothing(field):
    assert seconds_of(field) >= 0

"""The ranking as the page shows it."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest

from grants.applications.models import Application
from grants.decisions.domain import PlanLine
from grants.decisions.presenters import RankingRow, scale_low

LINE = PlanLine(UUID(int=1), 1, 8_000, True, 0, 0, 0, "", None, (), ())


@pytest.mark.parametrize(("least", "low"), [(None, 50), ("62.5", 50), ("50", 50), ("38", 30), ("4", 0)])
def test_the_picture_of_the_scores_begins_below_the_least(least: str | None, low: int) -> None:
    lowest = None if least is None else Decimal(least)
    row = RankingRow(LINE, Application(), lowest, Decimal(80), Decimal(90), 0, None)

    assert scale_low([row]) == low
    assert scale_low([]) == 50

"""When each stage of a call is expected, in days of the Chinese calendar."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from grants.kernel.working_days import UnknownWorkingDayError, WorkingCalendar
from grants.programmes.domain import Definition, Stage, StageKey


@dataclass(frozen=True, slots=True)
class TimetableStep:
    """A stage from its first to its last day, both counted; both None where the calendar does not reach that far.

    ``days`` are working days, or days of the calendar where ``calendar_days`` says so. ``provisional``: it touches a
    year whose holidays are not settled.
    """

    key: str
    label: str
    first_on: date | None
    last_on: date | None
    days: int
    calendar_days: bool = False
    provisional: bool = False


BESIDE = frozenset({StageKey.FILLING, StageKey.RECONSIDERATION})  # before the close; beside the other stages


def timetable(
    definition: Definition,
    stage_days: Mapping[str, int],
    *,
    closes_on: date,
    calendar: WorkingCalendar,
    provisional_years: Collection[int] = (),
) -> tuple[TimetableStep, ...]:
    """The stages after the close, one after the other, each beginning on the first working day after the one before.

    Stages that the definition switches off or does not measure are left out. What lies beyond the calendar has no
    dates: nothing is guessed (decision 15).
    """
    steps: list[TimetableStep] = []
    before: date | None = closes_on
    for stage in definition.stages:
        days = stage_days.get(stage.key, stage.days or 0)
        if not stage.enabled or not days or stage.key in BESIDE:
            continue
        first, last = _span(stage, days, before, calendar)
        unsettled = first is not None and last is not None and bool({first.year, last.year} & set(provisional_years))
        steps.append(TimetableStep(stage.key, stage.label, first, last, days, stage.calendar, unsettled))
        before = last
    return tuple(steps)


def _span(stage: Stage, days: int, before: date | None, calendar: WorkingCalendar) -> tuple[date | None, date | None]:
    if before is None:
        return None, None
    try:
        first = calendar.add(before, 1)
        return first, first + timedelta(days=days - 1) if stage.calendar else calendar.last_of_period(first, days)
    except UnknownWorkingDayError:
        return None, None

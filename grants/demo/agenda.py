"""Everything that happens, in the order of its instants, and after each thing the work that a worker would do."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from grants.demo.work import finish_work

Action = Callable[[Session, datetime], None]
WORKER_TAKES = timedelta(seconds=12)
PAUSE = timedelta(seconds=20)  # between two things planned for the same instant, so that the log is in order


class Agenda:
    """Actions by instant; an action may put further ones on the agenda. None begins before the one before it."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Action, bool]] = []
        self._numbers = count()
        self._now: datetime | None = None

    def at(self, instant: datetime, action: Action, *, worked: bool = True) -> None:
        """Let ``action`` happen at ``instant``; ``worked`` false leaves the messages it publishes to real workers."""
        heapq.heappush(self._waiting, (instant, next(self._numbers), action, worked))

    def run(self, session: Session, *, until: datetime) -> None:
        """Let everything before ``until`` happen, the earliest first, in the caller's transaction."""
        left: set[int] = set()
        while self._waiting and self._waiting[0][0] < until:
            planned, _, action, worked = heapq.heappop(self._waiting)
            self._now = planned if self._now is None else max(planned, self._now + PAUSE)
            action(session, self._now)
            session.flush()
            left |= finish_work(session, now=self._now + WORKER_TAKES, leave=left, worked=worked)

"""How long work may take and when what was lost is sent again: the figures depend on each other."""

import os
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. A task is ended at ``hard_limit_s``; only then may the broker, and later the relay, send it again."""

    soft_limit_s: int

    @property
    def hard_limit_s(self) -> int:
        """When the process of a task that ignored the soft limit is killed."""
        return self.soft_limit_s + 5

    @property
    def visibility_s(self) -> int:
        """When Redis gives an unacknowledged message to another worker; longer than any task lives."""
        return self.hard_limit_s + 5

    @property
    def resend_after(self) -> timedelta:
        """When the relay sends again what was sent and not done; longer than the broker's own redelivery."""
        return timedelta(seconds=2 * self.visibility_s)


def timing_from_env() -> Timing:
    """``TASK_LIMIT_S``: how long one task may work, 45 seconds unless set."""
    return Timing(soft_limit_s=int(os.environ.get("TASK_LIMIT_S", "45")))

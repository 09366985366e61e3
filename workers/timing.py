"""How long work may take, how much memory, and when what was lost is sent again: the figures depend on each other."""

import os
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. A task is ended at ``hard_limit_s``; only then may the broker, and later the relay, send it again."""

    soft_limit_s: int
    memory_mb: int = 1024

    @property
    def hard_limit_s(self) -> int:
        """When the process of a task that ignored the soft limit is killed."""
        return self.soft_limit_s + 5

    @property
    def patience_s(self) -> float:
        """How long a task that has failed waits for a database that is away, to say so."""
        return self.soft_limit_s / 3

    @property
    def visibility_s(self) -> int:
        """When Redis gives an unacknowledged message to another worker; longer than any task lives."""
        return self.hard_limit_s + int(self.patience_s) + 5

    @property
    def resend_after(self) -> timedelta:
        """When the relay sends again what was sent and not done; longer than the broker's own redelivery."""
        return timedelta(seconds=2 * self.visibility_s)


def timing_from_env() -> Timing:
    """``TASK_LIMIT_S``: how long one task may work, 45 seconds unless set; ``TASK_MEMORY_MB``: how much more
    memory its process may take meanwhile, 1024 unless set."""
    return Timing(
        soft_limit_s=int(os.environ.get("TASK_LIMIT_S", "45")),
        memory_mb=int(os.environ.get("TASK_MEMORY_MB", "1024")),
    )

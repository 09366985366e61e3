"""What the process may use; set by itself before it opens anything."""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path

MEMORY_BYTES = 1024 * 1024 * 1024  # a picture of MAX_PIXELS twice, once upright
CPU_S = 15
WRITTEN_BYTES = 200 * 1024 * 1024
OPEN_FILES = 64
WALL_S = 25  # a task has 45, and the scanner wants some of them


def confine() -> None:
    """Take the limits, without a way back; when memory runs out in the machine, this process is the first to go."""
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, WRITTEN_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")

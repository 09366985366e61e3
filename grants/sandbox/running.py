"""The parent's side: start the process, read its answer, make sense of its death."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import structlog

from grants.sandbox.limits import WALL_S
from grants.sandbox.refusal import Refused

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"LC_ALL": "C.UTF-8"}  # nothing of ours: no secret is within reach of a hostile file
AT_ONCE = BoundedSemaphore(2)  # in one process, so that a rush of pictures cannot take all memory

log = structlog.get_logger(__name__)


class SandboxError(RuntimeError):
    """The process could not be started or did not answer: our fault, not the file's."""


def run_sandboxed(action: str, kind: str, path: Path, out: Path | None = None) -> dict[str, Any]:
    """Do ``action`` (``prove``, ``preview``) with one file; takes up to WALL_S and belongs outside any transaction.

    Raises:
        Refused: with the code of the reason; ``file_too_complex`` where the process ran into one of its limits,
            ``file_busy`` where the machine had no time for it.
        SandboxError: the process itself failed.
    """
    command = [sys.executable, "-E", "-s", "-m", "grants.sandbox", action, kind, str(path)]
    command += [str(out)] if out else []
    with AT_ONCE:
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=WALL_S,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise Refused("file_busy") from error  # it did not use up its own time, so others took it
    if done.returncode < 0:
        log.warning("a file ended the process that opened it", action=action, kind=kind, signal=-done.returncode)
        raise Refused("file_too_complex")
    if done.returncode:
        raise SandboxError(f"the sandbox ended with status {done.returncode}")
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        log.info("file refused", action=action, kind=kind, code=answer["refused"], note=answer.get("note", ""))
        raise Refused(answer["refused"])
    return answer

"""Looking at the bytes of a kept file. No database; belongs outside any transaction."""

from __future__ import annotations

from pathlib import Path

from grants.documents.clamd import current_scanner
from grants.documents.errors import RefusedFileError
from grants.documents.proof import KINDS, prove
from grants.documents.scans import ScanResult
from grants.documents.states import ScanState
from grants.documents.store import current_store

OUR_LIMITS = frozenset({"file_busy", "file_too_complex"})  # say nothing for certain of a file that was proved before


class NotProvedError(OSError):
    """The file could not be opened within the limits just now; may pass."""


def scan_bytes(sha256: str, *, name: str) -> ScanResult:
    """Prove once more that the kept bytes are sound, then ask the scanner, where there is one.

    What counts is what lies in the store, whatever was proved when it came in.

    Raises:
        FileNotFoundError, OSError: the store does not give the bytes now, or the scanner did not look at them
            (ScannerError, NotProvedError). May pass.
    """
    with current_store().on_disk(sha256) as path:
        try:
            prove(path, name=name, accept=tuple(KINDS), max_pages=None)
        except RefusedFileError as error:
            if error.code in OUR_LIMITS:
                raise NotProvedError(error.code) from error
            return ScanResult(ScanState.INFECTED, error.code)
        return _ask(path)


def _ask(path: Path) -> ScanResult:
    scanner = current_scanner()
    if scanner is None:
        return ScanResult(ScanState.CLEAN)
    with path.open("rb") as stream:
        found = scanner.find(stream)
    return ScanResult(ScanState.INFECTED, found) if found else ScanResult(ScanState.CLEAN)

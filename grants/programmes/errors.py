"""Errors of programmes: faulty definitions, cases and parameters. Each carries all its faults, not only the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grants.kernel.errors import DomainError


@dataclass(frozen=True, slots=True, order=True)
class DefinitionFault:
    """One fault of a definition: where it stands (1-based; ``column`` where known) and a Chinese sentence."""

    path: str
    line: int
    column: int | None
    message: str

    def __str__(self) -> str:
        where = f"第{self.line}行" + (f"第{self.column}列" if self.column is not None else "")
        return f"{self.path or '（文件）'}: {self.message}（{where}）"


class DefinitionFaultsError(DomainError):
    """The definition cannot be loaded; nothing has changed. ``faults`` in the order of the file."""

    code = "definition_faulty"
    status = "invalid"

    def __init__(self, faults: Sequence[DefinitionFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults=[str(fault) for fault in self.faults])


class DraftMovedError(DomainError):
    """Somebody else has changed the same piece of a draft since it was read; nothing was written over."""

    code = "draft_moved"


@dataclass(frozen=True, slots=True)
class InputFault:
    """One fault of a case or of parameters: the path of the value and a Chinese sentence."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class CaseFaultsError(DomainError):
    """A case does not fit its definition."""

    code = "case_faulty"
    status = "invalid"

    def __init__(self, faults: Sequence[InputFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults=[str(fault) for fault in self.faults])


class ParameterFaultsError(DomainError):
    """Parameters of a call are missing, of the wrong kind or out of bounds."""

    code = "parameters_faulty"
    status = "invalid"

    def __init__(self, faults: Sequence[InputFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults=[str(fault) for fault in self.faults])

"""What an import can be refused for."""

from __future__ import annotations

from grants.kernel.errors import InvalidError


class UnknownRegisterError(InvalidError):
    """There is no register of this name."""

    def __init__(self, register: str) -> None:
        super().__init__("register_unknown", register=register)


class MalformedRecordsError(InvalidError):
    """Records do not have the register's columns; ``faults`` lists all of them, and nothing was imported."""

    def __init__(self, register: str, faults: list[dict[str, object]]) -> None:
        super().__init__("register_malformed", register=register, faults=faults)

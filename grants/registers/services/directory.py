"""Which registers are asked by HTTP in this process, chosen once by the factory; all others are imported."""

from __future__ import annotations

from collections.abc import Mapping

from grants.registers.domain import RegisterService
from grants.registers.states import Adapter


class _Chosen:
    """The services in use."""

    services: Mapping[str, RegisterService] = {}


def use_services(services: Mapping[str, RegisterService]) -> None:
    """Ask these services from now on, by register."""
    _Chosen.services = dict(services)


def current_services() -> Mapping[str, RegisterService]:
    """The services in use, by register."""
    return _Chosen.services


def adapter_of(register: str) -> Adapter:
    """Where a register's facts come from."""
    return Adapter.ASKED if register in _Chosen.services else Adapter.IMPORTED

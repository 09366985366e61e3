"""Services of registers that a test runs itself."""

from collections.abc import Callable, Iterator

import pytest

from grants.registers import services
from grants.registers.domain import RegisterService
from tests.support.registry import Registry, registry


@pytest.fixture
def server() -> Iterator[Registry]:
    """A register's service on this machine."""
    with registry() as running:
        yield running


@pytest.fixture
def ask_by(server: Registry) -> Iterator[Callable[..., RegisterService]]:
    """Let a register be asked at the test's server: ``ask_by("reg", attempts=1)``."""

    def use(register: str, **options: object) -> RegisterService:
        swift: dict[str, object] = {"connect_s": 1.0, "read_s": 0.3, "total_s": 1.5, "per_second": 0, **options}
        service = RegisterService(register, server.address(register), "示例登记服务", **swift)  # type: ignore[arg-type]
        services.use_services({**services.current_services(), register: service})
        return service

    yield use
    services.use_services({})

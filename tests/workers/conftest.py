"""Installations in real processes: the embedded pair and the one of production."""

from collections.abc import Iterator

import pytest

from tests.support.databases import Databases
from tests.support.installation import PAIRS, Installation, installed


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "installation" in metafunc.fixturenames:
        metafunc.parametrize("installation", PAIRS, indirect=True)


@pytest.fixture(scope="module")
def installation(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Installation]:
    """Broker, relay and worker running; a test that takes one down starts it again."""
    with installed(request.param, databases, "relay", "worker") as running:
        yield running

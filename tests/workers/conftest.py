"""Installations in real processes: the pair of production; the long matrix has the others too."""

from collections.abc import Iterator

import pytest

from tests.support.databases import Databases
from tests.support.installation import ALL_PAIRS, Installation, installed


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "installation" in metafunc.fixturenames:
        extra = [pytest.param(pair, marks=pytest.mark.soak) for pair in ALL_PAIRS if pair != "production"]
        metafunc.parametrize("installation", ["production", *extra], indirect=True)


@pytest.fixture(scope="module")
def installation(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Installation]:
    """Broker, relay and both kinds of worker running; a test that takes one down starts it again."""
    with installed(request.param, databases, "relay", "worker", "bulk") as running:
        yield running

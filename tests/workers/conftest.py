"""Installations in real processes: the embedded pair and the one of production."""

import secrets
from collections.abc import Iterator

import pytest

from grants.factory import create_app
from tests.support.databases import Databases, dispose, make_settings
from tests.support.installation import Broker, EmbeddedRedis, Installation, SharedRabbitmq

PAIRS = {"embedded": ("redis", "sqlite"), "production": ("rabbitmq", "postgresql")}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "installation" in metafunc.fixturenames:
        metafunc.parametrize(
            "installation", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in PAIRS], indirect=True
        )


@pytest.fixture(scope="module")
def installation(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Installation]:
    """Broker, relay and worker running; a test that takes one down starts it again."""
    broker_kind, database_kind = PAIRS[request.param]
    instance = f"test-{secrets.token_hex(4)}"
    folder = databases.folder / instance
    broker: Broker = EmbeddedRedis(folder / "redis") if broker_kind == "redis" else SharedRabbitmq(instance)
    url = databases.copy(database_kind, instance.replace("-", "_"))
    settings = make_settings(url, folder, broker_url=broker.url, instance=instance)
    app = create_app(settings)
    running = Installation(app, settings, broker, folder)
    try:
        broker.start()
        running.start("relay", "worker")
        yield running
    finally:
        running.stop()
        dispose(app)

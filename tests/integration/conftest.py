"""What integration tests add: the outbox run in line."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.support.outbox import drain_outbox


@pytest.fixture
def drain(session: Session) -> Callable[[], int]:
    """Run every due message as the relay and a worker would."""
    return drain_outbox

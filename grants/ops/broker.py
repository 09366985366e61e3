"""What the broker itself says of its queues: for the operators' page, as far as it answers."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from kombu import Connection
from kombu.exceptions import ChannelError
from kombu.exceptions import OperationalError as BrokerError

from grants.outbox import Lane

PATIENCE_S = 2
log = structlog.get_logger(__name__)


def queue_lengths(url: str, instance: str) -> Mapping[Lane, int]:
    """How many messages lie in each lane's queue; empty where the broker does not answer within two seconds.

    A queue that is not there has nothing in it: Redis forgets a queue with its last message.
    """
    if not url:
        return {}
    try:
        with Connection(url, connect_timeout=PATIENCE_S) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=PATIENCE_S)
            return {lane: _length(connection, f"{instance}.{lane}") for lane in Lane}
    except (BrokerError, OSError) as error:
        log.warning("the broker does not tell its queues", error=str(error))
        return {}


def _length(connection: Connection, queue: str) -> int:
    errors = (ChannelError, *connection.channel_errors)
    try:
        return int(connection.channel().queue_declare(queue, passive=True).message_count)
    except errors:
        return 0

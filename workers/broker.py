"""What is amiss in kombu's way with a Redis that goes away."""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as BrokerLostError


class SteadyChannel(redis.Channel):
    """A channel that, once closed, fails as a lost connection does.

    Without this a task that ends while the broker is gone is acknowledged on a closed channel, which raises
    AttributeError: the worker takes that for unrecoverable and ends, instead of waiting for the broker.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection.client is None:
            raise BrokerLostError("the channel is closed")
        parameters: dict[str, Any] = super()._connparams(asynchronous=asynchronous)  # type: ignore[no-untyped-call]
        return parameters


def steady_channels() -> None:
    """Let every connection to Redis of this process use ``SteadyChannel``."""
    redis.Transport.Channel = SteadyChannel

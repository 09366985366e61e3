"""Handing messages to the broker: what it gets of each, by Celery on one connection."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from kombu import Producer

from grants import outbox
from grants.db import writing
from grants.kernel.clock import real_now
from workers.celery_app import celery, queue_name

Sender = Callable[[str, str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is handed to the broker for one message, and the message's id."""

    id: int
    task: str
    lane: str
    arguments: Mapping[str, Any]


def hand_over(deliveries: Sequence[Delivery], send: Sender) -> None:
    """Send one after the other; note what was sent and give the rest free, also where sending failed."""
    if not deliveries:
        return
    sent: list[int] = []
    try:
        for delivery in deliveries:
            send(delivery.task, delivery.lane, delivery.arguments)
            sent.append(delivery.id)
    finally:
        left = [delivery.id for delivery in deliveries[len(sent) :]]
        with writing() as session:
            outbox.mark_sent(session, sent, at=real_now())
            outbox.release(session, left)


def to_delivery(message: outbox.Message, task: str) -> Delivery:
    """What the broker gets: the payload's ids beside the message's own id and attempt."""
    arguments = {**message.payload, "message_id": str(message.id), "attempt": message.attempt}
    return Delivery(message.id, task, message.lane, arguments)


class CelerySender:
    """Hand over by Celery on one connection, made anew after a failure. The broker has taken it when a call returns."""

    def __init__(self, instance: str) -> None:
        self._instance = instance
        self._producer: Producer | None = None

    def __call__(self, task: str, lane: str, arguments: Mapping[str, Any]) -> None:
        if self._producer is None:
            self._producer = celery.amqp.Producer(celery.connection_for_write(), auto_declare=False)
        queue = queue_name(self._instance, lane)
        try:
            celery.send_task(
                task, kwargs=dict(arguments), queue=queue, producer=self._producer, ignore_result=True, retry=False
            )
        except BaseException:
            with suppress(Exception):
                self._producer.connection.release()
            self._producer = None
            raise

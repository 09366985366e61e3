"""Messages to workers as rows of the business transaction; a relay outside sends them. Knows no Celery.

A message is *sent* when handed to the broker and *done* when its consumer's transaction says so. What is sent and not
done in time is sent again, so every consumer is idempotent (decision 18).
"""

from grants.outbox.flow import count_sent, has_due, has_unfinished, is_done
from grants.outbox.models import Message
from grants.outbox.sending import (
    OutboxStatus,
    bury,
    claim_due,
    close_dead,
    mark_done,
    mark_sent,
    publish,
    release,
    requeue_unfinished,
    retry_later,
    revive,
    status,
)
from grants.outbox.topics import TOPICS, Lane

__all__ = [
    "TOPICS",
    "Lane",
    "Message",
    "OutboxStatus",
    "bury",
    "claim_due",
    "close_dead",
    "count_sent",
    "has_due",
    "has_unfinished",
    "is_done",
    "mark_done",
    "mark_sent",
    "publish",
    "release",
    "requeue_unfinished",
    "retry_later",
    "revive",
    "status",
]

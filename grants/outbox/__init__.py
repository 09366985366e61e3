"""Messages to workers as rows of the business transaction; a relay outside sends them. Knows no Celery.

A message is *sent* when handed to the broker and *done* when its consumer's transaction says so. What is sent and not
done in time is sent again, so every consumer is idempotent (decision 18).
"""

from grants.outbox.dead import DeadKind, close_dead, has_dead, list_dead_about, list_dead_kinds, revive, revive_all
from grants.outbox.flow import count_sent, has_due, has_unfinished, list_due_topics
from grants.outbox.models import Message
from grants.outbox.sending import claim_due, mark_sent, publish, publish_all, publish_anew, release, requeue_unfinished
from grants.outbox.standing import LaneStatus, OutboxStatus, lane_status, status
from grants.outbox.topics import TOPICS, Lane
from grants.outbox.working import Start, begin, bury, count_losses, mark_done, retry_later

__all__ = [
    "TOPICS",
    "DeadKind",
    "Lane",
    "LaneStatus",
    "Message",
    "OutboxStatus",
    "Start",
    "begin",
    "bury",
    "claim_due",
    "close_dead",
    "count_losses",
    "count_sent",
    "has_dead",
    "has_due",
    "has_unfinished",
    "lane_status",
    "list_dead_about",
    "list_dead_kinds",
    "list_due_topics",
    "mark_done",
    "mark_sent",
    "publish",
    "publish_all",
    "publish_anew",
    "release",
    "requeue_unfinished",
    "retry_later",
    "revive",
    "revive_all",
    "status",
]

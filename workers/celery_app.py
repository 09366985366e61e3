"""The Celery application: ``celery --app workers.celery_app worker|beat``.

Its settings are read when first used, and the Flask application is made when a worker starts, so importing a task
module costs nothing and asks for nothing. Each installation has its own queues and exchanges and can share a broker
(decision 20).
"""

from functools import cache
from typing import Any

from celery import Celery, signals
from flask import Flask
from kombu import Exchange, Queue

from grants.config import Settings
from grants.db import db, plan_once
from grants.factory import create_app
from grants.launcher.lifeline import die_with_parent
from grants.outbox import Lane
from workers.broker import steady_channels
from workers.logs import configure_logs
from workers.timing import Timing, timing_from_env

TASK_MODULES: tuple[str, ...] = (
    "workers.acceptances",
    "workers.accounts",
    "workers.concluding",
    "workers.deadlines",
    "workers.documents",
    "workers.eligibility",
    "workers.notifications",
    "workers.operations",
    "workers.papers",
    "workers.presence",
    "workers.publication",
    "workers.registers",
    "workers.reviews",
    "workers.texts",
    "workers.uploads",
    "workers.workbench",
)
BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep registers": {"task": "registers.sweep", "schedule": 3_600.0},
    "alert of failures": {"task": "operations.alert", "schedule": 60.0},
    "sweep orphans": {"task": "operations.sweep_orphans", "schedule": 86_400.0},
    "sweep presence": {"task": "presence.sweep", "schedule": 3_600.0},
    "sweep checks": {"task": "eligibility.sweep", "schedule": 60.0},
    "sweep texts": {"task": "texts.sweep", "schedule": 3_600.0},
    "move last days": {"task": "applications.move_last_days", "schedule": 600.0},
    "remind of drafts": {"task": "applications.remind", "schedule": 60.0},
    "send digests": {"task": "notifications.sweep", "schedule": 60.0},
    "sweep uploads": {"task": "uploads.sweep", "schedule": 60.0},
    "sweep drafts' PDFs": {"task": "papers.sweep", "schedule": 3_600.0},
}


FAT_KB = 600 * 1024  # a process that has once been this large ends after its task, and a fresh one takes its place


@cache
def flask_app() -> Flask:
    """The application whose services the tasks of this process call."""
    return create_app()


def queue_name(instance: str, lane: str) -> str:
    """The queue of a lane in one installation."""
    return f"{instance}.{lane}"


def lane_queue(instance: str, lane: str) -> Queue:
    """A lane's durable queue, bound to the installation's exchange."""
    name = queue_name(instance, lane)
    return Queue(name, Exchange(instance, type="direct"), routing_key=name)


def transport_options(broker_url: str, timing: Timing) -> dict[str, Any]:
    """What each kind of broker needs so that no message is lost and a lost worker is noticed soon.

    Redis by default looks for unacknowledged messages every 100 s only. RabbitMQ by default confirms nothing: a message
    written to a closing connection would count as sent.
    """
    if broker_url.startswith(("amqp", "pyamqp")):
        return {"confirm_publish": True, "read_timeout": 10, "write_timeout": 10}
    return {
        "visibility_timeout": timing.visibility_s,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 5,
        "socket_timeout": 10,
    }


def celery_settings(settings: Settings, timing: Timing) -> dict[str, Any]:
    """All settings of Celery, named by installation where two could meet on one broker."""
    instance = settings.instance
    return {
        "broker_url": settings.broker_url,
        "broker_connection_timeout": 5,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": transport_options(settings.broker_url, timing),
        "task_queues": [lane_queue(instance, lane) for lane in Lane],
        "task_default_queue": queue_name(instance, Lane.INTERACTIVE),
        "task_default_exchange": instance,
        "task_default_routing_key": queue_name(instance, Lane.INTERACTIVE),
        "task_create_missing_queues": False,
        "control_exchange": f"{instance}.control",
        "event_exchange": f"{instance}.events",
        "event_queue_prefix": f"{instance}.events",
        "worker_send_task_events": False,
        "worker_prefetch_multiplier": 1,
        "worker_max_memory_per_child": FAT_KB,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_acks_on_timeout": False,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "enable_utc": True,
        "timezone": "Asia/Shanghai",
        "beat_schedule": BEAT_SCHEDULE,
        "include": [*TASK_MODULES, "workers.heartbeat"],
    }


configure_logs()
steady_channels()
celery = Celery("grants", set_as_current=True)
celery.add_defaults(lambda: celery_settings(Settings.from_env(), timing_from_env()))


@signals.worker_init.connect
def make_application(**kwargs: object) -> None:
    """Make the Flask application before the processes fork, so that they share its memory."""
    flask_app()


@signals.worker_process_init.connect
def settle_process(**kwargs: object) -> None:
    """A forked process ends with its worker and opens its own connections; the inherited ones belong to the parent."""
    die_with_parent()
    plan_once()
    with flask_app().app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)

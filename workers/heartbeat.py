"""Signs of life of the workers: ``/readyz`` misses a worker that has lost its broker, its database or itself.

Given by the event loop of the worker, not by a task: a backlog is not a death. The connection is closed after each one,
so that processes forked later inherit none.
"""

import structlog
from celery import signals
from celery.worker.consumer import Consumer
from sqlalchemy.exc import SQLAlchemyError

from grants.db import db, writing
from grants.kernel.clock import real_now
from grants.ops.services import beat
from workers.celery_app import flask_app

EVERY_S = 15.0
log = structlog.get_logger(__name__)


def worker_names(queues: list[str]) -> list[str]:
    """The names under which a worker of these queues is looked for: ``grants.bulk`` is ``worker-bulk``."""
    return [f"worker-{queue.rpartition('.')[2]}" for queue in queues]


def give_sign(names: list[str]) -> None:
    """Note that these workers live; a database that is down is for the next time."""
    with flask_app().app_context():
        try:
            with writing() as session:
                for name in names:
                    beat(session, name, real_now())
        except SQLAlchemyError as error:
            log.warning("no sign of life could be given", error=str(error))
        finally:
            db.engine.dispose()


@signals.worker_ready.connect
def start_giving_signs(sender: Consumer, **kwargs: object) -> None:
    """Give the first sign when the worker has its broker, then one every few seconds."""
    names = worker_names(list(sender.app.amqp.queues.consume_from))
    give_sign(names)
    sender.timer.call_repeatedly(EVERY_S, give_sign, (names,))

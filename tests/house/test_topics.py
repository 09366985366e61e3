"""Every message finds its worker."""

import ast

from grants.config import Settings
from grants.launcher.plans import service_plans
from grants.outbox import TOPICS, Lane
from tests.house.source import calls, modules
from workers.base import OutboxTask
from workers.celery_app import BEAT_SCHEDULE, celery, queue_name
from workers.relay import ROUTES

PRACTICE = "practice."  # the tests' own topic, where a test of this process has brought it in


def published():
    """Every call of publish(session, topic, ...) in the product: its place and its topic."""
    for path, tree in modules():
        if not path.startswith("grants/outbox/"):
            for call in calls(tree, "publish"):
                if len(call.args) > 1:
                    yield f"{path}:{call.lineno}", call.args[1]


def registered():
    celery.loader.import_default_modules()
    return celery.tasks


def test_topics_are_published_by_name():
    unclear = [
        place for place, topic in published() if not (isinstance(topic, ast.Constant) and isinstance(topic.value, str))
    ]

    assert unclear == [], "write the topic as a literal, so that it can be found"


def test_every_published_topic_is_declared_and_has_a_task():
    topics = {topic.value for _, topic in published() if isinstance(topic, ast.Constant)}

    assert topics - set(TOPICS) == set()
    assert topics - set(ROUTES) == set(), "add the topic to ROUTES in workers/relay.py"


def test_every_route_leads_from_a_declared_topic_to_a_task_of_the_outbox():
    wrong = {
        topic: task
        for topic, task in ROUTES.items()
        if topic not in TOPICS or not isinstance(registered().get(task), OutboxTask)
    }

    assert wrong == {}


def test_every_task_of_the_outbox_is_reached_by_a_route():
    tasks = {name for name, task in registered().items() if isinstance(task, OutboxTask)}

    assert {name for name in tasks - set(ROUTES.values()) if not name.startswith(PRACTICE)} == set()


def test_beat_starts_only_what_exists():
    assert {entry["task"] for entry in BEAT_SCHEDULE.values()} - set(registered()) == set()


def test_every_queue_is_consumed_by_a_worker_of_its_own(tmp_path):
    settings = Settings.from_env({"GRANTS_MODE": "test", "DATA_DIR": str(tmp_path)})
    commands = [list(plan.command) for plan in service_plans(settings) if "--queues" in plan.command]
    consumed = [command[command.index("--queues") + 1] for command in commands]

    assert sorted(consumed) == sorted(queue_name(settings.instance, lane) for lane in Lane)
    assert {queue.name for queue in celery.conf.task_queues} == {
        queue_name(celery.conf.task_default_exchange, x) for x in Lane
    }

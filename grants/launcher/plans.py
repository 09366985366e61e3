"""What runs: the command line of each child, in the order of starting."""

import os
import sys
from collections.abc import Mapping, Sequence

from grants.config import Settings
from grants.launcher.children import Plan

CELERY = (sys.executable, "-m", "celery", "--app", "workers.celery_app", "--quiet")
WORKER_OPTIONS = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING", "--prefetch-multiplier", "1")


def worker_plan(settings: Settings, lane: str, *, processes: int) -> Plan:
    """A Celery worker that serves one lane and nothing else, so that bulk work never fills the interactive slots."""
    queue = f"{settings.instance}.{lane}"
    options = ("--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", str(processes), *WORKER_OPTIONS)
    return Plan(f"worker-{lane}", (*CELERY, "worker", *options), patience_s=15)


def service_plans(settings: Settings) -> Sequence[Plan]:
    """Workers, relay, beat and web server."""
    schedule = settings.data_dir / "beat-schedule"
    return (
        worker_plan(settings, "interactive", processes=2),
        worker_plan(settings, "bulk", processes=1),
        Plan("relay", (sys.executable, "-m", "workers.relay")),
        Plan("beat", (*CELERY, "beat", "--schedule", str(schedule), "--pidfile", "", "--loglevel", "WARNING")),
        Plan("web", (sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"), patience_s=20),
    )


def child_environment(settings: Settings, broker_url: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of every child: this one's, with what was decided here written out."""
    return {
        **environ,
        "GRANTS_MODE": settings.mode,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": settings.database_url,
        "BROKER_URL": broker_url,
        "SECRET_KEY": settings.secret_key,
        "AUDIT_KEY": settings.audit_key.decode(),
        "SIGNING_KEY": settings.signing_key.hex(),
        "PORT": str(settings.port),
        "C_FORCE_ROOT": "1",  # one user runs everything here; the messages are JSON, never pickles
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, (os.getcwd(), environ.get("PYTHONPATH", "")))),
    }

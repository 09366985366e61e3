"""The web server's settings; in production the same file is used with other environment variables.

``WEB_BIND`` (default 127.0.0.1:$PORT), ``WEB_PROCESSES`` (2), ``WEB_THREADS`` (4).
"""

import os
from typing import Any

from grants.launcher.lifeline import die_with_parent
from grants.ops.pulse import start_pulse

bind = os.environ.get("WEB_BIND", f"127.0.0.1:{os.environ.get('PORT', '5000')}")
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = False  # each process opens its own connections
timeout = 60
graceful_timeout = 20
keepalive = 5
accesslog = None
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL", "warning")
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None


def post_worker_init(worker: Any) -> None:
    """Say from now on that the site is served; a silence ends up on record as an outage."""
    start_pulse(worker.wsgi)


def post_fork(server: object, worker: object) -> None:
    """A worker whose master was killed must not go on alone."""
    die_with_parent()

"""The web server's settings; in production the same file is used with other environment variables.

``WEB_BIND`` (default 127.0.0.1:$PORT), ``WEB_PROCESSES`` (2), ``WEB_THREADS`` (4).
"""

import os

from grants.launcher.lifeline import die_with_parent

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


def post_fork(server: object, worker: object) -> None:
    """A worker whose master was killed must not go on alone."""
    die_with_parent()

"""``python -m grants.launcher``: start everything, watch it, end it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from grants.config import MissingSettingError, Settings
from grants.launcher.children import Child, ChildGaveUpError, Plan, describe
from grants.launcher.folder import FolderInUseError, hold_folder, socket_path
from grants.launcher.lifeline import DieWith, die_with_parent
from grants.launcher.plans import child_environment, service_plans
from grants.launcher.redis_server import NoRedisError, broker_url, find_redis, redis_command, wait_for_redis

ROOT = Path(__file__).parents[2]
LOOK_EVERY_S = 0.2
READY_WITHIN_S = 120.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest(BaseException):
    """A signal asked for the end; like KeyboardInterrupt, nothing but ``main`` catches it."""


class PortInUseError(Exception):
    """Somebody else listens where the web server should."""


class PreparationFailedError(Exception):
    """The database could not be brought up to date."""


REFUSALS = (
    ChildGaveUpError,
    FolderInUseError,
    MissingSettingError,
    NoRedisError,
    PortInUseError,
    PreparationFailedError,
)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


def on_signal(number: int, frame: FrameType | None) -> None:
    """End; ``Launcher.stop`` ignores further signals, the end being under way and bounded."""
    raise StopRequest(signal.Signals(number).name)


class Launcher:
    """The children of one data folder. ``run`` returns only by raising."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.logs = settings.data_dir / "logs"
        self.children: list[Child] = []

    def run(self) -> None:
        """Start Redis where no broker is named, prepare, start the services, watch them until something raises."""
        self.logs.mkdir(exist_ok=True)
        url = self.settings.broker_url or self.start_redis()
        environment = child_environment(self.settings, url)
        self.run_once("grants.launcher.preparation", environment)
        for plan in service_plans(self.settings):
            self.start(plan, environment)
        self.announce(environment)
        while True:
            self.look()
            time.sleep(LOOK_EVERY_S)

    def start_redis(self) -> str:
        """Start the embedded Redis and wait for it; return its address for Celery."""
        binary = find_redis()
        if not binary.bundled:
            say(f"The bundled Redis does not run on this machine; using {binary.path}.")
        folder = self.settings.data_dir / "redis"
        folder.mkdir(mode=0o700, exist_ok=True)
        socket_file = socket_path(self.settings.data_dir, "redis.sock")
        self.start(Plan("redis", redis_command(binary, folder=folder, socket_file=socket_file)), {})
        wait_for_redis(socket_file, seconds=60)
        return broker_url(socket_file)

    def start(self, plan: Plan, environment: Mapping[str, str]) -> None:
        """Start one child and watch it from now on."""
        child = Child(plan, environment, self.logs / f"{plan.name}.log")
        self.children.append(child)
        child.start()

    def run_once(self, module: str, environment: Mapping[str, str]) -> None:
        """Run a module to its end, its output on this terminal.

        Raises:
            PreparationFailedError: it failed.
        """
        command = [sys.executable, "-m", module]
        status = subprocess.call(command, env=dict(environment), preexec_fn=DieWith(os.getpid()))
        if status != 0:
            raise PreparationFailedError(f"Preparing the database failed ({describe(status)}); see above.")

    def look(self) -> None:
        """Start again what died; a broker that died comes first, being first in the list."""
        now = time.monotonic()
        for child in self.children:
            remark = child.watch(now)
            if remark:
                say(remark)

    def announce(self, environment: Mapping[str, str]) -> None:
        """Say where the system is once it is ready, and who may sign in to the demonstration."""
        address = f"http://127.0.0.1:{self.settings.port}"
        deadline = time.monotonic() + READY_WITHIN_S
        while (problem := not_ready(address)) and time.monotonic() < deadline:
            self.look()
            time.sleep(LOOK_EVERY_S)
        if problem:
            say(f"Not ready after {READY_WITHIN_S:g} s: {problem} (logs: {self.logs})")
        say(f"\n  {address}\n")
        if self.settings.mode == "demo":
            flask = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "accounts"]
            subprocess.call(flask, env=dict(environment), preexec_fn=DieWith(os.getpid()))
        say("Ctrl-C ends everything; the data stays.")

    def stop(self) -> None:
        """End the children, the last started first, so that nobody loses what they still need."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for child in reversed(self.children):
            child.stop()


def require_free_port(port: int) -> None:
    """Raises PortInUseError: the announcement would otherwise greet with somebody else's pages."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortInUseError(f"port {port} cannot be used ({error.strerror}); set PORT to another.") from None


def not_ready(address: str) -> str:
    """What /readyz finds wrong; empty when it is content."""
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5):
            return ""
    except urllib.error.HTTPError as error:
        return error.read(500).decode(errors="replace")
    except OSError as error:
        return str(error)


def main() -> int:
    """Run until told to stop; the exit status is 0 when somebody asked for the end, else 1."""
    die_with_parent()
    os.umask(0o077)  # what people entrust to the system is for its own user only
    for number in STOP_SIGNALS:
        signal.signal(number, on_signal)
    try:
        settings = Settings.from_env()
        os.chdir(ROOT)
        with hold_folder(settings.data_dir):
            require_free_port(settings.port)
            launcher = Launcher(settings)
            try:
                launcher.run()
            finally:
                launcher.stop()
    except StopRequest:
        say("Stopped.")
        return 0
    except REFUSALS as error:
        print(f"make run: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

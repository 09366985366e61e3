"""``make run`` as a whole: it serves, survives the death of its parts, and leaves nothing behind however it ends."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.installation import open_port, processes_of

LAUNCHER = f"{sys.executable} -m grants.launcher"
SERVES = "Ctrl-C ends everything"
START_WITHIN_S = 90
pytestmark = pytest.mark.single_database


class Launched:
    """A launcher in ``folder`` under a parent of its own, as under make."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.output = folder, open_port(), folder.with_suffix(".out")
        self.parent: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        ours = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "BROKER_URL"}}
        environment = ours | {"DATA_DIR": str(self.folder), "PORT": str(self.port), "GRANTS_MODE": "test"}
        with self.output.open("wb") as output:
            self.parent = subprocess.Popen(
                ["bash", "-c", f"{LAUNCHER}; exit $?"], env=environment, stdout=output, stderr=output, process_group=0
            )

    def wait_until_it_serves(self) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while SERVES not in self.output.read_text():
            assert self.parent.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.1)

    def launcher(self) -> int:
        """The launcher's own process, the only child of the parent."""
        with open(f"/proc/{self.parent.pid}/task/{self.parent.pid}/children") as file:
            return int(file.read().split()[0])

    def children(self) -> dict[str, int]:
        """The launcher's children by a word of their command line."""
        with open(f"/proc/{self.launcher()}/task/{self.launcher()}/children") as file:
            commands = {Path(f"/proc/{pid}/cmdline").read_bytes().decode(): int(pid) for pid in file.read().split()}
        words = ("redis-server", "interactive", "bulk", "workers.relay", "beat", "gunicorn")
        return {word: pid for word in words for command, pid in commands.items() if word in command}

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def end(self) -> None:
        for pid in processes_of(self.folder):
            os.kill(pid, signal.SIGKILL)
        if self.parent is not None:
            self.parent.wait()


@pytest.fixture
def launched(tmp_path):
    launched = Launched(tmp_path / "var")
    launched.start()
    yield launched
    launched.end()


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_it_serves_mends_itself_and_ends_without_a_trace(launched):
    launched.wait_until_it_serves()
    assert launched.is_ready()
    first = launched.children()
    assert len(first) == 6

    for word in ("redis-server", "workers.relay"):
        os.kill(first[word], signal.SIGKILL)
    wait_until(lambda: len(launched.children()) == 6 and launched.is_ready(), 30)
    assert {word for word, pid in launched.children().items() if pid != first[word]} == {
        "redis-server",
        "workers.relay",
    }

    os.kill(launched.launcher(), signal.SIGTERM)
    assert launched.parent.wait(40) == 0
    assert processes_of(launched.folder) == []


def test_kill_9_leaves_no_process_and_the_next_start_finds_everything(launched):
    launched.wait_until_it_serves()
    secret = (launched.folder / ".audit_key").read_text()

    os.kill(launched.launcher(), signal.SIGKILL)
    wait_until(lambda: processes_of(launched.folder) == [], 5)
    launched.parent.wait()
    launched.start()
    launched.wait_until_it_serves()

    assert (launched.folder / ".audit_key").read_text() == secret
    os.kill(launched.parent.pid, signal.SIGKILL)
    wait_until(lambda: processes_of(launched.folder) == [], 5)


def test_a_second_launcher_on_the_same_folder_is_refused(launched):
    wait_until(lambda: (launched.folder / "launcher.lock").exists() and launched.launcher(), 20)
    wait_until(lambda: (launched.folder / "launcher.lock").read_text().strip() == str(launched.launcher()), 5)
    environment = {**os.environ, "DATA_DIR": str(launched.folder), "PORT": str(open_port())}

    second = subprocess.run(LAUNCHER.split(), env=environment, capture_output=True, text=True, timeout=30, check=False)

    assert second.returncode == 1
    assert f"is already served by another launcher (process {launched.launcher()})" in second.stderr


def test_everything_it_writes_is_closed_to_other_users(launched):
    launched.wait_until_it_serves()

    files = [file for file in (launched.folder, *launched.folder.rglob("*")) if file.exists()]
    assert [str(file) for file in files if file.lstat().st_mode & 0o077] == []

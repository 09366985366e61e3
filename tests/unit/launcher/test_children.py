"""Processes that are watched, ended with their parent, and never left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from grants.launcher.children import BACK_OFF_S, Child, ChildGaveUpError, Plan

SLEEPER = (sys.executable, "-c", "import time; time.sleep(60)")
STUBBORN = (sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); print(1); time.sleep(60)")


@pytest.fixture
def make(tmp_path):
    made = []

    def make(command, patience_s=5.0):
        child = Child(Plan("trial", command, patience_s), {}, tmp_path / "trial.log")
        made.append(child)
        child.start()
        return child

    yield make
    for child in made:
        child.stop()


def wait_until(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().split(")")[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_child_that_died_is_started_again_after_its_pause(make):
    child = make(SLEEPER)
    first = child.process.pid
    child.process.send_signal(signal.SIGKILL)
    child.process.wait()

    remark = child.watch(100.0)

    assert "SIGKILL" in remark
    assert child.watch(100.0 + BACK_OFF_S[0] - 0.01) is None
    assert child.process is None
    child.watch(100.0 + BACK_OFF_S[0])
    assert child.process.pid != first


def test_a_child_that_keeps_dying_is_given_up(make):
    child = make((sys.executable, "-c", "raise SystemExit(3)"))

    def die_once_more():
        child.process.wait()
        child.watch(child.started)
        child.watch(child.due)

    for _ in BACK_OFF_S:
        die_once_more()
    with pytest.raises(ChildGaveUpError, match="trial died 9 times"):
        die_once_more()


def test_a_stubborn_child_is_killed_when_patience_is_over(make):
    child = make((*STUBBORN[:1], "-u", *STUBBORN[1:]), patience_s=0.2)
    pid = child.process.pid
    wait_until(lambda: child.log_file.read_text() == "1\n")

    child.stop()

    assert not runs(pid)


def test_kill_9_of_the_parent_ends_the_child(tmp_path):
    parent = textwrap.dedent(
        f"""
        import sys, time
        from pathlib import Path
        from grants.launcher.children import Child, Plan
        child = Child(Plan("trial", {SLEEPER!r}), {{}}, Path({str(tmp_path / "log")!r}))
        child.start()
        print(child.process.pid, flush=True)
        time.sleep(60)
        """
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        pid = int(process.stdout.readline())
        assert runs(pid)
        os.kill(process.pid, signal.SIGKILL)

    wait_until(lambda: not runs(pid))

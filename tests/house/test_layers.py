"""What may call what."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.house.source import ROOT, calls, modules

EDGE = {"grants/db/transactions.py", "grants/db/dialect.py"}  # the latter: how a reading transaction ends
TIMELESS = {"domain", "services", "queries", "policies", "models", "states", "errors"}


def test_the_import_contracts_hold():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout + found.stderr


def test_nobody_commits_but_the_edge():
    stray = [f"{path}:{call.lineno}" for path, tree in modules() if path not in EDGE for call in calls(tree, "commit")]

    assert stray == [], "a transaction is committed by @transactional or writing(), see grants/db/transactions.py"


def test_nothing_below_the_edge_reads_the_clock():
    readers = [
        f"{path}:{call.lineno}"
        for path, tree in modules()
        if TIMELESS & set(Path(path).with_suffix("").parts[1:]) and not path.startswith("grants/web/")
        for name in ("utc_now", "real_now", "now", "today")
        for call in calls(tree, name)
    ]

    assert readers == [], "take now= from the caller"


def test_every_module_says_what_it_is_for():
    silent = [path for path, tree in modules() if tree.body and not ast.get_docstring(tree)]

    assert silent == []

"""The district's step has one name, its state one, what comes of it one (docs/glossary.md)."""

import re
from pathlib import Path

from grants.applications.presenters.reasons import STATES
from grants.desk.domain import StepKey
from grants.desk.presenters import STEPS

ROOT = Path(__file__).parents[3]
OTHERWISE = re.compile(r"区级审核|区初审|区级意见|(?<!区级)初审(?!期满)")


def test_step_and_state_are_called_by_their_terms():
    assert str(STEPS[StepKey.DISTRICT]) == "区级初审"
    assert str(STATES["application.district_review"][1]) == "区级初审中"


def test_nothing_on_screen_calls_them_otherwise():
    files = [*(ROOT / "grants").rglob("*.py"), *(ROOT / "templates").rglob("*.*")]

    found = [
        f"{file.relative_to(ROOT)}: {match[0]}" for file in files for match in OTHERWISE.finditer(file.read_text())
    ]

    assert found == []

"""The written cases of every rule, judged by the command that anybody has: ``flask eligibility evaluate``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from grants.programmes.domain import RuleStage
from tests.unit.programmes.casebook import CODES, base_case, casebook, changed_case

Command = Callable[..., Result]
EVERY_STAGE = [part for stage in RuleStage for part in ("--at", stage.value)]


@pytest.fixture
def command(app: Flask) -> Command:
    """``flask eligibility evaluate`` in this process."""
    return lambda *arguments: app.test_cli_runner().invoke(args=["eligibility", "evaluate", *arguments])


def write(folder: Path, name: str, case: dict[str, Any]) -> str:
    file = folder / f"{name}.json"
    file.write_text(json.dumps(case, ensure_ascii=False), encoding="utf-8")
    return str(file)


@pytest.mark.single_database
@pytest.mark.parametrize("code", CODES)
def test_the_command_judges_every_written_case_as_its_table_says(command: Command, tmp_path: Path, code: str) -> None:
    cases = casebook(code)[1]
    files = [write(tmp_path, f"{number:04}", changed_case(code, case)) for number, case in enumerate(cases)]

    answer = command(
        "--definition", code, *EVERY_STAGE, "--json", *(part for file in files for part in ("--case", file))
    )

    assert answer.exit_code == 0, answer.output[-2000:]
    judged = json.loads(answer.stdout)
    assert [found["case"] for found in judged] == files
    wrong = []
    for case, found in zip(cases, judged, strict=True):
        finding = next(one for one in found["findings"] if one["rule"] == case.rule)
        if (finding["verdict"], finding["cause"]) != (case.verdict, case.cause) or case.says not in finding["message"]:
            wrong.append((case.rule, case.name, case.verdict, finding["verdict"], finding["cause"], finding["message"]))
    assert wrong == []


@pytest.mark.single_database
def test_several_cases_are_told_apart_on_paper(command: Command, tmp_path: Path) -> None:
    sound, abroad = base_case("hlw"), base_case("hlw")
    abroad["answers"]["data_location"] = "境外"
    files = [write(tmp_path, "sound", sound), write(tmp_path, "abroad", abroad)]

    answer = command("--definition", "hlw", "--case", files[0], "--case", files[1])

    first, second = answer.stdout.split(f"{files[1]}:")
    assert first.startswith(f"{files[0]}:")
    assert ("HLW-28 pass" in first, "HLW-28 fail" in second) == (True, True)


@pytest.mark.single_database
def test_a_case_that_cannot_be_read_is_named(command: Command, tmp_path: Path) -> None:
    faulty = base_case("hlw")
    faulty["answers"]["requested"] = "lots"
    files = [write(tmp_path, "sound", base_case("hlw")), write(tmp_path, "faulty", faulty)]

    answer = command("--definition", "hlw", "--case", files[0], "--case", files[1], "--json")

    assert answer.exit_code == 1
    assert f"{files[1]}: requested" in answer.output

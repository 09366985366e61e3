"""``flask eligibility``: exit status and output are the answer."""

import json

import pytest

from grants.eligibility.models import EligibilityRun
from tests.factories.eligibility import base_case, make_checked


@pytest.fixture
def run(app, session):
    """Run a command in the test's savepoint."""
    session.flush()
    return lambda *arguments: app.test_cli_runner().invoke(args=["eligibility", *arguments])


def write_case(folder, code="sbc", **changes):
    path = folder / "case.json"
    path.write_text(json.dumps({**base_case(code), **changes}, default=str), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("code", ["sbc", "hlw"])
def test_a_sound_case_has_no_failure(run, tmp_path, code):
    answer = run("evaluate", "--definition", code, "--case", write_case(tmp_path, code), "--json")

    findings = json.loads(answer.output)
    assert answer.exit_code == 0
    assert {finding["verdict"] for finding in findings if finding["due"]} <= {"pass", "not_applicable", "unknown"}
    assert {"rule", "verdict", "cause", "severity", "clause", "message", "remedy", "read", "evidence"} <= set(
        findings[0]
    )


def test_rules_at_payment_are_not_due(run, tmp_path):
    answer = run("evaluate", "--definition", "hlw", "--case", write_case(tmp_path, "hlw"), "--json")

    assert [found["due"] for found in json.loads(answer.output) if found["rule"].startswith("HLW-32")] == [False, False]


def test_a_faulty_case_is_refused_with_all_faults(run, tmp_path):
    answer = run(
        "evaluate", "--definition", "sbc", "--case", write_case(tmp_path, answers={"requested": "lots", "x": 1})
    )

    assert answer.exit_code == 1
    assert "requested" in answer.output
    assert "answers.x" in answer.output or "x" in answer.output


def test_what_is_not_json_is_refused(run, tmp_path):
    (tmp_path / "case.json").write_text("{")

    answer = run("evaluate", "--definition", "sbc", "--case", str(tmp_path / "case.json"))

    assert (answer.exit_code, "not JSON" in answer.output) == (1, True)


def test_an_unknown_definition_is_refused(run, tmp_path):
    assert run("evaluate", "--definition", "xyz", "--case", write_case(tmp_path)).exit_code == 1


@pytest.mark.parametrize("arguments", [(), ("--definition", "sbc")])
def test_the_schema_of_cases_is_json_schema(run, arguments):
    answer = run("case-schema", *arguments)

    assert json.loads(answer.output)["$schema"].startswith("https://json-schema.org/draft/2020-12")


def test_replaying_says_whether_every_run_comes_out_the_same(run, session):
    application = make_checked(session)
    session.commit()

    assert run("replay", application.ref).exit_code == 0
    assert "1 runs judged again, 0 differ" in run("replay", "--call", application.call.ref).output

    record = session.query(EligibilityRun).one()
    record.findings[0].message = "另一句话"
    session.commit()
    answer = run("replay", "--json")
    assert (answer.exit_code, json.loads(answer.output)["differing"]) == (1, ["SBC-01"])


def test_replaying_nothing_is_an_error(run):
    assert run("replay", "SBC-2099-01-0001").exit_code == 1

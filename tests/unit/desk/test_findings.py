"""What a rule read, in the words of the form and of an officer."""

from importlib import resources

import pytest

from grants.eligibility.presenters import day_words, name_words, value_words
from grants.factory import create_app
from grants.programmes.domain import CaseView, case_from_json, parse_definition
from tests.support.databases import make_settings


@pytest.fixture(scope="module")
def definition():
    return parse_definition(resources.files("grants.programmes").joinpath("definitions/sbc.yaml").read_text())


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("contracts[r1].software", "860000.00", "860,000 元"),
        ("contracts[r1].signed_on", "2026-01-20", "2026年1月20日"),
        ("contracts[r1].related", "true", "是"),
        ("projects[1].due_on", "2026-06-07", "2026年6月7日"),
        ("submitted_at", "2026-03-02T01:00:00+00:00", "2026年3月2日（周一）09:00"),
        ("product_name", "2026-01-20", "2026-01-20"),
        ("contracts[r1].software", "不是数", "不是数"),
        ("reg.status", "", "未取得"),
        ("min_sales", "500000", "500,000 元"),
        ("earlier_texts[1].similarity", "0.8583", "85.8%"),
        ("earlier_texts[1].similarity", "0.8499", "84.9%"),  # not 85.0%, from which on it would count
        ("earlier_texts[1].similarity", "1.0000", "100.0%"),
        ("earlier_texts[1].similarity", "", "未取得"),
    ],
)
def test_a_value_reads_as_its_field_is_written(definition, app_context, name, value, words):
    assert value_words(definition, name, value) == words


@pytest.mark.parametrize("text", ["", "2026-13-01", "T", "x" * 10, "2026-03-02T99"])
def test_what_is_no_day_stays_as_it_is(text):
    assert day_words(text) == text


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("contracts[r7].software", "第 1 行"),
        ("projects[2].due_on", "在研项目记录第 2 条·应验收日期"),
        ("reg.status", "市场主体登记信息·登记状态"),
    ],
)
def test_a_name_has_its_row_and_its_column_in_words(definition, app_context, name, part):
    call = {
        "asof": "2026-04-30",
        "opens_at": "2026-03-02T09:00:00+08:00",
        "effective_close": "2026-04-30T16:00:00+08:00",
    }
    answers = {"contracts": [{"id": "r7", "software": "1.00"}]}
    case = case_from_json(definition, {"definition": "sbc", "call": call, "answers": answers, "documents": []})

    assert part in name_words(definition, CaseView(definition, case), name)


@pytest.fixture(scope="module")
def app_context(tmp_path_factory):
    """Words are translated within an application."""
    folder = tmp_path_factory.mktemp("app")
    with create_app(make_settings(f"sqlite:///{folder}/x.sqlite3", folder)).test_request_context():
        yield

"""Options of a choice: a list of texts, or codes with their words."""

from pathlib import Path

import pytest

from grants.programmes.domain import parse_definition
from grants.programmes.errors import DefinitionFaultsError

HLW = (Path(__file__).parents[3] / "grants/programmes/definitions/hlw.yaml").read_text(encoding="utf-8")


def test_codes_have_words_and_texts_are_their_own() -> None:
    definition = parse_definition(HLW)

    assert definition.field("track").choices == ("P", "E")
    assert definition.field("track").choice_labels["P"] == "产业发展类"
    assert definition.field("direction").choice_labels["平台经济"] == "平台经济"


def test_options_told_twice_are_a_fault() -> None:
    text = HLW.replace("choices: {P: 产业发展类, E: 优化环境、公共服务平台类}", "choices: [P, E, E]")

    with pytest.raises(DefinitionFaultsError) as refused:
        parse_definition(text)

    assert any(fault.message == "选项重复" for fault in refused.value.faults)

"""Every condition, value and funding formula of the two shipped programmes compiles to the kind its place needs."""

from pathlib import Path

import pytest
import yaml

from grants.kernel.rules import Kind, Scope, compile_expression
from tests.unit.kernel.rules.domain_scope import HLW, SBC

PROGRAMMES = yaml.safe_load(Path(__file__).with_name("domain_expressions.yaml").read_text(encoding="utf-8"))
CASES = [
    pytest.param(scope, Kind(kind), text, id=f"{code}: {text}")
    for code, scope in (("sbc", SBC), ("hlw", HLW))
    for kind, texts in PROGRAMMES[code].items()
    for text in texts
]


@pytest.mark.parametrize(("scope", "kind", "text"), CASES)
def test_domain_expression_compiles_without_a_warning(scope: Scope, kind: Kind, text: str) -> None:
    expression = compile_expression(text, scope, expects=kind, check_conditionals=True)

    assert expression.kind is kind
    assert expression.warnings == ()


def test_a_selection_keeps_the_columns_of_its_table() -> None:
    expression = compile_expression("first(where(contracts, buyer_abroad), 3, by=signed_on)", SBC)

    assert expression.result.columns.keys() == SBC.names["contracts"].columns.keys()
    assert not expression.result.columns["buyer_uscc"].conditional

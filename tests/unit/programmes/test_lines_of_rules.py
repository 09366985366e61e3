"""No line of a rule moves unnoticed: where an expression is changed a little, a written case comes out otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import pytest

from grants.kernel.rules import Expression, ExpressionFaultsError, Scope, compile_expression
from grants.programmes.domain import Case, Definition, RuleStage, case_from_json, evaluate
from grants.programmes.domain.check_specs import CHECK_SPECS, CheckParameter
from grants.programmes.domain.loading.compiler import Compiler
from grants.programmes.domain.loading.survey import survey
from grants.programmes.domain.loading.yaml_tree import parse_yaml
from grants.programmes.domain.model import Rule
from tests.unit.programmes.casebook import CODES, WrittenCase, casebook, changed_case, shipped, shipped_text

OTHERWISE = {
    "<=": "<",
    ">=": ">",
    "<": "<=",
    ">": ">=",
    "==": "!=",
    "!=": "==",
    "and": "or",
    "or": "and",
    "not": "",
    "any": "all",
    "all": "any",
    "min": "max",
    "max": "min",
    "sum": "max",
    "+": "-",
    "-": "+",
}
GATHERED_BY = {"programmes", "years", "fields"}  # what evidence is collected by, before there is a case to judge
_TOKEN = re.compile(r'"[^"]*"|<=|>=|==|!=|<|>|[+-]|\b(?:and|or|not|any|all|min|max|sum)\b|(?<![\w.])\d+(?:\.\d+)?')


@dataclass(frozen=True)
class Moved:
    """A definition in which one sign of one expression is another."""

    definition: Definition
    rule: str
    words: str


def moved_texts(text: str) -> Iterator[str]:
    """The expression with one comparison, connective, number or word changed."""
    for found in _TOKEN.finditer(text):
        for other in others_of(found.group()):
            yield text[: found.start()] + other + text[found.end() :]


def others_of(sign: str) -> tuple[str, ...]:
    if sign.startswith('"'):
        return ('"某"',)
    if sign in OTHERWISE:
        return (OTHERWISE[sign],)
    return (
        (f"{float(sign) + 0.01:g}", f"{float(sign) - 0.01:g}")
        if "." in sign
        else (f"{int(sign) + 1}", f"{int(sign) - 1}")
    )


@cache
def scope_of(code: str) -> Scope:
    """The names that the expressions of a shipped definition may read."""
    text = shipped_text(code)
    root, faults = parse_yaml(text)
    compiler = Compiler(text, survey(root), faults)
    compiler.infer(root)
    return compiler.scope


def moved_expressions(code: str, expression: Expression | None) -> Iterator[Expression]:
    """Every changed form that is an expression still."""
    for text in moved_texts(expression.source) if expression is not None else ():
        try:
            yield compile_expression(text, scope_of(code))
        except ExpressionFaultsError:
            continue


def moved_rules(code: str, rule: Rule) -> Iterator[tuple[Rule, str]]:
    for require in moved_expressions(code, rule.require):
        yield replace(rule, require=require), require.source
    for when in moved_expressions(code, rule.when):
        yield replace(rule, when=when), f"when {when.source}"
    if rule.when is not None:
        yield replace(rule, when=None), "without its when"
    for key, value in rule.check.parameters.items() if rule.check is not None else ():
        for other in others_of_parameter(CHECK_SPECS[rule.check.name].parameters[key], value):
            if key not in GATHERED_BY:
                check = replace(rule.check, parameters={**rule.check.parameters, key: other})
                yield replace(rule, check=check), f"{key}: {other}"


def others_of_parameter(spec: CheckParameter, value: object) -> list[object]:
    """The other choices, a share a little higher and lower, a list without one of its items."""
    if isinstance(value, Decimal):
        return [value + Decimal("0.01"), value - Decimal("0.01")]
    if isinstance(value, tuple):
        return [value[:place] + value[place + 1 :] for place in range(len(value))]
    return [choice for choice in spec.choices if choice != value]


def moved_definitions(code: str) -> Iterator[Moved]:
    """One per change: of a rule, that rule alone; of a value, every rule."""
    definition = shipped(code)
    for rule in definition.rules:
        for moved, words in moved_rules(code, rule):
            yield Moved(replace(definition, rules=(moved,)), rule.key, words)
    for place, value in enumerate(definition.values):
        for expression in moved_expressions(code, value.expression):
            values = (
                *definition.values[:place],
                replace(value, expression=expression),
                *definition.values[place + 1 :],
            )
            yield Moved(replace(definition, values=values), "", f"{value.key} = {expression.source}")


@cache
def read_cases(code: str) -> tuple[tuple[WrittenCase, Case], ...]:
    return tuple((case, case_from_json(shipped(code), changed_case(code, case))) for case in casebook(code)[1])


def is_noticed(code: str, moved: Moved) -> bool:
    return any(
        differs(moved.definition, written, case)
        for written, case in read_cases(code)
        if moved.rule in ("", written.rule)
    )


def differs(definition: Definition, written: WrittenCase, case: Case) -> bool:
    alone = replace(definition, rules=(definition.rule(written.rule),))
    (finding,) = evaluate(alone, case, stages=RuleStage)
    return (finding.verdict.value, finding.cause) != (written.verdict, written.cause)


@pytest.mark.parametrize("code", CODES)
def test_no_line_moves_unnoticed(code: str) -> None:
    moved = list(moved_definitions(code))

    assert len(moved) > 100
    assert [f"{one.rule} {one.words}" for one in moved if not is_noticed(code, one)] == []


@pytest.mark.parametrize("code", CODES)
def test_what_does_not_move_is_as_written(code: str) -> None:
    assert not any(differs(shipped(code), written, case) for written, case in read_cases(code))

"""``in``: whether a text, number or date is one of several, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from grants.kernel.rules.compilation import Compilation, Frame, Part, Run, broken, every
from grants.kernel.rules.kinds import Kind, Name
from grants.kernel.rules.operators import is_equal
from grants.kernel.rules.syntax import Membership, Reference
from grants.kernel.rules.values import Unknown, Value, merge

KNOWN = (str, Decimal, date)
LISTABLE = (Kind.TEXT, Kind.NUMBER, Kind.DATE)


def compile_membership(compilation: Compilation, node: Membership) -> Part:
    """``x in (a, b)``, ``x in named_list`` or ``x in field_of_several``; exact."""
    item = compilation.compile(node.item)
    if not compilation.expect(item, LISTABLE, "“in”的前面"):
        [compilation.compile(option) for option in node.options if not node.listed]
        return broken(node.at)
    if node.listed:
        return compile_listed(compilation, node, item)
    options = [compilation.compile(option) for option in node.options]
    if not every(may_be_option(compilation, item, option) for option in options):
        return broken(node.at)
    literals = [option.literal for option in options]
    result = Name(Kind.YES_NO, evidence=item.evidence)
    if None not in literals:
        return Part(node.at, result, in_constant(item.run, frozenset(literals)))
    return Part(node.at, result, in_options(item.run, [option.run for option in options]))


def may_be_option(compilation: Compilation, item: Part, option: Part) -> bool:
    """Whether the item can equal the option; reports it if their kinds differ."""
    if option.kind is None or item.kind is None:
        return False
    if option.kind is not item.kind:
        advice = "，列表请不要放在括号里" if option.kind is Kind.LIST else ""
        compilation.report.fault(
            option.at, f"“in”括号里的各项都应是{item.kind.label}，这里是{option.kind.label}{advice}"
        )
    return option.kind is item.kind


def compile_listed(compilation: Compilation, node: Membership, item: Part) -> Part:
    """``x in`` a named list of the definition, or a name that holds a list of texts."""
    (target,) = node.options
    if not compilation.expect(item, (Kind.TEXT,), "在列表中查找的"):
        return broken(node.at)
    result = Name(Kind.YES_NO, evidence=item.evidence)
    if isinstance(target, Reference) and target.name in compilation.scope.lists:
        return Part(node.at, result, in_constant(item.run, compilation.scope.lists[target.name]))
    options = compilation.compile(target)
    if not compilation.expect(options, (Kind.LIST,), "“in”的后面"):
        return broken(node.at)
    return Part(node.at, result, in_value(item.run, options.run))


def in_constant(item: Run, options: frozenset[Any]) -> Run:
    """Membership of something known beforehand."""

    def run(frame: Frame) -> Value:
        value = item(frame)
        return value in options if isinstance(value, KNOWN) else merge(value, value)

    return run


def in_value(item: Run, options: Run) -> Run:
    """Membership of a list that is a value itself."""

    def run(frame: Frame) -> Value:
        value, listed = item(frame), options(frame)
        if value.__class__ is Unknown or listed.__class__ is Unknown:
            return merge(value, listed)
        return value in listed

    return run


def in_options(item: Run, options: Sequence[Run]) -> Run:
    """Membership as ``x == a or x == b``."""

    def run(frame: Frame) -> Value:
        value = item(frame)
        outcome: Value = False
        for option in options:
            same = is_equal(value, option(frame))
            if same is True:
                return True
            if same is not False:
                outcome = same if outcome is False else merge(outcome, same)
        return outcome

    return run

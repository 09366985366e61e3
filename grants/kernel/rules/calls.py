"""Calls over single values: plain functions, ``if``, ``is_missing``, ``coalesce``, ``date``, the least of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from grants.kernel.rules.compilation import Compilation, Frame, Part, Run, broken, every, take_steps
from grants.kernel.rules.functions import SIGNATURES, USAGES, Signature
from grants.kernel.rules.kinds import Kind, Name
from grants.kernel.rules.names import constant
from grants.kernel.rules.operators import ORDERED, is_equal
from grants.kernel.rules.syntax import Call, Reference, Text
from grants.kernel.rules.values import UNDEFINED, Cause, Unknown, Value, gather, merge, require_exact

SCALARS = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.INSTANT, Kind.YES_NO, Kind.LIST)
CHARACTERS_PER_STEP = 4
PRESENCE = (*SCALARS, Kind.DOCUMENT)
MISSING = frozenset({Cause.ANSWER, Cause.DOCUMENT})


def takes(compilation: Compilation, call: Call, *, least: int, most: int, by: bool = False) -> bool:
    """Whether the call has the right number of arguments; reports how to write it if not."""
    if least <= len(call.arguments) <= most and (call.by is not None) == by:
        return True
    compilation.report.fault(call.at, f"“{call.function}”的参数不对，写法是 {USAGES[call.function]}")
    return False


def compile_arguments(compilation: Compilation, call: Call) -> list[Part]:
    """Every argument compiled, so that every fault is found."""
    return [compilation.compile(argument) for argument in call.arguments]


def compile_plain(compilation: Compilation, call: Call) -> Part:
    """A function of known values: unknown if any argument is."""
    signature = SIGNATURES[call.function]
    parts = compile_arguments(compilation, call)
    count = len(signature.parameters)
    if not takes(compilation, call, least=count, most=count) or not fit(compilation, call, signature, parts):
        return broken(call.at)
    result = Name(signature.result, evidence=any(part.evidence for part in parts))
    charged = signature.by_length and not compilation.straight
    return Part(call.at, result, application(signature.apply, [part.run for part in parts], charged=charged))


def fit(compilation: Compilation, call: Call, signature: Signature, parts: Sequence[Part]) -> bool:
    """Whether each argument is of its parameter's kind."""
    numbered = enumerate(zip(parts, signature.parameters, strict=True), start=1)
    return every(
        compilation.expect(part, allowed, f"“{call.function}”的第 {number} 个参数")
        for number, (part, allowed) in numbered
    )


def application(apply: Callable[..., Value], runs: Sequence[Run], *, charged: bool = False) -> Run:
    """Apply to the arguments' values, or give the first cause in precedence why they are unknown.

    ``charged``: take steps for the length of the arguments.
    """

    def run(frame: Frame) -> Value:
        values = [read(frame) for read in runs]
        pending = None
        for value in values:
            if value.__class__ is Unknown:
                pending = gather(pending, value)
        if pending is not None:
            return pending
        if charged:
            take_steps(frame, sum(map(characters, values)) // CHARACTERS_PER_STEP)
        return apply(*values)

    return run


def characters(value: str | tuple[str, ...]) -> int:
    """How many characters a text or list has in all."""
    return len(value) if isinstance(value, str) else sum(map(len, value))


def compile_if(compilation: Compilation, call: Call) -> Part:
    """``if(condition, a, b)``; under an unknown condition still known where both are the same."""
    if not takes(compilation, call, least=3, most=3):
        compile_arguments(compilation, call)
        return broken(call.at)
    condition = compilation.compile(call.arguments[0])
    with compilation.behind_a_guard():
        yes, no = (compilation.compile(argument) for argument in call.arguments[1:])
    fits = [compilation.expect(condition, (Kind.YES_NO,), "“if”的条件"), same_kind(compilation, call, (yes, no))]
    if not all(fits):
        return broken(call.at)
    result = Name(yes.kind or Kind.YES_NO, evidence=any(part.evidence for part in (condition, yes, no)))
    return Part(call.at, result, choice(condition.run, yes.run, no.run))


def same_kind(compilation: Compilation, call: Call, parts: Sequence[Part], allowed: Sequence[Kind] = SCALARS) -> bool:
    """Whether all parts are of one kind among those allowed; reports the first that is not."""
    if not every(compilation.expect(part, allowed, f"“{call.function}”的各项都") for part in parts):
        return False
    odd = next((part for part in parts if part.kind is not parts[0].kind), None)
    if odd is not None and odd.kind is not None and parts[0].kind is not None:
        message = f"“{call.function}”的各项应同是{parts[0].kind.label}，这里是{odd.kind.label}"
        compilation.report.fault(odd.at, message)
    return odd is None


def choice(condition: Run, yes: Run, no: Run) -> Run:
    """Evaluates the branch that counts, or both where that is not known."""

    def run(frame: Frame) -> Value:
        decided = condition(frame)
        if decided is True:
            return yes(frame)  # type: ignore[no-any-return]
        if decided is False:
            return no(frame)  # type: ignore[no-any-return]
        decided = merge(decided, decided)
        first, second = yes(frame), no(frame)
        if is_equal(first, second) is True:
            return first  # type: ignore[no-any-return]
        for value in (first, second):
            if value.__class__ is Unknown:
                decided = merge(decided, value)
        return decided

    return run


def compile_is_missing(compilation: Compilation, call: Call) -> Part:
    """Whether an answer or document is not there; says nothing of registers, hidden fields and dates to come."""
    parts = compile_arguments(compilation, call)
    if not takes(compilation, call, least=1, most=1):
        return broken(call.at)
    (part,) = parts
    if not compilation.expect(part, PRESENCE, "“is_missing”的参数"):
        return broken(call.at)
    if not isinstance(call.arguments[0], Reference):
        compilation.report.fault(part.at, "“is_missing”里只能写一个字段、列或材料的名称")
        return broken(call.at)
    warn_of_evidence(compilation, call, part)
    return Part(call.at, Name(Kind.YES_NO, evidence=part.evidence), presence(part.run, evidence=part.evidence))


def warn_of_evidence(compilation: Compilation, call: Call, part: Part) -> None:
    """What a register does not tell is unknown, never missing."""
    if part.evidence:
        compilation.report.warning(call.at, f"“{call.function}”只看申报内容和材料，对外部查询结果不起作用")


def presence(read: Run, *, evidence: bool) -> Run:
    """``is_missing`` of what ``read`` gives."""

    def run(frame: Frame) -> Value:
        value = read(frame)
        if value.__class__ is not Unknown:
            return False if value is not None else merge(value, value)
        return True if value.cause in MISSING and not evidence else value

    return run


def compile_coalesce(compilation: Compilation, call: Call) -> Part:
    """The first value that is not a missing answer."""
    parts = compile_arguments(compilation, call)
    if not takes(compilation, call, least=2, most=10) or not same_kind(compilation, call, parts):
        return broken(call.at)
    for part in parts[:-1]:
        warn_of_evidence(compilation, call, part)
    result = Name(parts[0].kind or Kind.NUMBER, evidence=any(part.evidence for part in parts))
    return Part(call.at, result, first_present([(part.run, part.evidence) for part in parts]))


def first_present(candidates: Sequence[tuple[Run, bool]]) -> Run:
    """The first that is known; one that is unknown for another reason than missing ends the search."""

    def run(frame: Frame) -> Value:
        pending = None
        for read, evidence in candidates:
            value = read(frame)
            if value.__class__ is not Unknown:
                return value  # type: ignore[no-any-return]
            pending = gather(pending, value)
            if value.cause not in MISSING or evidence:
                break
        return UNDEFINED if pending is None else pending

    return run


def compile_date(compilation: Compilation, call: Call) -> Part:
    """``date("2026-03-02")``: a literal, so the text must be one too."""
    if not takes(compilation, call, least=1, most=1):
        return broken(call.at)
    (argument,) = call.arguments
    written = argument.value if isinstance(argument, Text) else ""
    try:
        if len(written) != len("2026-03-02"):
            raise ValueError(written)
        return constant(call.at, Kind.DATE, date.fromisoformat(written))
    except ValueError:
        compilation.report.fault(argument.at, f"日期要写成 {USAGES['date']}，并且是存在的一天")
        return broken(call.at)


def compile_extreme_of_several(
    compilation: Compilation, call: Call, parts: Sequence[Part], pick: Callable[..., Any]
) -> Part:
    """``min(a, b, ...)`` and ``max(a, b, ...)`` of single values."""
    if not takes(compilation, call, least=2, most=50) or not same_kind(compilation, call, parts, ORDERED):
        return broken(call.at)
    result = Name(parts[0].kind or Kind.NUMBER, evidence=any(part.evidence for part in parts))
    return Part(call.at, result, application(extreme(pick), [part.run for part in parts]))


def extreme(pick: Callable[..., Any]) -> Callable[..., Value]:
    """The least or greatest of exact values, undefined of nothing."""

    def of(*values: Value) -> Value:
        require_exact(values)
        return pick(values) if values else UNDEFINED

    return of

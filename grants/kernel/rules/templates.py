"""Sentences that quote values: ``合计 {sum(counted, software)} 元``. Braces of one's own are doubled."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from grants.kernel.rules.expressions import Expression, compile_expression
from grants.kernel.rules.faults import ExpressionFaultsError, Fault, Report
from grants.kernel.rules.formatting import format_value, shorten
from grants.kernel.rules.kinds import Scope
from grants.kernel.rules.values import Value

MAX_TEMPLATE_CHARACTERS = 4_000
PERCENT_SIGNS = ("%", "％")
WRITTEN_NUMBER = re.compile(r"\d[\d,]{0,29}(?:\.\d{1,20})?")
PIECE = re.compile(
    r"""(?P<own>\{\{|\}\})
      | \{(?P<expression>(?:[^"{}]|"(?:[^"\\\n]|\\.)*")*)\}
      | (?P<stray>[{}])
      | (?P<text>[^{}]+)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed sentence: texts and expressions in order."""

    text: str
    pieces: tuple[str | Expression, ...]
    names: frozenset[str]

    def render(self, names: Mapping[str, Value]) -> str:
        """The sentence with its values; what is unknown reads （未填写）, （未上传） or （未取得）.

        Numbers with more than two decimals are shortened (``shorten``), told apart from all others of the sentence.

        Raises:
            EvaluationLimitError, KeyError: as ``Expression.evaluate``.
        """
        told = [piece if isinstance(piece, str) else piece.evaluate(names) for piece in self.pieces]
        numbers = {number for piece, value in zip(self.pieces, told, strict=True) for number in _numbers(piece, value)}
        return "".join(
            piece if isinstance(piece, str) else _words(value, after, numbers)
            for piece, value, after in zip_longest(self.pieces, told, self.pieces[1:], fillvalue="")
        )


def _numbers(piece: str | Expression, value: Value) -> Iterator[Decimal]:
    """The numbers that a piece of a sentence tells: what it quotes, or those written in its text."""
    if isinstance(value, Decimal):
        yield value
    elif isinstance(piece, str):
        yield from (Decimal(match[0].replace(",", "")) for match in WRITTEN_NUMBER.finditer(piece))


def _words(value: Value, after: str | Expression, numbers: Collection[Decimal]) -> str:
    if not isinstance(value, Decimal):
        return format_value(value)
    percent = isinstance(after, str) and after.lstrip().startswith(PERCENT_SIGNS)
    return format_value(shorten(value, percent=percent, beside=numbers))


def parse_template(text: str, scope: Scope) -> Template:
    """Parse a sentence and compile what it quotes.

    Raises:
        ExpressionFaultsError: with every fault, line and column counted in ``text``.
    """
    report = Report(text)
    if len(text) > MAX_TEMPLATE_CHARACTERS:
        report.fault(0, f"文字有 {len(text)} 个字符，最多 {MAX_TEMPLATE_CHARACTERS} 个")
        report.require_none()
    pieces = tuple(read_pieces(text, scope, report))
    report.require_none()
    names = frozenset(name for piece in pieces if isinstance(piece, Expression) for name in piece.names)
    return Template(text, pieces, names)


def read_pieces(text: str, scope: Scope, report: Report) -> Iterator[str | Expression]:
    """The pieces of a sentence in order; faulty ones are reported and left out."""
    for match in PIECE.finditer(text):
        if match["own"]:
            yield match["own"][0]
        elif match["text"]:
            yield match["text"]
        elif match["stray"]:
            report.fault(match.start(), "花括号不成对；引用的值写作 {名称}，文字里的花括号要写两个")
        else:
            yield from compile_quote(match["expression"], match.start("expression"), scope, report)


def compile_quote(source: str, start: int, scope: Scope, report: Report) -> Iterator[Expression]:
    """The expression of one quote, or its faults moved to where it stands in the sentence."""
    try:
        yield compile_expression(source, scope)
    except ExpressionFaultsError as error:
        for fault in error.faults:
            report.fault(start + offset_of(source, fault), fault.message)


def offset_of(source: str, fault: Fault) -> int:
    """Where in ``source`` a fault stands."""
    lines = source.split("\n")
    return sum(len(line) + 1 for line in lines[: fault.line - 1]) + fault.column - 1

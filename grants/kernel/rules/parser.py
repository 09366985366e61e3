"""A Pratt parser: from tokens to the tree, noting every fault and going on where it can."""

from __future__ import annotations

from decimal import Decimal

from grants.kernel.rules.faults import Report
from grants.kernel.rules.syntax import (
    Arithmetic,
    Broken,
    Call,
    Comparison,
    Logical,
    Membership,
    Negation,
    Node,
    Not,
    Number,
    Reference,
    Text,
)
from grants.kernel.rules.tokens import Token, TokenKind, printable, tokenize
from grants.kernel.rules.words import COMPARISONS, NEGATION_POWER, NOT_POWER, POWERS

MAX_CHARACTERS = 2_000
MAX_NODES = 300
MAX_DEPTH = 30
MAX_DIGITS = 34  # as many as the arithmetic keeps


class _TooLargeError(Exception):
    """The tree grew past a bound, already reported; nothing more is read."""


def parse(source: str, report: Report) -> Node:
    """Read one expression; faults go to ``report``, and ``Broken`` stands where nothing could be read."""
    if len(source) > MAX_CHARACTERS:
        report.fault(0, f"表达式有 {len(source)} 个字符，最多 {MAX_CHARACTERS} 个")
        return Broken(0)
    try:
        return Parser(tokenize(source, report), report).read_all()
    except _TooLargeError:
        return Broken(0)


class Parser:
    """Reads one list of tokens. After a fault it is silent up to the next comma or bracket: one slip is told once."""

    def __init__(self, tokens: list[Token], report: Report) -> None:
        self._tokens = tokens
        self._position = 0
        self._report = report
        self._silent = False
        self._nodes = 0
        self._depth = 0

    def read_all(self) -> Node:
        """The whole text as one expression."""
        node = self._read(0)
        if self._next.kind is not TokenKind.END:
            self._complain(f"{self._shown(self._next)}的前面缺少运算符，或此处多余")
        return node

    @property
    def _next(self) -> Token:
        return self._tokens[self._position]

    def _take(self) -> Token:
        token = self._tokens[self._position]
        if token.kind is not TokenKind.END:
            self._position += 1
        return token

    def _accept(self, sign: str) -> bool:
        found = self._next.kind is TokenKind.SIGN and self._next.text == sign
        if found:
            self._take()
        return found

    def _complain(self, message: str) -> None:
        if not self._silent and self._next.kind is not TokenKind.STRAY:
            self._report.fault(self._next.at, message)
        self._silent = True

    def _made(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._report.fault(node.at, f"表达式太长：最多 {MAX_NODES} 个运算与名称，请拆成几条或使用 values")
            raise _TooLargeError
        return node

    def _nested(self, power: int) -> Node:
        if self._depth >= MAX_DEPTH:
            self._report.fault(self._next.at, f"嵌套太深：最多 {MAX_DEPTH} 层")
            raise _TooLargeError
        self._depth += 1
        node = self._read(power)
        self._depth -= 1
        return node

    def _read(self, power: int) -> Node:
        left = self._made(self._read_operand())
        while (operator := self._operator()) and POWERS[operator] > power:
            left = self._made(self._read_operation(left, operator))
        return left

    def _operator(self) -> str:
        token = self._next
        return token.text if token.kind in {TokenKind.SIGN, TokenKind.NAME} and token.text in POWERS else ""

    def _read_operand(self) -> Node:
        token = self._next
        match token.kind:
            case TokenKind.NUMBER:
                return self._number(self._take())
            case TokenKind.TEXT:
                return Text(self._take().at, token.text)
            case TokenKind.NAME if token.text == "not":
                return Not(self._take().at, self._nested(NOT_POWER))
            case TokenKind.NAME if token.text not in POWERS:
                return self._name(self._take())
            case TokenKind.SIGN if token.text == "-":
                return Negation(self._take().at, self._nested(NEGATION_POWER))
            case TokenKind.SIGN if token.text == "(":
                return self._bracketed(self._take())
        if token.kind is TokenKind.STRAY:
            return Broken(self._take().at)
        self._complain(f"这里应是数字、文字或名称，却是{self._shown(token)}")
        return Broken(token.at)

    def _number(self, token: Token) -> Node:
        if len(token.text.replace(".", "").lstrip("0")) > MAX_DIGITS:
            self._report.fault(token.at, f"数字最多 {MAX_DIGITS} 位有效数字")
            return Broken(token.at)
        return Number(token.at, Decimal(token.text))

    def _bracketed(self, bracket: Token) -> Node:
        node = self._nested(0)
        self._close(bracket)
        return node

    def _name(self, token: Token) -> Node:
        if self._accept("("):
            return self._call(token)
        return Reference(token.at, token.text)

    def _call(self, name: Token) -> Node:
        arguments: list[Node] = []
        by: Node | None = None
        more = not self._ends_arguments()
        while more:
            if self._next.text == "by" and self._tokens[self._position + 1].text == "=":
                self._position += 2
                by = self._nested(0)
            else:
                arguments.append(self._nested(0))
            more = self._goes_on()
        self._close(name)
        return Call(name.at, name.text, tuple(arguments), by)

    def _goes_on(self) -> bool:
        """After one of several items: whether a comma and another follow."""
        if not self._silent and not self._ends_arguments() and self._next.text != ",":
            self._complain(f"{self._shown(self._next)}的前面缺少逗号或运算符")
        self._resume()
        return self._accept(",")

    def _ends_arguments(self) -> bool:
        token = self._next
        return token.kind is TokenKind.END or (token.kind is TokenKind.SIGN and token.text == ")")

    def _close(self, opened: Token) -> None:
        self._resume()
        if not self._accept(")"):
            self._complain(f"第 {opened.at + 1} 个字符处“{opened.text}”的括号没有合上，这里缺少“)”")

    def _resume(self) -> None:
        """After a fault, go to the comma or bracket that ends the faulty part, and speak again."""
        open_brackets = 0
        while self._silent and self._next.kind is not TokenKind.END:
            if open_brackets == 0 and self._next.text in {",", ")"} and self._next.kind is TokenKind.SIGN:
                self._silent = False
                return
            token = self._take()
            if token.kind is TokenKind.SIGN:
                open_brackets += (token.text == "(") - (token.text == ")")

    def _read_operation(self, left: Node, operator: str) -> Node:
        token = self._take()
        if operator in COMPARISONS:
            return self._comparison(left, token)
        if operator in {"and", "or"}:
            return self._logical(left, token)
        if operator == "not":
            return self._not_in(token)
        if operator == "in":
            return self._membership(left, token)
        return Arithmetic(token.at, operator, left, self._read(POWERS[operator]))

    def _not_in(self, token: Token) -> Node:
        self._report.fault(token.at, "“not”只能写在整个条件之前，例如 not (x in (…))")
        self._silent = True
        return Broken(token.at)

    def _comparison(self, left: Node, first: Token) -> Node:
        operators, operands = [self._comparator(first)], [left, self._read(POWERS["<"])]
        while self._operator() in COMPARISONS:
            operators.append(self._comparator(self._take()))
            operands.append(self._read(POWERS["<"]))
        return Comparison(first.at, tuple(operators), tuple(operands))

    def _comparator(self, token: Token) -> str:
        if token.text == "=":
            self._report.fault(token.at, "比较是否相等请写“==”")
            return "=="
        return token.text

    def _logical(self, left: Node, first: Token) -> Node:
        operands = [left, self._read(POWERS[first.text])]
        while self._operator() == first.text:
            self._take()
            operands.append(self._read(POWERS[first.text]))
        return Logical(first.at, first.text, tuple(operands))

    def _membership(self, item: Node, token: Token) -> Node:
        bracket = self._next
        if not self._accept("("):
            return Membership(token.at, item, (self._read(POWERS["in"]),), listed=True)
        options: list[Node] = []
        more = not self._ends_arguments()
        while more:
            options.append(self._nested(0))
            more = self._goes_on()
        self._close(bracket)
        if not options:
            self._report.fault(bracket.at, "“in”后面的括号里至少要有一项")
        return Membership(token.at, item, tuple(options), listed=False)

    @staticmethod
    def _shown(token: Token) -> str:
        if token.kind is TokenKind.END:
            return "表达式的结尾"
        return f"“{printable(token.text[:20])}”"

"""From text to tokens. ASCII outside quotes; what a Chinese keyboard types by mistake is named in the fault."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from grants.kernel.rules.faults import Report


class TokenKind(Enum):
    """What a token is."""

    NUMBER = auto()
    TEXT = auto()
    NAME = auto()
    SIGN = auto()
    STRAY = auto()  # a word that cannot be one, already reported
    END = auto()


class Token(NamedTuple):
    """One token; ``text`` is its content (a text literal's without quotes and escapes), ``at`` its offset."""

    kind: TokenKind
    text: str
    at: int


PATTERN = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
      | "(?P<text>(?:[^"\\\n]|\\["\\])*)"
      | (?P<sign><=|>=|==|!=|[-+*/<>(),=])""",
    re.VERBOSE | re.ASCII,
)
ESCAPE = re.compile(r'\\(["\\])')
QUOTES = frozenset("\"'“”‘’")
CLOSING_QUOTE = re.compile("['”’]")
STRAY_WORD = re.compile(r"[^\W0-9_A-Za-z]+")
LIKELY_MEANT: dict[str, str] = {
    "（": "(",
    "）": ")",
    "，": ",",
    "、": ",",
    "＋": "+",
    "－": "-",
    "–": "-",
    "—": "-",
    "×": "*",
    "＊": "*",
    "÷": "/",
    "／": "/",
    "＜": "<",
    "＞": ">",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "＝": "==",
    "!": "not",
    "！": "not",
    "&": "and",
    "|": "or",
}


def tokenize(text: str, report: Report) -> list[Token]:
    """Split ``text`` into tokens, the last of kind END; what fits nowhere is reported and skipped."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = PATTERN.match(text, at)
        token, at = read_stray(text, at, report) if match is None else (token_of(match), match.end())
        if token is not None and not is_glued(tokens, token, report):
            tokens.append(token)
    tokens.append(Token(TokenKind.END, "", len(text)))
    return tokens


def token_of(match: re.Match[str]) -> Token | None:
    """The token a match stands for; None for white space."""
    at = match.start()
    if match["number"] is not None:
        return Token(TokenKind.NUMBER, match["number"], at)
    if match["name"] is not None:
        return Token(TokenKind.NAME, match["name"], at)
    if match["text"] is not None:
        return Token(TokenKind.TEXT, ESCAPE.sub(r"\1", match["text"]), at)
    if match["sign"] is not None:
        return Token(TokenKind.SIGN, match["sign"], at)
    return None


def is_glued(tokens: list[Token], token: Token, report: Report) -> bool:
    """Whether a name or number sticks to a number before it (``1e5``); reported, since it is neither."""
    if token.kind not in {TokenKind.NAME, TokenKind.NUMBER} or not tokens or tokens[-1].kind is not TokenKind.NUMBER:
        return False
    number = tokens[-1]
    glued = number.at + len(number.text) == token.at
    if glued:
        report.fault(token.at, f"数字“{number.text}”后面不能紧跟“{token.text[:20]}”，数字只写数码和小数点")
    return glued


def read_stray(text: str, at: int, report: Report) -> tuple[Token | None, int]:
    """Report what fits nowhere; return the token that was probably meant and where to go on."""
    character = text[at]
    if character in QUOTES:
        return read_faulty_text(text, at, report)
    if character == "%":
        report.fault(at, "不能使用“%”，百分比请写成小数，例如 30% 写作 0.3")
        return None, at + 1
    meant = LIKELY_MEANT.get(character)
    if meant is None:
        word = STRAY_WORD.match(text, at)
        end = at + 1 if word is None else word.end()
        report.fault(
            at, f"不能使用“{printable(text[at : min(end, at + 20)])}”，文字请放在半角双引号内，名称只用英文字母"
        )
        return (None if word is None else Token(TokenKind.STRAY, word[0], at)), end
    report.fault(at, f"不能使用“{character}”，是否应为半角的“{meant}”？")
    kind = TokenKind.NAME if meant.isalpha() else TokenKind.SIGN
    return Token(kind, meant, at), at + (2 if text[at : at + 2] in {"&&", "||"} else 1)


def read_faulty_text(text: str, at: int, report: Report) -> tuple[Token, int]:
    """A text in the wrong quotes, or without an end on its line."""
    found = CLOSING_QUOTE.search(text, at + 1)
    if text[at] == '"' or found is None or "\n" in text[at : found.start()]:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        report.fault(at, '这段文字没有写完：缺少结束的引号，或含有 \\" 和 \\\\ 以外的转义')
    else:
        end = found.end()
        report.fault(at, f"文字请放在半角双引号内，不能使用“{text[at]}”")
    return Token(TokenKind.TEXT, text[at + 1 : end], at), end


def printable(text: str) -> str:
    """The text, with the code point in place of each character that cannot be seen."""
    return "".join(character if character.isprintable() else f"U+{ord(character):04X}" for character in text)

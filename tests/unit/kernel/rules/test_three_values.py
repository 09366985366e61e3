"""What each operator and function makes of known and unknown values; the cases are in three_values.yaml."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from grants.kernel.rules import Cause, Kind, Name, Row, Scope, Table, Unknown, Value, compile_expression

GROUPS = yaml.safe_load(Path(__file__).with_name("three_values.yaml").read_text(encoding="utf-8"))
CASES = [pytest.param(text, told, id=f"{group['组']}: {text}") for group in GROUPS for text, told in group["例"]]

AMOUNTS = Name(Kind.TABLE, {"amount": Name(Kind.NUMBER), "abroad": Name(Kind.YES_NO)})
BLANK = Unknown(Cause.ANSWER)
NAMES: dict[str, Value] = {
    "a": Decimal(1),
    "b": Decimal(2),
    "yes": True,
    "no": False,
    "blank": BLANK,
    "paper": Unknown(Cause.DOCUMENT),
    "register": Unknown(Cause.EVIDENCE),
    "later": Unknown(Cause.NOT_YET),
    "veiled": Unknown(Cause.HIDDEN),
    "blank_yn": BLANK,
    "register_yn": Unknown(Cause.EVIDENCE),
    "veiled_yn": Unknown(Cause.HIDDEN),
    "d": date(2026, 3, 31),
    "name": "示例软件",
    "names": ("示例软件", "样例科技"),
    "none_names": (),
    "contracts": Table(
        "contracts",
        (
            Row("r1", {"amount": Decimal(100), "abroad": BLANK}),
            Row("r2", {"amount": Decimal(200), "abroad": True}),
            Row("r3", {"amount": Decimal(300), "abroad": False}),
        ),
    ),
    "nothing": Table("nothing", ()),
    "gone": Unknown(Cause.EVIDENCE),
    "holes": Table("holes", (Row("r1", {"amount": Decimal(5)}), Row("r2", {"amount": BLANK}))),
}
KINDS = {
    **dict.fromkeys(("a", "b", "blank", "paper", "register", "later", "veiled"), Name(Kind.NUMBER)),
    **dict.fromkeys(("yes", "no", "blank_yn", "register_yn", "veiled_yn"), Name(Kind.YES_NO)),
    **dict.fromkeys(("contracts", "nothing", "gone", "holes"), AMOUNTS),
    **dict.fromkeys(("names", "none_names"), Name(Kind.LIST)),
    "d": Name(Kind.DATE),
    "name": Name(Kind.TEXT),
}
SCOPE = Scope(KINDS, {"listed": frozenset({"示例软件"})})


def expected(told: object) -> Value:
    """A result as the table writes it."""
    if told == "是":
        return True
    if told == "否":
        return False
    text = str(told)
    return Unknown(Cause(text[1:])) if text.startswith("?") else text


@pytest.mark.parametrize(("text", "told"), CASES)
def test_value(text: str, told: object) -> None:
    expression = compile_expression(text, SCOPE)

    value = expression.evaluate(NAMES)

    wanted = expected(told)
    if isinstance(value, Decimal) and isinstance(wanted, str):
        wanted = Decimal(wanted)
    assert value == wanted
    assert type(value) is type(wanted)
    assert expression.trace(NAMES)[0] == value

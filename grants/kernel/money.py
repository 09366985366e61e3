"""Money is an integer number of fen (1 yuan = 100 fen); nothing here knows a float."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100
YUAN_PER_WAN = 10_000


def yuan(amount: int | str | Decimal) -> int:
    """Fen of an exact amount in yuan; raises ValueError where the amount has parts of a fen."""
    fen = Decimal(amount) * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise ValueError(f"{amount} yuan is not a whole number of fen")
    return int(fen)


def to_yuan(fen: int) -> Decimal:
    """Exact yuan of an amount in fen, with two decimals."""
    return (Decimal(fen) / FEN_PER_YUAN).quantize(Decimal("0.01"))


def floor_to(fen: int, step_fen: int) -> int:
    """The largest multiple of ``step_fen`` (> 0) that does not exceed ``fen`` (>= 0)."""
    return fen // step_fen * step_fen


def share(fen: int, rate_bp: int) -> int:
    """``rate_bp`` ten-thousandths of an amount in fen, parts of a fen cut off."""
    return int((Decimal(fen) * rate_bp / 10_000).quantize(Decimal(1), ROUND_DOWN))


def yuan_text(fen: int) -> str:
    """``1,234,500`` or, where there are fen, ``1,234,500.50``."""
    whole = to_yuan(fen)
    return f"{whole:,.2f}" if fen % FEN_PER_YUAN else f"{whole:,.0f}"


def wan_text(fen: int) -> str:
    """万元 with at most two decimals, rounded half up, without trailing zeros: ``123.45``, ``120``."""
    wan = (to_yuan(fen) / YUAN_PER_WAN).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{wan:,.2f}"
    return text.rstrip("0").rstrip(".")

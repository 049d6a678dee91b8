"""Money is a Decimal in yuan. It is rounded half up to 0.01 once, at each line that is paid, and never in between."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
LIMIT = Decimal("1e13")


def yuan(value: Decimal | int | str) -> Decimal:
    """An exact amount in yuan from a Decimal, an int or a decimal string such as "12000.50"; not rounded.

    Raises TypeError for a float (it has already lost the exact value) or a bool, ValueError for text that is no number,
    for NaN or infinity, and for amounts of ten trillion or more, which are mistakes.
    """
    if isinstance(value, bool | float) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"money is Decimal, int or text, not {type(value).__name__}")
    try:
        amount = Decimal(value.strip().replace(",", "")) if isinstance(value, str) else Decimal(value)
    except InvalidOperation:
        raise ValueError(f"not an amount: {value!r}") from None
    if not amount.is_finite() or abs(amount) >= LIMIT:
        raise ValueError(f"not an amount: {value!r}")
    return amount


def payable(amount: Decimal) -> Decimal:
    """The amount as it is paid: rounded half up (away from zero at the half) to 0.01 yuan."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def as_text(amount: Decimal) -> str:
    """The amount rounded and written with two decimals, without separators: "730100.22"; never "-0.00"."""
    rounded = payable(amount)
    return str(abs(rounded) if rounded.is_zero() else rounded)

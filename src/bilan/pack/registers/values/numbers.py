"""Numbers as they stand in spreadsheets: with thousands separators, units, 万 and 亿, full-width digits."""

from __future__ import annotations

import math
import re
from typing import Any

from bilan.pack.expressions import WIDEST
from bilan.pack.registers.values.refused import Refused
from bilan.pack.registers.values.texts import plain
from bilan.pack.vocab.units import same_unit

_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:[,，' ]\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?)\s*(万|亿)?\s*(.*)", re.DOTALL)
_SEPARATORS = re.compile(r"[,，' ]")
_TIMES = {"万": 10_000, "亿": 100_000_000}


def read_number(value: Any, unit: str = "") -> float:
    """A finite number, its unit taken off when it is the expected one.

    Args:
        value: what was written.
        unit: unit that may stand behind the number.

    Raises:
        Refused: no number, another unit, or beyond what is kept.

    Examples:
        >>> read_number("1,234.5 m³/d", "m3/d"), read_number("１．２万吨", "t")
        (1234.5, 12000.0)
    """
    if isinstance(value, str):
        value = _parsed(value, unit)
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused("value.not_a_number", value)
    try:
        number = float(value)
    except OverflowError as error:
        raise Refused("value.infinite", "1e309") from error
    if not math.isfinite(number) or abs(number) > WIDEST:
        raise Refused("value.infinite", value)
    return number + 0.0


def read_integer(value: Any, unit: str = "") -> int:
    """A whole number.

    Raises:
        Refused: no number, not a whole one, another unit, or beyond what is kept.

    Examples:
        >>> read_integer("12.0"), read_integer("3 台", "台")
        (12, 3)
    """
    if type(value) is int and -WIDEST <= value <= WIDEST:
        return value
    number = read_number(value, unit)
    if not number.is_integer():
        raise Refused("entry.not_whole", value)
    return int(number)


def _parsed(text: str, unit: str) -> float:
    try:
        if len(text) < 40 and "_" not in text:
            return float(text)
    except ValueError:
        pass
    found = _NUMBER.fullmatch(plain(text[:400]))
    if not found or not any(sign.isdecimal() for sign in found[1]):
        raise Refused("value.not_a_number", text)
    if found[3] and not same_unit(found[3], unit):
        if not found[3][0].isalpha() and found[3][0] not in "%‰°℃(（":
            raise Refused("value.not_a_number", text)
        raise Refused("entry.other_unit", text, allowed=unit or "–")
    try:
        number = float(_SEPARATORS.sub("", found[1]))
    except ValueError as error:
        raise Refused("value.not_a_number", text) from error
    times = _TIMES.get(found[2] or "", 1)
    # Fifteen digits: 1.2万 is 12000, not 11999.999….
    return float(f"{number * times:.15g}") if times > 1 else number

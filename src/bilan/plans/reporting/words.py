"""Numbers and changes as running text says them."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from bilan.plans.reporting.model import Value

NOTHING = "—"
UNITS = {"ug/m3": "µg/m³", "mg/m3": "mg/m³", "d": "d", "%": "%", "1e4CNY": "10⁴ CNY", "pp": "pp"}
UNITS_ZH = {"ug/m3": "微克/立方米", "mg/m3": "毫克/立方米", "d": "天", "%": "%", "1e4CNY": "万元", "pp": "个百分点"}
ZERO = Decimal(0)


def digits(value: Value, decimals: int = 0, language: str = "zh-hans") -> str:
    """A number with so many decimals, rounded half to even as GB/T 8170 asks; words as they are; a dash for nothing.

    Examples:
        >>> digits(0.25, 1), digits(None), digits(12345, 0, "en"), digits(12345, 0)
        ('0.2', '—', '12,345', '12345')
    """
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return f"{rounded + ZERO:,f}" if language == "en" else f"{rounded + ZERO:f}"


def decimals(value: float | None) -> int:
    """Decimals a declared number was written with, four at most.

    Examples:
        >>> decimals(97.5), decimals(1314.0), decimals(None)
        (1, 0, 0)
    """
    return 0 if value is None else min(4, len(f"{value:.12g}".partition(".")[2]))


def unit(name: str, language: str) -> str:
    """A unit as people write it."""
    return (UNITS if language == "en" else UNITS_ZH).get(name, name)


def difference(value: Value, before: Value, kind: str) -> float | None:
    """How much a value changed: in points or counts, or in percent of what it was.

    Examples:
        >>> difference(84.0, 80.0, "percent"), difference(97.5, 96.0, "points"), difference(3, None, "count")
        (5.0, 1.5, None)
    """
    if not isinstance(value, int | float) or not isinstance(before, int | float):
        return None
    if kind == "percent":
        return (value - before) / before * 100 if before else None
    return float(value - before)


def change(amount: float | None, kind: str, language: str) -> str:
    """A change in words.

    Examples:
        >>> change(1.54, "points", "zh-hans"), change(-5.0, "percent", "zh-hans"), change(0.0, "count", "en")
        ('上升1.5个百分点', '下降5.0%', 'unchanged')
    """
    if amount is None:
        return "无可比数据" if language != "en" else "nothing to compare with"
    shown = digits(abs(amount), 0 if kind == "count" else 1, language)
    if float(shown.replace(",", "")) == 0:
        return "持平" if language != "en" else "unchanged"
    up = amount > 0
    if language == "en":
        if kind == "count":
            return f"{shown} {'more' if up else 'fewer'}"
        return f"{'up' if up else 'down'} {shown} {'percentage points' if kind == 'points' else '%'}"
    if kind == "count":
        return f"{'增加' if up else '减少'}{shown}"
    return f"{'上升' if up else '下降'}{shown}{'个百分点' if kind == 'points' else '%'}"

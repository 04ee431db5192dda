"""Numbers as plans write them: in digits, in Chinese numerals, as tenths (九成) and per cent (百分之)."""

from __future__ import annotations

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
NUMERALS = "零〇一二两三四五六七八九十百千"


def chinese(numeral: str) -> float | None:
    """Value of a Chinese numeral, or nothing when it is none.

    Examples:
        >>> chinese("两"), chinese("一百二十"), chinese("千"), chinese("十四"), chinese("二〇三五")
        (2.0, 120.0, 1000.0, 14.0, 2035.0)
        >>> chinese("多") is None
        True
    """
    if not numeral or any(glyph not in DIGITS and glyph not in SCALES for glyph in numeral):
        return None
    if len(numeral) > 1 and all(glyph in DIGITS for glyph in numeral):
        return float("".join(str(DIGITS[glyph]) for glyph in numeral))
    total, section, digit = 0, 0, -1
    for glyph in numeral:
        if glyph in DIGITS:
            digit = DIGITS[glyph]
            continue
        scale = SCALES[glyph]
        if scale >= SCALES["万"]:
            total, section = (total + section + max(digit, 0)) * scale, 0
        else:
            section += (1 if digit < 0 else digit) * scale
        digit = -1
    return float(total + section + max(digit, 0))


def arabic(numeral: str) -> float:
    """Value of a number in digits.

    Examples:
        >>> arabic("1,314"), arabic("7.39")
        (1314.0, 7.39)
    """
    return float(numeral.replace(",", ""))

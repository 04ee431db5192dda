"""Numbers of chapters and articles, written in Chinese or in digits."""

from __future__ import annotations

DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
NUMERAL = "[一二三四五六七八九十百〇零两]{1,6}"


def number(text: str) -> int:
    """Value of a numeral below a thousand.

    Examples:
        >>> [number(text) for text in ("七", "十", "十四", "四十一", "一百零三", "12")]
        [7, 10, 14, 41, 103, 12]
    """
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for letter in text:
        if letter in ("十", "百"):
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + DIGITS[letter] if digit else DIGITS[letter]
    return total + digit


def numeral(value: int) -> str:
    """Write a number below a hundred in Chinese.

    Examples:
        >>> [numeral(value) for value in (3, 10, 14, 20, 41)]
        ['三', '十', '十四', '二十', '四十一']
    """
    letters = "〇一二三四五六七八九"
    if value < 10:
        return letters[value]
    tens, ones = divmod(value, 10)
    if tens >= 10:
        return "".join(letters[int(digit)] for digit in str(value))
    return ("" if tens == 1 else letters[tens]) + "十" + (letters[ones] if ones else "")

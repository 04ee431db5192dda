"""The bits that say what is doubtful about a value."""

from __future__ import annotations

from enum import IntFlag


class Check(IntFlag):
    """One bit a kind of check; a value's `quality` is their sum."""

    RANGE = 1
    RATE = 2
    PERSISTENCE = 4
    CROSS = 8
    DEVICE = 16
    TIME = 32
    PARTIAL = 64


_TEXTS = {
    Check.RANGE: ("超出合理范围", "outside the plausible range"),
    Check.RATE: ("变化过快", "changes too fast"),
    Check.PERSISTENCE: ("长时间不变", "unchanged for too long"),
    Check.CROSS: ("与其他参数矛盾", "contradicts other parameters"),
    Check.DEVICE: ("设备标记异常", "marked by the device"),
    Check.TIME: ("时间不可信", "implausible time"),
    Check.PARTIAL: ("时段内数据不足", "too few values for its span"),
}


def describe(quality: int, language: str = "zh-hans") -> list[str]:
    """Say what the bits of a value mean, in the order of the bits.

    Examples:
        >>> describe(Check.RANGE | Check.CROSS, "en")
        ['outside the plausible range', 'contradicts other parameters']
        >>> describe(0)
        []
    """
    return [texts[language == "en"] for bit, texts in _TEXTS.items() if quality & bit]

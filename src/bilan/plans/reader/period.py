"""The years a plan covers and the year its baselines are of, as far as the document says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bilan.plans.reader.model import Block
from bilan.plans.reader.numerals import NUMERAL, number

SPAN = re.compile(r"(?:规划|计划|实施)?(?:期限|期间?|时限|范围)[^。；]{0,8}?(20\d\d)\s*年?\s*[-—–－~～至到]+\s*(20\d\d)\s*年?")
TITLE_SPAN = re.compile(r"(20\d\d)\s*年?\s*[-—–－~～至到]+\s*(20\d\d)")
TITLE_YEAR = re.compile(r"(20\d\d)\s*年度?(?![前后底末以]|[^，。]{0,4}[前后]).*(?:计划|方案|要点|任务|意见)")
"""A plan for one year names it: 2024年大气污染防治工作计划."""

FIVE = re.compile(rf"[“\"「]({NUMERAL})五[”\"」]")
BASE = re.compile(r"(?:基准年|基期年?|现状年|基年)[^。；\d]{0,6}(20\d\d)")
FIRST_FIVE = 1953
FAR = 300
"""Blocks from the head of a document among which these years are looked for."""


def five_years(count: int) -> tuple[int, int]:
    """First and last year of the national five-year plan with this number.

    Examples:
        >>> five_years(14), five_years(13)
        ((2021, 2025), (2016, 2020))
    """
    begin = 2021 + 5 * (count - 14) if count >= 6 else FIRST_FIVE + 5 * (count - 1)
    return begin, begin + 4


def period(title: str, blocks: Sequence[Block]) -> tuple[int | None, int | None]:
    """First and last year of the plan: from its title, from what it says about its period, else from the five-year plan it is for.

    Examples:
        >>> period("某市“十四五”生态环境保护规划", [])
        (2021, 2025)
        >>> period("某市水污染防治计划（2024—2026年）", [])
        (2024, 2026)
        >>> period("某市大气污染防治2024年工作计划", []), period("某市2030年前碳达峰实施方案", [])
        ((2024, 2024), (None, None))
    """
    found = TITLE_SPAN.search(title) or next((found for block in blocks[:FAR] if (found := SPAN.search(block.text))), None)
    if found is not None:
        return int(found[1]), int(found[2])
    five = FIVE.search(title)
    if five is not None:
        return five_years(number(five[1]))
    single = TITLE_YEAR.search(title)
    return (int(single[1]), int(single[1])) if single else (None, None)


def base_year(blocks: Sequence[Block]) -> int | None:
    """The year that baselines are of."""
    found = next((found for block in blocks[:FAR] if (found := BASE.search(block.text))), None)
    return int(found[1]) if found else None

"""By when something is due: the date of its own clause, of the sentence, or of the lead above it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bilan.plans.commitments.dates import Date, Use

OPENING = re.compile(
    r"(?:（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.、]|[一二三四五六七八九十]是)?(?:[^，。；：]{0,6}(?:目标|指标)：|——|，|“|力争|展望|预计|到|至)*"
)
AIM_HEADING = re.compile(r"(?:主要|具体|量化|规划|发展|工作|环保|保护|作战|行动|总体)目标|目标(?:指标|任务|要求)?$")
DONE = re.compile(r"^(?:前)?(?:全部|基本|全面)?(?:完成|建成|投用|投入使用|投产|达标|实现)[，。；]?$")


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline with where it was taken from.

    Attributes:
        deadline: in the form of a deadline, empty for none; `words`: its words; `inherited`: not from the sentence
            itself; `year`: its year; `note`: what else is worth saying.
    """

    deadline: str = ""
    words: str = ""
    inherited: bool = False
    year: int = 0
    note: str = ""


NONE = Due()


def governing(found: list[Date], place: int, plain: str, end: int) -> Date | None:
    """The date of a sentence that governs what stands at a place.

    Args:
        found: dates of the sentence; `place`: where the number stands; `plain`: even text; `end`: end of the sentence.
    """
    before = [date for date in found if date.begin <= place and date.use in (Use.DUE, Use.START)]
    if before:
        return before[-1]
    for date in found:
        if date.use is Use.DUE and date.begin > place and DONE.match(re.split(r"(?<=[，。；])", plain[date.end : end])[0]):
            return date
    weak = [
        date
        for date in found
        if date.use is Use.CLASS and date.begin <= place and plain[max(0, date.begin - 2) : date.begin] in ("列入", "纳入")
    ]
    return weak[-1] if weak else None


def lead(found: list[Date], plain: str, begin: int) -> Date | None:
    """The date a sentence opens with, so that it holds for what follows too."""
    for date in found:
        if date.use is Use.DUE and OPENING.fullmatch(plain[begin : date.begin]):
            return date
    return None

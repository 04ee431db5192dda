"""Years and dates in a sentence: by when something is due, what it is compared with, when it starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from bilan.plans.commitments.numerals import chinese
from bilan.plans.commitments.text import FILLER
from bilan.plans.commitments.vocabulary import lookup, words

NUMERAL = "一二三四五六七八九十"


class Use(StrEnum):
    """What a date is there for."""

    DUE = "due"
    BASE = "base"
    START = "start"
    CLASS = "class"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Date:
    """One date in the even text of a sentence.

    Attributes:
        begin, end: where it stands, with the words that belong to it (到 … 底前).
        year: its year; `deadline`: in the form of a deadline; `use`: what it is there for; `note`: what else is worth saying.
    """

    begin: int
    end: int
    year: int
    deadline: str
    use: Use
    note: str = ""


YEAR = re.compile(
    r"(?P<lead>力争到|争取到|力争在|预计到|截至到|截至|截止|确保到|展望到|展望|到|至|于|在)?(?<![\d.])(?P<year>(?:19|20)\d{2})年"
    r"(?:(?P<month>1[0-2]|0?[1-9])月(?P<day>\d{1,2}日)?)?"
    rf"(?P<part>{'|'.join(words('deadlines'))})?(?P<before>之前|以前|前)?(?P<after>起|以来|至今|以后|之后|开始)?"
)
SPAN = re.compile(r"(?<!\d)(?:19|20)\d{2}(?:年)?[-~—至]+(?:19|20)\d{2}年?")
PLAN = re.compile(rf"[“\"]?(?P<number>[{NUMERAL}]{{1,3}})五[”\"]?(?P<part>期间|时期|规划期|期末|末|以来)?")
COMING = re.compile(r"(?:今后|未来)(?P<years>[一二三四五六七八九十]|\d)年|规划期(?:内|末|间)?")
PASSED = re.compile(r"(?:过去|近)(?P<years>[一二三四五六七八九十]|\d)年(?:来)?")
RECURRING = re.compile(r"每年|逐年|每季度?|每月|年度(?=任务|目标|计划)|历年")
DAY = re.compile(r"(?<![\d年])(?:1[0-2]|0?[1-9])月(?:\d{1,2}日)?")
BARE = re.compile(r"(?<![\d年月])(?:(?P<month>1[0-2]|0?[1-9])月(?:\d{1,2}日|底|末)?|(?:今年)?年[底末])(?:之前|以前|前)")
"""A deadline without its year, which the plan for one year gives it: 9月底前."""

COMPARED_BEFORE = re.compile(r"(?:比|较|与|以|同|相较|相对于?|从|自|由|以来|高于|低于|不超过)$")
COMPARED_AFTER = re.compile(r"^(?:的(?:\d|水平)|相比|为基|水平|基础|同期|[平的]?均?值)")
CLASS_BEFORE = re.compile(r"(?:列入|纳入|围绕|锚定|对标|面向|早在|按照|根据|落实)$")
CLASS_AFTER = re.compile(r"^(?:远景|愿景|版|修订|(?:[规计]划|建设|目标)(?:指标|的?要求)?(?:，|$)|[的]?\S{0,8}(?:目标值|实际值|规划指标))")


def plan_end(numeral: str) -> int | None:
    """Last year of a five-year plan by its number.

    Examples:
        >>> plan_end("十四"), plan_end("十三")
        (2025, 2020)
    """
    number = chinese(numeral)
    return None if number is None or not 8 <= number <= 30 else 1955 + 5 * int(number)


def _use(plain: str, match: re.Match[str]) -> Use:
    before, after = plain[max(0, match.start() - 4) : match.start()], plain[match.end() : match.end() + 14]
    if match["after"]:
        return Use.START
    if not match["lead"] and (COMPARED_BEFORE.search(before) or COMPARED_AFTER.search(after)):
        return Use.BASE
    if match["lead"] in ("至", "在", "于", "到", None) and CLASS_BEFORE.search(before):
        return Use.CLASS
    if not match["lead"] and CLASS_AFTER.search(after):
        return Use.CLASS
    return Use.DUE


def _deadline(match: re.Match[str]) -> tuple[str, str]:
    year, month = match["year"], match["month"]
    if month:
        return f"{year}-{int(month):02d}", ""
    if match["part"]:
        return f"{year}-{lookup('deadlines', 'month')[match['part']]}", ""
    return year, f"{year}年前" if match["before"] else ""


def _span(match: re.Match[str], blotted: str) -> Date:
    """A span of years, which is due in its last year when it opens a clause: 2024—2028年，新增…"""
    last = match.group().rstrip("年")[-4:]
    due = blotted[match.end() :].startswith(("，", "：", "期间", "间", "全", "累计"))
    return Date(*match.span(), int(last) if due else 0, last if due else "", Use.DUE if due else Use.PERIOD)


def years(plain: str, blotted: str) -> list[Date]:
    """Dates that name a year.

    Args:
        plain: even text of a sentence; `blotted`: the same with titles and labels blotted out.
    """
    found = [_span(match, blotted) for match in SPAN.finditer(blotted)]
    taken = list(found)
    for match in YEAR.finditer(blotted):
        if any(date.begin < match.end() and match.start() < date.end for date in taken):
            continue
        deadline, note = _deadline(match)
        use = _use(blotted, match)
        found.append(Date(*match.span(), int(match["year"]), deadline, use, note or (f"start:{match['year']}" if use is Use.START else "")))
    return found


def plans(plain: str, finish: int | None) -> list[Date]:
    """Dates that name a five-year plan or the years to come.

    Args:
        plain: even text of a sentence; `finish`: last year of the plan document, when it is known.
    """
    found = []
    for match in PLAN.finditer(plain):
        year = plan_end(match["number"])
        if year is None:
            continue
        before, after = plain[max(0, match.start() - 2) : match.start()], plain[match.end() : match.end() + 2]
        told = after.startswith(("是", "开局", "规划", "生态"))
        base = bool(COMPARED_BEFORE.search(before)) or after.startswith(("的", "平均", "末的"))
        use = Use.BASE if base else Use.DUE if match["part"] and not told else Use.PERIOD
        found.append(Date(*match.span(), year, str(year), use, f"“{match['number']}五”"))
    if finish is not None:
        found += [Date(*match.span(), finish, str(finish), Use.DUE, match.group()) for match in COMING.finditer(plain)]
    return found


def within(plain: str, year: int) -> list[Date]:
    """Deadlines without a year in a plan for one year.

    Examples:
        >>> [date.deadline for date in within("9月底前完成改造，年底前验收", 2018)]
        ['2018-09', '2018-12']
    """
    return [Date(*match.span(), year, f"{year}-{int(match['month'] or 12):02d}", Use.DUE) for match in BARE.finditer(plain)]


def dates(plain: str, blotted: str, finish: int | None = None, begin: int | None = None) -> list[Date]:
    """All dates of a sentence in the order of the text.

    Args:
        plain: even text; `blotted`: the same with titles and labels blotted out; `begin`, `finish`: years of the plan, when known.

    Examples:
        >>> [(date.deadline, date.use.value) for date in dates("到2025年底，比2020年下降10%", "到2025年底，比2020年下降10%")]
        [('2025-12', 'due'), ('2020', 'base')]
    """
    bare = within(plain, finish) if finish is not None and begin == finish else []
    found = sorted(years(plain, blotted) + plans(plain, finish) + bare, key=lambda date: date.begin)
    return _shared_end(plain, found)


def _shared_end(plain: str, found: list[Date]) -> list[Date]:
    """Dates listed together share what only the last one says: 在2023年、2025年底."""
    result = list(found)
    for place in range(len(result) - 2, -1, -1):
        date, after = result[place], result[place + 1]
        if plain[date.end : after.begin] in ("、", "和", "及") and date.use is Use.DUE and after.use in (Use.BASE, Use.START):
            result[place] = Date(date.begin, date.end, date.year, date.deadline, after.use, date.note)
    return result


def recurring(plain: str) -> str:
    """The words that say that something comes round again, or nothing.

    Examples:
        >>> recurring("每年谋划实施一批项目")
        '每年'
    """
    match = RECURRING.search(plain)
    return match.group() if match else ""


def day_spans(blotted: str) -> list[tuple[int, int]]:
    """Stretches that name a month or day without a year, which are never quantities."""
    return [match.span() for match in DAY.finditer(blotted) if FILLER not in match.group()]

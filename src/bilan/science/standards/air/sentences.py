"""An explanation in words, Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bilan.science.standards.air.categories import category
from bilan.science.standards.air.pollutants import by_symbol

if TYPE_CHECKING:
    from bilan.science.standards.air.explain import Explanation
    from bilan.science.standards.air.readings import Part

UNITS = {"ug/m3": "µg/m³", "mg/m3": "mg/m³"}
PERIODS = {"1h": ("1 小时", "1-hour"), "8h": ("8 小时", "8-hour"), "24h": ("24 小时", "24-hour")}
CONFIDENCE = {
    "verified_2plus": ("依据经两个以上来源核对", "read in two or more sources"),
    "verified_1": ("依据经一个来源核对", "read in one source"),
    "derived": ("依据由已核对数据推得", "derived from verified rules"),
    "memory_only": ("依据尚未核实", "not verified yet"),
}


def sentences(why: Explanation, language: str) -> Iterator[str]:
    """Lines of an explanation: the verdict, each reading, the rules, how sure they are."""
    english = language == "en"
    yield _verdict(why, english)
    for part in why.parts:
        yield _reading(part, english)
    for rule in why.rules:
        source = f"{why.standard}-{why.version} {rule.clause}"
        yield f"{rule.en} ({source})" if english else f"{rule.zh}（{source}）"
    yield CONFIDENCE[why.confidence][english]


def _verdict(why: Explanation, english: bool) -> str:
    tail = f" · {_when(why, english)} · {why.standard}-{why.version}"
    if why.aqi is None:
        missing = ", ".join(why.missing) if english else "、".join(why.missing)
        return (f"no AQI, missing: {missing}" if english else f"无 AQI，缺测：{missing}") + tail
    level = category(why.aqi, why.version)
    if english:
        primary = f", primary pollutant {', '.join(why.primary)}" if why.primary else ", no primary pollutant (AQI up to 50)"
        return f"AQI {why.aqi}, level {level.level} ({level.name_en}){primary}{tail}"
    primary = f"，首要污染物 {'、'.join(why.primary)}" if why.primary else "，无首要污染物（AQI 不大于 50）"
    return f"AQI {why.aqi}，{level.numeral_zh}（{level.name_zh}）{primary}{tail}"


def _when(why: Explanation, english: bool) -> str:
    if isinstance(why.moment, datetime):
        stamp = f"{why.moment:%Y-%m-%d %H:%M}"
        return f"hour from {stamp}" if english else f"{stamp} 起的小时"
    return f"day {why.moment:%Y-%m-%d}" if english else f"{why.moment:%Y-%m-%d} 日"


def _reading(part: Part, english: bool) -> str:
    colon, comma = (": ", ", ") if english else ("：", "，")
    start = _name(part, english) + colon
    if part.rounded is None:
        return start + ("missing" if english else "缺测") + _samples(part, english)
    start += f"{part.rounded} {UNITS[part.unit]}{comma}"
    mark = (" ← decides" if english else " ← 决定 AQI") if part.decides else ""
    if part.breakpoints is None:
        above = "above the last breakpoint" if english else "高于最高限值"
        index = part.index if part.index is not None else ("none" if english else "不计算")
        return f"{start}{above}{comma}{'index' if english else 'IAQI'} {index}{_samples(part, english)}{mark}"
    low, high, index_low, index_high = part.breakpoints
    exact = f"{part.exact:.2f}" if part.exact is not None and part.exact != part.index else f"{part.index}"
    between = f"between {low} and {high}" if english else f"介于 {low} 与 {high} 之间"
    working = f"({index_high}−{index_low})/({high}−{low})×({part.rounded}−{low})+{index_low} = {exact}"
    return f"{start}{between}{colon}{working}{comma}{'index' if english else 'IAQI'} {part.index}{_samples(part, english)}{mark}"


def _name(part: Part, english: bool) -> str:
    """Pollutant and averaging, and whose breakpoints judge it when they are another's."""
    averaging, period = PERIODS[part.averaging][english], PERIODS[part.period][english]
    if english:
        return f"{part.symbol} {averaging} mean" + ("" if part.averaging == part.period else f" by {period} breakpoints")
    name = f"{by_symbol(part.symbol).name_zh} {part.symbol} {averaging}均值"
    return name + ("" if part.averaging == part.period else f"（按 {period}限值）")


def _samples(part: Part, english: bool) -> str:
    if part.samples is None:
        return ""
    what = ("windows" if part.column == "o3_8h" else "hours") if english else ("个 8 小时均值" if part.column == "o3_8h" else "小时")
    if part.needed is None:
        return f" [{part.samples} {what}]" if english else f"［{part.samples} {what}］"
    return f" [{part.samples} {what}, {part.needed} needed]" if english else f"［{part.samples} {what}，需 {part.needed}］"

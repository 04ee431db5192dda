"""Which indicator a commitment speaks of, told from its own words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

LEAST = 0.5
"""Score below which nothing is proposed."""
SURE = 0.9
"""Score from which a link may be made without asking."""
OTHER_UNIT = 0.55
"""The most that a link scores when the promised value has another kind of unit than the indicator."""
_ALIAS_IN_METRIC, _METRIC_IN_ALIAS, _ALIAS_IN_SENTENCE = 0.9, 0.7, 0.6
_SHORTEST = 4
"""Characters a name needs to be looked for inside another text."""
_DROPPED = re.compile(r"[\s,，、。；;：:“”\"'‘’（）()\[\]【】〔〕·*]|[(（](?:%|％|个|天|d|μg/m3|ug/m3|种|立方米|起/每万枚)[)）]")
_DASHES = re.compile(r"[-－–—~～至]")
_SAME = (
    ("国内生产总值", "gdp"),
    ("地区生产总值", "gdp"),
    ("ⅰ", "i"),
    ("ⅱ", "ii"),
    ("ⅲ", "iii"),
    ("ⅴ", "v"),
    ("好于", "优于"),
    ("比率", "比例"),
    ("占比", "比例"),
    ("以上", ""),
    ("全市", ""),
    ("中心市区", ""),
    ("μg", "ug"),
    ("µg", "ug"),
)

_UNITS = {
    "百分点": "%",
    "个百分点": "%",
    "微克每立方米": "ug/m3",
    "微克/立方米": "ug/m3",
    "天": "d",
    "日": "d",
    "条": "个",
    "处": "个",
    "座": "个",
    "立方米/万元": "m3/万元",
    "立方米": "m3/万元",
    "亿元/平方公里": "亿元/km2",
    "起/每万枚": "起/万枚",
    "位": "名",
}


class Named(Protocol):
    """What linking needs to know of an indicator."""

    @property
    def name(self) -> str: ...

    @property
    def unit(self) -> str: ...

    @property
    def aliases(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Link:
    """An indicator proposed for a commitment.

    Attributes:
        indicator: its name; `words`: the alias that was found.
        score: 0 to 1; 1 when the metric is the alias itself.
    """

    indicator: str
    words: str
    score: float

    @property
    def sure(self) -> bool:
        """Whether the link may be made without asking."""
        return self.score >= SURE


def plain(text: str) -> str:
    """A text as it is compared: one width, no spaces and marks, and one word for what plans say in several.

    Examples:
        >>> plain("地表水达到或好于Ⅲ类水体比例（%）") == plain("地表水达到或优于 III 类水体比率")
        True
    """
    text = unicodedata.normalize("NFKC", text).lower()
    for word, same in _SAME:
        text = text.replace(word, same)
    return _DROPPED.sub("", _DASHES.sub("-", text)).removesuffix("%")


def kind_of(unit: str) -> str:
    """A unit as it is compared: what plans write for the same unit becomes one word.

    Examples:
        >>> kind_of("微克每立方米") == kind_of("μg/m3") == kind_of("µg/m³")
        True
        >>> kind_of("个百分点") == kind_of("%"), kind_of("个") == kind_of("%")
        (True, False)
    """
    text = plain(unit) or unit.strip()
    return _UNITS.get(text, text)


def links(metric: str, sentence: str, indicators: Iterable[Named], subject: str = "", unit: str = "") -> list[Link]:
    """Indicators that a commitment may be measured by, the likeliest first.

    The metric counts most: equal to an alias, holding one, or held by one. The sentence counts less, and only by aliases that are long
    enough not to be met by chance. Of two aliases that fit, the longer one says more.

    Args:
        metric: what is measured, as read from the plan; `subject` stands before it when the metric alone is too bare ("达标率").
        sentence: the commitment's whole sentence.
        indicators: those to choose from.
        unit: of the promised value; an indicator of another kind of unit is never sure. Empty when there is none.

    Returns:
        At most one link an indicator, those of a score of `LEAST` or more.

    Examples:
        >>> from bilan.pack.indicators import load
        >>> [link.indicator for link in links("空气质量优良天数比率", "", load())][:1]
        ['good-days']
    """
    found = [link for indicator in indicators if (link := _best(indicator, metric, sentence, subject, unit))]
    return sorted(found, key=lambda link: (-link.score, -len(link.words), link.indicator))


def linked(metric: str, sentence: str, indicators: Iterable[Named], subject: str = "", unit: str = "") -> str:
    """The indicator of a commitment when it is sure; empty otherwise."""
    found = links(metric, sentence, indicators, subject, unit)
    if not found or not found[0].sure:
        return ""
    return found[0].indicator


def _best(indicator: Named, metric: str, sentence: str, subject: str, unit: str) -> Link | None:
    scored = [(score, len(alias), alias) for alias in indicator.aliases if (score := _score(plain(alias), metric, sentence, subject))]
    if not scored:
        return None
    score, _length, alias = max(scored)
    if unit and kind_of(unit) != kind_of(indicator.unit):
        score = min(score, OTHER_UNIT)
    return Link(indicator.name, alias, round(score, 3))


def _score(alias: str, metric: str, sentence: str, subject: str) -> float:
    return max(_scores(alias, plain(metric), plain(subject), plain(sentence)), default=0.0)


def _scores(alias: str, metric: str, subject: str, sentence: str) -> Iterator[float]:
    if not alias:
        return
    if metric and alias in (metric, subject + metric):
        yield 1.0
    if len(alias) >= _SHORTEST:
        if alias in metric or alias in subject + metric:
            yield _ALIAS_IN_METRIC + 0.09 * len(alias) / len(subject + metric)
        elif alias in sentence:
            yield _ALIAS_IN_SENTENCE + 0.1 * len(alias) / len(sentence)
    if len(metric) >= _SHORTEST and metric in alias:
        yield _METRIC_IN_ALIAS + 0.15 * len(metric) / len(alias)

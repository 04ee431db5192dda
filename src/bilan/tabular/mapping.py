"""What a header cell means: a parameter with its unit, a place, a time, or nothing that is known."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from bilan.pack.loader import base, read_csv
from bilan.pack.vocab import Parameter, Vocabulary, canonical
from bilan.tabular.units import unit as read_unit

_BRACKET = re.compile(r"^(?P<name>.*?)\s*[(\[{【（](?P<inner>[^()\[\]{}【】（）]*(?:\([^()]*\))?)[)\]}】）]\s*$", re.DOTALL)
_JOINED = tuple(re.compile(rf"^(?P<name>.+){sign}+(?P<unit>[^\s:：，,、]+?)$", re.DOTALL) for sign in (r"[\s:：，,、]", "_", "/"))
_BEHIND = re.compile(r"^(?P<name>.+?)\s*[(（](?P<inner>[^()（）]+)[)）]\s*(?P<unit>[^()（）]+)$")
_LOOKS_LIKE_UNIT = re.compile(r"^[^\u4e00-\u9fff]*(/|ppb|ppm|ppt|mol|%|°)[^\u4e00-\u9fff]*$|^K$", re.IGNORECASE)
_COUNTERS = {"No", "No.", "NO.", "序号", "#"}
_DECORATION = re.compile(
    r"(1小时平均|1小时均值|小时浓度|小时均值|小时平均浓度|小时平均|小时值|日均值|日均浓度|日平均|月均值|年均值|平均浓度|质量浓度|实测浓度|监测值|实测值|平均值|均值|浓度|含量|实测)$"
)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Column:
    """One recognised column.

    Attributes:
        index: position in the file, from 0.
        header: as written.
        name: science column, or the role of `pack/vocab/columns.csv` (`point`, `start`, …).
        parameter: what it measures; None for roles.
        unit: unit stated in the header; empty when none is.
    """

    index: int
    header: str
    name: str
    parameter: Parameter | None = None
    unit: str = ""


@cache
def roles() -> dict[str, str]:
    """Every name that real files give to columns that hold no measurement → its role."""
    rows = read_csv(base("vocab", "columns.csv"), ("role", "zh", "en", "names"))
    return {canonical(name): row["role"] for row in rows for name in (row["role"], *row["names"].split("|"))}


def recognise(header: str, vocabulary: Vocabulary, media: tuple[str, ...] = ()) -> Column | None:
    """Say what one header cell means; None when nothing known is like it. `index` is left 0.

    Examples:
        >>> from bilan.pack.vocab import vocabulary
        >>> found = recognise("氨氮（毫克/升）", vocabulary())
        >>> found.name, found.unit
        ('nh3n', 'mg/L')
        >>> recognise("监测时间", vocabulary()).name
        'start'
    """
    text = unicodedata.normalize("NFKC", header[:_LONGEST]).strip().lstrip("*★#").strip()
    if not text or text in _COUNTERS:
        return None
    role = roles().get(canonical(text))
    if role:
        return Column(0, header, role)
    for name, stated in _readings(text):
        found = vocabulary.by_alias(name, media)
        if found:
            return Column(0, header, found.column, found, stated)
    bracket = _BRACKET.match(text)
    role = roles().get(canonical(bracket["name"])) if bracket else None
    return Column(0, header, role) if role else None


def _readings(text: str) -> list[tuple[str, str]]:
    """Ways to split a header into a name and a stated unit, the most faithful first."""
    ways = [(text, "")]
    bracket = _BRACKET.match(text)
    if bracket:
        stated = _unit_within(bracket["inner"])
        if stated:
            inner = _BRACKET.match(bracket["name"])
            ways.append((bracket["name"], stated))
            if inner:
                ways += [(inner["name"], stated), (inner["inner"], stated)]
        elif not _qualified(bracket["inner"]):
            ways += [(bracket["name"], ""), (bracket["inner"], "")]
    behind = _BEHIND.match(text)
    if behind and read_unit(behind["unit"]):
        stated = read_unit(behind["unit"])
        ways += [(behind["name"], stated), (behind["inner"], stated)]
    for pattern in _JOINED:
        joined = pattern.match(text)
        if joined and read_unit(joined["unit"]):
            ways.append((joined["name"], read_unit(joined["unit"])))
    split = re.match(r"^(?P<name>[^/]+)/(?P<unit>.+)$", text)
    if split and read_unit(split["unit"]):
        ways.append((split["name"], read_unit(split["unit"])))
    return ways + [(plain, stated) for name, stated in ways if (plain := _DECORATION.sub("", name.strip())) and plain != name]


def _unit_within(inner: str) -> str:
    """The unit in a bracket, alone or behind a comma; one that is not known is given as it stands, so that it can be refused."""
    last = re.split(r"[,，;；]", inner)[-1].strip()
    return read_unit(inner) or read_unit(last) or (last if _LOOKS_LIKE_UNIT.search(last) else "")


def _qualified(inner: str) -> bool:
    """Whether a bracket changes what the column holds, so that it must not be dropped."""
    return bool(re.search(r"折算|分指数|iaqi|类别|flag|标记|24|滑动|8\s*h|8小时", inner, re.IGNORECASE))

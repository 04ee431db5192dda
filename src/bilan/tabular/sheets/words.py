"""Headings as text: what of their writing does not matter, and the unit that stands in them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bilan.tabular.units import unit as known_unit

REASONS = ("【退回原因】", "[Reasons]")
ROW = ("【原行号】", "[Row in the file]")
"""Headings of the columns that are added to refused rows, in Chinese and English; they are passed over when the file comes back."""
_LONGEST = 200
_DROPPED = re.compile(r"[\s_\-‐–—·•.,:;、，。：；*★※#\"'“”‘’|\\]+")
_BRACKETS = re.compile(r"[(\[{【〔<]([^()\[\]{}【】〔〕<>]*(?:\([^()]*\)[^()]*)?)[)\]}】〕>]")
_REQUIRED = re.compile(r"^[*＊★※]|[*＊★※]$|[（(]\s*必填\s*[)）]|\(\s*required\s*\)", re.IGNORECASE)
_UNITLIKE = re.compile(
    r"^(万|亿|千|百)?(吨|元|人|户|亩|公顷|平方米|平方公里|立方米|方|千克|公斤|克|毫克|米|千米|公里|个|台|座|家|辆|株|度|千瓦|兆瓦|天|日|小时|年|月|次|"
    r"dB|kg|t|m|km|mm|cm|m2|m3|km2|ha|mg|g|ug|L|mL|h|d|a|kW|MW|MPa|kPa|Pa|%|℃|°C|kBq|MBq|GBq|Bq|V|kV|W)"
    r"([/·.每]\s*\S{1,12})?$|^\S{0,10}/\S{1,10}$|^%$|^[‰°]$",
    re.IGNORECASE,
)


@lru_cache(maxsize=50_000)
def normal(text: str) -> str:
    """A heading with everything taken away that people write in different ways: width, case, spaces, marks and brackets' signs.

    Examples:
        >>> normal("＊ 企业名称（必填）"), normal("Discharge_Flow (t/d)")
        ('企业名称必填', 'dischargeflowtd')
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    return re.sub(r"[()\[\]{}【】〔〕<>《》/]", "", _DROPPED.sub("", plain))


def one_line(text: str) -> str:
    """Text without line breaks and doubled spaces.

    Examples:
        >>> one_line("排放量\\n（吨/日） "), one_line("a   b")
        ('排放量（吨/日）', 'a b')
    """
    joined = re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s*\n\s*|\s*\n\s*(?=[\u3000-\u9fff\uff00-\uffef])", "", text)
    return re.sub(r"\s+", " ", joined).strip()


def is_unit(text: str) -> bool:
    """Whether a text is a unit, known or only looking like one.

    Examples:
        >>> is_unit("万元"), is_unit("mg/m³"), is_unit("必填"), is_unit("吨/日")
        (True, True, False, True)
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or len(plain) > 20:
        return False
    return bool(known_unit(plain)) or bool(_UNITLIKE.match(plain))


def split_unit(text: str) -> tuple[str, str]:
    """A heading without its unit and marks, and the unit.

    Examples:
        >>> split_unit("日排放量(吨/日)"), split_unit("*排水量（m³/d）"), split_unit("名称（全称）"), split_unit("面积，公顷")
        (('日排放量', '吨/日'), ('排水量', 'm³/d'), ('名称（全称）', ''), ('面积', '公顷'))
    """
    line = one_line(text)
    marked = _REQUIRED.sub("", line).strip()
    plain = marked.replace("（", "(").replace("）", ")").replace("［", "[").replace("］", "]")
    for bracket in reversed(list(_BRACKETS.finditer(plain))):
        inner = bracket[1].strip()
        stated = re.sub(r"^单位\s*[:：]?\s*", "", inner)
        last = re.split(r"[,，;；]", stated)[-1].strip()
        if is_unit(last):
            rest = (marked[: bracket.start()] + marked[bracket.end() :]).strip()
            return (rest, last) if rest else (marked, "")
    behind = re.match(r"^(?P<name>.+?)\s*[,，:：]\s*(?P<unit>[^,，:：]+)$", marked) or re.match(
        r"^(?P<name>[^/]+)/(?P<unit>[^/]+(/[^/]+)?)$", marked
    )
    if behind and is_unit(behind["unit"]):
        return behind["name"].strip(), behind["unit"].strip()
    return marked, ""


def is_required(text: str) -> bool:
    """Whether a heading carries the mark of a required column.

    Examples:
        >>> is_required("*名称"), is_required("名称")
        (True, False)
    """
    return bool(_REQUIRED.search(one_line(text)))

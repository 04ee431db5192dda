"""What a cell of a table promises: a number, a change, or words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bilan.plans.commitments.quantities import quantities
from bilan.plans.commitments.vocabulary import table, words

EMPTY = ("", "/", "-", "—", "——", "–", "无", "\\", "*")
NUMBER = re.compile(r"(?P<value>-?\d+(?:,\d{3})*(?:\.\d+)?)$")
REMARK = re.compile(r"（[^（）]*）")
COMPARED = re.compile(r"(?:比|较)(?P<year>(?:19|20)\d{2})年")
LEVEL_OF = re.compile(r"(?P<year>(?:19|20)\d{2})年(?:的)?(?:平均)?水平")
HANDED = re.compile(r"(?:省|上级|国家|市)(?:里|上|级)?(?:下达|要求|分解|核定|规定)|按.{0,6}要求")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says.

    Attributes:
        comparator, value, unit: of a number; `wording`: when there is none; `change`: 下降比例 and the like when the number is a change;
        base_year: year it is compared with; `handed_down`: left to the province; `words`: the cell's own words.
    """

    comparator: str
    words: str
    value: float | None = None
    unit: str = ""
    wording: str = ""
    change: str = ""
    base_year: str = ""
    handed_down: bool = False


def handed_down(text: str) -> bool:
    """Whether the words leave the number to the province or a higher level.

    Examples:
        >>> handed_down("完成省下达目标"), handed_down("基本消除")
        (True, False)
    """
    return bool(HANDED.search(text))


def read_cell(plain: str, unit: str, name: str) -> Cell | None:
    """Read the cell of a value, or nothing when it is empty.

    Args:
        plain: even text of the cell; `unit`: of the indicator; `name`: of the indicator.

    Examples:
        >>> read_cell("≥90", "%", "水质比例").value, read_cell("比2020年下降5%", "吨", "排放量").change
        (90.0, '下降比例')
    """
    text = REMARK.sub("", plain)
    if text in EMPTY:
        return None
    comparator, bare = _comparator(text)
    match = NUMBER.match(bare)
    if match:
        return Cell(comparator, text, float(match["value"].replace(",", "")), unit)
    compared = COMPARED.search(text)
    found = quantities(COMPARED.sub(lambda year: "□" * len(year.group()), text))
    if len(found) == 1 and not handed_down(text):
        quantity = found[0]
        verb = next(
            (word for word in (*words("verbs", "role", "fall"), *words("verbs", "role", "rise")) if text[: quantity.begin].endswith(word)),
            "",
        )
        written = text[quantity.number : quantity.last].replace("％", "%")
        change = f"{verb}比例" if verb and quantity.dimension == "share" else ""
        return Cell(
            quantity.comparator, text, quantity.value, written or unit, change=change, base_year=compared["year"] if compared else ""
        )
    level = LEVEL_OF.search(text)
    return Cell("qualitative", text, wording=text, base_year=level["year"] if level else "", handed_down=handed_down(text))


def _comparator(text: str) -> tuple[str, str]:
    for row in sorted(table("comparators"), key=lambda row: -len(row["words"])):
        word = row["words"]
        if row["place"] == "before" and row["note"] != "rank" and text.startswith(word):
            return row["comparator"], text.removeprefix(word)
        if row["place"] == "after" and text.endswith(word):
            return row["comparator"], text.removesuffix(word).removesuffix("%")
    return "=", text.removesuffix("%")

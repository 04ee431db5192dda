"""Classes as people write them: Ⅲ类, III, 3, 劣Ⅴ类, worse than V."""

from __future__ import annotations

import unicodedata
from functools import cache

from bilan.science.standards.water.status import water_classes

_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "劣五": 6, "劣于五": 6}
_WORSE = ("劣v", "劣于v", "劣5", ">v", "inferiorv", "inferiortov", "worsethanv", "worsethanclassv")


def class_number(text: str | float | None) -> int | None:
    """Number of a written class, 1 to 6; nothing when it is none.

    Examples:
        >>> [class_number(text) for text in ("Ⅲ类", "II", "劣Ⅴ类", "四类", "Class V", 3, "-1", "--", None)]
        [3, 2, 6, 4, 5, 3, None, None, None]
    """
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", str(text)).lower().removesuffix(".0")
    plain = "".join(plain.split()).replace("水质", "").removesuffix("类").removeprefix("class").removesuffix("class")
    return _known().get(plain)


def clause_in_english(clause: str) -> str:
    """Clause of a table as an English reader writes it.

    Examples:
        >>> clause_in_english("表1 第8项")
        'Table 1, item 8'
    """
    return clause.replace("表", "Table ").replace(" 第", ", item ").replace("项", "")


@cache
def _known() -> dict[str, int]:
    known = {entry.numeral.lower(): entry.grade for entry in water_classes()}
    known.update({str(entry.grade): entry.grade for entry in water_classes()})
    known.update(_CHINESE)
    known.update(dict.fromkeys(_WORSE, 6))
    return known

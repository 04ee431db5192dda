"""The six levels of the air quality index: range, texts and colour."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import narwhals as nw

from bilan.science.standards.air.versions import check_standard
from bilan.science.tables import rows_where


@dataclass(frozen=True, slots=True)
class Category:
    """One level: index range, numeral, texts in both languages, official colour."""

    version: str
    level: int
    low: int
    high: int | None
    numeral_zh: str
    name_zh: str
    name_en: str
    colour: str
    colour_zh: str
    colour_en: str

    def name(self, language: str) -> str:
        """Name of the level in a language (``zh-hans`` or ``en``)."""
        return self.name_en if language == "en" else self.name_zh


@cache
def categories(version: str = "2026") -> tuple[Category, ...]:
    """Levels 1 to 6 of one version.

    Reference:
        HJ 633-2012, Table 2; HJ 633-2026, Table 1.

    Examples:
        >>> [(c.level, c.name_zh, c.colour) for c in categories("2026")][:2]
        [(1, '优', '#00E400'), (2, '良', '#FFFF00')]
    """
    rows = rows_where("air_aqi_categories", version=check_standard(version))
    return tuple(
        Category(
            version,
            int(row["level"]),
            int(row["aqi_lo"]),
            int(row["aqi_hi"]) if row["aqi_hi"] else None,
            row["level_numeral_zh"],
            row["category_zh"],
            row["category_en"],
            row["rgb_hex"],
            row["colour_zh"],
            row["colour_en"],
        )
        for row in rows
    )


def category(aqi: int, version: str = "2026") -> Category:
    """Level of an index value.

    Examples:
        >>> category(151).name("en"), category(501, "2012").level
        ('Moderately polluted', 6)
    """
    levels = categories(version)
    return next((level for level in levels if level.high is not None and aqi <= level.high), levels[-1])


def level_of(aqi: nw.Expr, version: str) -> nw.Expr:
    """Level 1 to 6 of each index value; null stays null."""
    levels = categories(version)
    chain: nw.Expr = nw.when(~aqi.is_null()).then(nw.lit(levels[-1].level))
    for level in reversed(levels[:-1]):
        chain = nw.when(aqi <= nw.lit(level.high)).then(nw.lit(level.level)).otherwise(chain)
    return chain.cast(nw.Int32)

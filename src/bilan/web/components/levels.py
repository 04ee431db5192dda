"""Official levels and classes with their official colours: the only place that colours are given a meaning."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Level:
    """One level of AQI (`kind` ``aqi``), class of water (``water``; grade 6 is worse than class V), of the sea (``sea``; 5 is worse than
    class IV) or of groundwater (``groundwater``), or whether limits are met (``limits``; 2 is over a limit)."""

    kind: str
    grade: int
    label_zh: str
    label_en: str
    short_zh: str
    short_en: str
    fill: str
    on_fill: str

    def label(self, language: str) -> str:
        """What the level is called in `language`."""
        return self.label_en if language == "en" else self.label_zh

    def short(self, language: str) -> str:
        """Its short sign in `language`."""
        return self.short_en if language == "en" else self.short_zh


@cache
def levels() -> dict[tuple[str, int], Level]:
    """Every level by kind and grade.

    Examples:
        >>> levels()["water", 6].label("zh-hans")
        '劣Ⅴ类'
    """
    text = resources.files("bilan.web").joinpath("levels.csv").read_text(encoding="utf-8")
    rows = [{key: value for key, value in row.items() if key != "source"} for row in csv.DictReader(text.splitlines())]
    made = [Level(**{**row, "grade": int(row["grade"])}) for row in rows]  # type: ignore[arg-type]
    return {(level.kind, level.grade): level for level in made}


def kinds() -> tuple[str, ...]:
    """Every kind of level, in the order of the table."""
    return tuple(dict.fromkeys(kind for kind, _grade in levels()))


def level(kind: str, grade: Any) -> Level | None:
    """The level of `kind` with `grade`; None when there is no verdict."""
    return None if grade is None or grade == "" else levels().get((kind, int(grade)))


def for_scripts(language: str) -> list[dict[str, Any]]:
    """All levels as maps and charts need them."""
    return [{**asdict(entry), "label": entry.label(language), "short": entry.short(language)} for entry in levels().values()]

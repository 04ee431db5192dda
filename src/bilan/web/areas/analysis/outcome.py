"""What an analysis found, and how the page is told of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from bilan.pack.analyses import column_words
from bilan.science.figures import Figure, Specification, Words
from bilan.web.components import numbers
from bilan.web.components.export import Head

SHOWN = 300
"""Rows of the table on the page; files have all."""
ROW, COMPASS, CALENDAR_YEAR, EQUAL, ALONE = 270, 460, 170, 420, 400
"""Heights [px]."""
COMPASSES = {1: 340, 2: 340, 3: 290, 4: 250}
"""Height of a row of compasses [px], by how many stand beside each other."""
FEW_COMPASSES = 4
"""So many compasses stand below each other on a small screen; more of them two by two."""
TILE = 26
TIMES = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True)
class Fact:
    """One number that tells of the whole.

    Attributes:
        tone: of a status, when the number is good or bad news for reading the figure.
    """

    name: Words
    value: Words
    unit: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Figures, numbers, and what to say of them.

    Attributes:
        names: words for values that stand in columns, such as codes of species.
        tables: further numbers that leave as files, by the name the address gives them.
        species: how far each species is trusted, as `factors.species` tells it.
    """

    figures: tuple[Figure, ...]
    data: pl.DataFrame
    facts: tuple[Fact, ...] = ()
    notes: tuple[Words, ...] = ()
    names: Mapping[str, Words] = field(default_factory=dict)
    tables: Mapping[str, tuple[Words, pl.DataFrame]] = field(default_factory=dict)
    species: tuple[Mapping[str, Any], ...] = ()

    def told(self, language: str, *, narrow: bool) -> dict[str, Any]:
        """As the page's script takes it.

        Parameters:
            narrow: for a small screen, where drawings stand below each other.
        """
        heads = heads_of(self.data, language)
        return {
            "figures": [_figure(figure, language, narrow) for figure in self.figures],
            "facts": [
                {"name": fact.name.text(language), "value": fact.value.text(language), "unit": fact.unit, "tone": fact.tone}
                for fact in self.facts
            ],
            "notes": [note.text(language) for note in self.notes],
            "heads": [{"title": title, "numeric": self.data[name].dtype.is_numeric()} for name, title, _unit in heads],
            "rows": [[self._cell(value, language) for value in row] for row in self.data.head(SHOWN).iter_rows()],
            "total": self.data.height,
            "tables": [{"name": name, "title": title.text(language)} for name, (title, _data) in self.tables.items()],
            "species": [{**entry, "text": self._cell(entry["name"], language)} for entry in self.species],
        }

    def _cell(self, value: Any, language: str) -> str:
        if value is None:
            return numbers.NOTHING
        if isinstance(value, float):
            return f"{value:.4g}" if abs(value) < 1e5 else f"{value:.0f}"
        if hasattr(value, "strftime"):
            return str(value.strftime(TIMES if hasattr(value, "hour") else "%Y-%m-%d"))
        known = self.names.get(str(value))
        return known.text(language) if known else str(value)


def heads_of(data: pl.DataFrame, language: str) -> list[Head]:
    """Columns of a table with their words."""
    words = column_words()
    return [(name, words[name].text(language) if name in words else name, "") for name in data.columns]


def number(value: float | None, digits: int = 3) -> Words:
    """A number with so many digits that count."""
    if value is None or math.isnan(value):
        return Words(en=numbers.NOTHING)
    return Words(en=f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}")


def _figure(figure: Figure, language: str, narrow: bool) -> dict[str, Any]:
    many = len(figure.parts) > FEW_COMPASSES and figure.parts[0].frame == "compass"
    drawn = replace(figure, columns=2 if many else 1) if narrow and figure.parts else figure
    return {
        "title": figure.title.text(language),
        "note": figure.note.text(language),
        "option": drawn.option(language),
        "height": _height(drawn),
        "wide": figure.frame == "calendar",
        "square": figure.equal,
    }


def _height(figure: Specification) -> int:
    if figure.parts:
        across = min(figure.columns, len(figure.parts))
        high = COMPASSES.get(across, COMPASSES[4]) if figure.parts[0].frame == "compass" else ROW
        return 60 + high * -(-len(figure.parts) // across)
    if figure.frame == "calendar":
        return 70 + CALENDAR_YEAR * max(1, figure.data[figure.layers[0].x].dt.year().n_unique())
    if figure.frame == "compass":
        return COMPASS
    if any(layer.mark == "tile" for layer in figure.layers):
        return max(ALONE, 110 + TILE * len(figure.y.categories))
    return EQUAL if figure.equal else ALONE

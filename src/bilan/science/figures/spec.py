"""What a figure is, said once for every renderer: axes, layers, words in two languages and the data itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from bilan.problems import LANGUAGES

Mark = Literal["line", "band", "range", "point", "bar", "tile", "sector", "rule", "text"]
Frame = Literal["plane", "compass", "calendar"]
AxisKind = Literal["value", "time", "category"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in Chinese and in English; English alone stands for both.

    Examples:
        >>> Words("风速", "Wind speed").text(), Words("风速", "Wind speed").text("en"), Words(en="NO2").text()
        ('风速', 'Wind speed', 'NO2')
    """

    zh: str = ""
    en: str = ""

    def text(self, language: str = LANGUAGES[0]) -> str:
        """The words in `language` (``zh-hans`` or ``en``)."""
        return (self.en or self.zh) if language == "en" else (self.zh or self.en)

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


Group = tuple[str, Words]
"""A value as it stands in the data and the words it is shown with."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A direction of the plane: what it shows, its unit and bounds; `categories` orders and names the values of a category axis."""

    name: Words = field(default_factory=Words)
    unit: str = ""
    kind: AxisKind = "value"
    lower: float | None = None
    upper: float | None = None
    categories: tuple[Group, ...] = ()
    inverse: bool = False

    def label(self, language: str = LANGUAGES[0]) -> str:
        """Name with unit.

        Examples:
            >>> Axis(Words("风速", "Wind speed"), "m/s").label("en")
            'Wind speed (m/s)'
        """
        return labelled(self.name, self.unit, language)


@dataclass(frozen=True, slots=True)
class Step:
    """A class of a stepped colour scale: values up to `upper` have this colour and these words."""

    upper: float
    colour: str
    name: Words = field(default_factory=Words)


@dataclass(frozen=True, slots=True)
class Scale:
    """How values become colours: a palette between bounds, or steps; `shown` is false where a board shows it once for all its drawings."""

    name: Words = field(default_factory=Words)
    unit: str = ""
    palette: str = "heat"
    lower: float | None = None
    upper: float | None = None
    steps: tuple[Step, ...] = ()
    shown: bool = True

    def label(self, language: str = LANGUAGES[0]) -> str:
        """Name with unit."""
        return labelled(self.name, self.unit, language)


@dataclass(frozen=True, slots=True)
class Layer:
    """One mark drawn from columns of the figure's data.

    Parameters:
        mark: line, band and range (`lower` to `upper`, along the line or one upright a row), point, bar, tile (coloured by `value`,
            written over with `text`), sector (of a rose, stacked by `by`), rule (at `at`) or text.
        x: column of the first axis; on a compass the direction [° clockwise from north]; of a calendar the day.
        y: column of the second axis; on a compass the distance from the centre.
        lower: column of the lower edge of a band or range.
        upper: column of its upper edge.
        value: column that gives the colour of tiles and points through the figure's scale.
        text: column with the words of a text mark or in a tile.
        by: column that splits the layer into groups, each with its own colour and legend entry.
        groups: values of `by` in their order, with their words; every value as it comes when empty.
        colours: colours of the groups in order; the house palette when empty.
        step: size of a tile or sector along `x` and `y` [units of the axes].
        at: where a rule stands.
        along: axis whose value the rule marks.
        where: only rows with these values, as (column, value) pairs.
        dashed: broken line.
        smooth: a line without points, whatever its length.
        width: of a line [points].
        stack: bars of the groups stand on each other, not beside. Bars lie when the second axis alone is one of categories.
    """

    mark: Mark
    x: str = ""
    y: str = ""
    lower: str = ""
    upper: str = ""
    value: str = ""
    text: str = ""
    by: str = ""
    groups: tuple[Group, ...] = ()
    colours: tuple[str, ...] = ()
    step: tuple[float, float] = (1.0, 1.0)
    at: float | None = None
    along: Literal["x", "y"] = "y"
    name: Words = field(default_factory=Words)
    where: tuple[tuple[str, Any], ...] = ()
    dashed: bool = False
    smooth: bool = False
    width: float = 1.6
    stack: bool = False

    def rows(self, data: pl.DataFrame) -> pl.DataFrame:
        """The rows of the data that this layer draws."""
        return data.filter(*(pl.col(column) == value for column, value in self.where)) if self.where else data

    def split(self, data: pl.DataFrame) -> list[tuple[Words, pl.DataFrame]]:
        """Its groups in order with their rows; one group named as the layer when it has none."""
        rows = self.rows(data)
        if not self.by:
            return [(self.name, rows)]
        order = self.groups or tuple((str(value), Words(en=str(value))) for value in rows[self.by].unique(maintain_order=True))
        key = pl.col(self.by).cast(pl.String)
        return [(name, rows.filter(key == value)) for value, name in order]


@dataclass(frozen=True, kw_only=True)
class Specification:
    """A drawing with its data; one made of `parts` is a board of drawings, `columns` beside each other.

    Parameters:
        frame: plane (two axes), compass (directions clockwise from north, distance `y` from the centre) or calendar (a tile a day).
        equal: one unit has the same length on both axes.
        note: a sentence below the drawing.
        scale: of the colours; that of a board stands once beside all of its drawings.
    """

    title: Words = field(default_factory=Words)
    data: pl.DataFrame = field(default_factory=pl.DataFrame)
    layers: tuple[Layer, ...] = ()
    x: Axis = field(default_factory=Axis)
    y: Axis = field(default_factory=Axis)
    scale: Scale | None = None
    frame: Frame = "plane"
    equal: bool = False
    note: Words = field(default_factory=Words)
    parts: Sequence[Specification] = ()
    columns: int = 2


def labelled(name: Words, unit: str, language: str) -> str:
    """A name with its unit in brackets."""
    shown = name.text(language)
    if not unit:
        return shown
    if not shown:
        return unit
    return f"{shown} ({unit})" if language == "en" else f"{shown}（{unit}）"


def categories(axis: Axis, columns: Sequence[pl.Series]) -> tuple[Group, ...]:
    """The values of a category axis in order: those declared, or those of the data sorted."""
    if axis.categories:
        return axis.categories
    values = pl.concat([column.alias("value") for column in columns], how="vertical_relaxed").drop_nulls().unique().sort()
    return tuple((str(value), Words(en=short(value))) for value in values)


def short(value: Any) -> str:
    """A value as people read it: numbers without needless digits.

    Examples:
        >>> short(3.0), short(0.123456), short("N")
        ('3', '0.1235', 'N')
    """
    return f"{value:.4g}" if isinstance(value, float) else str(value)


DIRECTIONS: tuple[Words, ...] = (
    Words("北", "N"),
    Words("东北", "NE"),
    Words("东", "E"),
    Words("东南", "SE"),
    Words("南", "S"),
    Words("西南", "SW"),
    Words("西", "W"),
    Words("西北", "NW"),
)

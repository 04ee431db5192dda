"""One drawing a season, weekday, year …: rows split by a part of the calendar, and their drawings on one board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.science.figures import Figure, Group, Scale, Specification, Words
from bilan.science.figures.measure import colour_bounds, outermost
from bilan.science.stats.periods import MONTHS, SEASONS, WEEKDAYS, WEEKENDS, part
from bilan.science.stats.sun import daylight

By = Literal["", "season", "weekday", "weekend", "daylight", "month", "year"]
SPLITS: tuple[By, ...] = ("season", "weekday", "weekend", "daylight", "month", "year")
DAYLIGHT: tuple[Group, ...] = (("1", Words("白天", "Daylight")), ("2", Words("夜间", "Night")))
_GROUPS: dict[str, tuple[Group, ...]] = {"season": SEASONS, "weekday": WEEKDAYS, "weekend": WEEKENDS, "month": MONTHS, "daylight": DAYLIGHT}
PANEL = "panel"


class Place(NamedTuple):
    """Where the sun is looked at: latitude (north) and longitude (east) [°], and the wall clock before UTC [h]."""

    latitude: float
    longitude: float
    zone: float = 8.0


class Panel(NamedTuple):
    """One part of the rows: its number, its words, its rows."""

    key: str
    name: Words
    rows: pl.DataFrame


def split(rows: pl.DataFrame, by: str, time: str, place: Place | None = None) -> list[Panel]:
    """Rows by season, weekday, weekend, daylight, month or year, without parts that have none.

    Parameters:
        rows: with the column `time`.
        by: what to split by.
        time: column of times.
        place: for daylight.

    Raises:
        BilanError: there is no such part, or daylight is asked for without a place.

    Examples:
        >>> from datetime import datetime
        >>> rows = pl.DataFrame({"start": [datetime(2026, 1, 31), datetime(2026, 7, 1)], "no2": [1.0, 2.0]})
        >>> [(panel.name.en, panel.rows["no2"].to_list()) for panel in split(rows, "season", "start")]
        [('Summer', [2.0]), ('Winter', [1.0])]
    """
    if by not in SPLITS:
        raise BilanError(Problem("analysis.choice", {"value": by, "nearest": nearest(by, SPLITS), "allowed": list(SPLITS)}))
    if by == "daylight" and place is None:
        raise BilanError(Problem("analysis.no_place", {"value": by}))
    number = daylight(time, *place) if by == "daylight" and place else part(by, time)
    marked = rows.with_columns(number.cast(pl.String).alias(PANEL))
    years = marked[PANEL].drop_nulls().unique().sort()
    groups = _GROUPS.get(by) or tuple((year, Words(en=year)) for year in years)
    found = [Panel(key, name, marked.filter(pl.col(PANEL) == key).drop(PANEL)) for key, name in groups]
    return [panel for panel in found if panel.rows.height]


def board(panels: Sequence[tuple[Panel, pl.DataFrame, Figure]], title: Words, columns: int = 0) -> tuple[pl.DataFrame, Figure]:
    """The drawings of the panels beside each other, with one scale of colours and one reach for all.

    Parameters:
        panels: each panel with its numbers and its drawing.
        columns: drawings beside each other; by their number when 0.

    Returns:
        the numbers of all with the column ``panel``, and the board.
    """
    data = pl.concat([numbers.select(pl.lit(panel.name.en).alias(PANEL), pl.all()) for panel, numbers, _ in panels], how="diagonal")
    figures = [figure for _, _, figure in panels]
    scale = _common(figures)
    reach = max((outermost(figure) for figure in figures if figure.frame == "compass"), default=None)
    parts = [
        Specification(
            title=panel.name,
            data=figure.data,
            layers=figure.layers,
            x=figure.x,
            y=replace(figure.y, upper=reach) if reach is not None else figure.y,
            scale=replace(scale, shown=False) if scale else None,
            frame=figure.frame,
            equal=figure.equal,
        )
        for panel, _, figure in panels
    ]
    wide = columns or (2 if len(parts) <= 4 else 3 if len(parts) <= 9 else 4)
    return data, Figure(title=title, data=data, parts=parts, columns=wide, scale=scale)


def _common(figures: Sequence[Figure]) -> Scale | None:
    """One scale over the values of all."""
    scale = figures[0].scale if figures else None
    if scale is None or scale.steps:
        return scale
    bounds = [colour_bounds(figure, scale) for figure in figures]
    return replace(scale, lower=min(low for low, _ in bounds), upper=max(high for _, high in bounds))

"""Calls that look beyond a frame's own rows: seasons, neighbours, the city's air, running plants, patterns of falsified measurement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from bilan.evaluation.rules import outside
from bilan.evaluation.rules.binding import CITY, calls
from bilan.evaluation.rules.context import Context
from bilan.evaluation.rules.grid import Grid, Numbers, series_of
from bilan.pack.rules import Call, Kind, Literal, Name, Node, functions
from bilan.problems import BilanError
from bilan.science.integrity import PATTERNS, running
from bilan.telemetry.clock import DAY
from bilan.telemetry.model import Point

History = Callable[[str, int, int], Numbers]
"""Column, begin and end [s of the wall clock] → values of the frame's points at each moment."""


@dataclass
class Beside:
    """Computes such calls for one grid.

    Attributes:
        grid: with the columns that the calls work on.
        points: its sources.
        history: reads what lies before.
        city: column → value of the city's air at each moment of the grid.
        context: for what is kept between evaluations.
        key: tells grids with the same sources apart from others.
    """

    grid: Grid
    points: Sequence[Point]
    history: History
    city: Callable[[str], Numbers]
    context: Context
    key: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        self._found: dict[tuple[str, tuple[Node, ...], tuple[Any, ...]], pl.DataFrame] = {}

    def prepare(self, nodes: Sequence[Node], columns: Sequence[str]) -> dict[Call, str]:
        """Put every such call of `nodes` into the grid.

        Args:
            nodes: bound expressions.
            columns: names of the columns that they use.

        Returns:
            Calls that could not be computed, with the reason.
        """
        for name in columns:
            if name.startswith(CITY):
                values = np.tile(self.city(name.removeprefix(CITY)), len(self.points))
                self.grid.frame = self.grid.frame.with_columns(series_of(values).alias(name))
                self.grid.kinds[name] = Kind.NUMBER
        failed: dict[Call, str] = {}
        for call in calls(nodes, "outside", "pattern"):
            try:
                self.grid.put(call, self._values(call))
            except BilanError as error:
                failed[call] = error.text("en")
            except pl.exceptions.PolarsError as error:
                failed[call] = str(error).partition("\n")[0][:200]
        return failed

    def _values(self, call: Call) -> pl.Series:
        match call.function:
            case "season":
                return series_of(self._season(call.parts[0]))
            case "neighbours":
                lon, lat = outside.coordinates([(point.lon, point.lat) for point in self.points])
                around = outside.nearest(lon, lat, float(str(call.settings[0])))
                return series_of(outside.neighbours(self._matrix(call.parts[0]), around))
            case "running":
                frame = self._frame({"flow": call.parts[0]})
                return running(frame, "flow", share=float(str(call.settings[0])), name="running")["running"]
        return self._pattern(call)

    def _matrix(self, node: Node) -> Numbers:
        column = self.grid.compute([node]).to_series().cast(pl.Float64).fill_null(float("nan"))
        return column.to_numpy().reshape(len(self.points), self.grid.width)

    def _frame(self, columns: dict[str, Node]) -> pl.DataFrame:
        """Columns under other names, beside point and start (naive time)."""
        values = self.grid.compute(list(columns.values()))
        starts = pl.from_epoch(pl.Series("start", np.tile(self.grid.moments, len(self.points))), time_unit="s").cast(pl.Datetime("us"))
        point = np.repeat(np.arange(len(self.points)), self.grid.width)
        return values.rename(dict(zip(values.columns, columns, strict=True))).with_columns(starts, pl.Series("point", point))

    def _pattern(self, call: Call) -> pl.Series:
        function = functions()[call.function]
        key = (function.pattern, call.parts, call.settings)
        if key not in self._found:
            self._found[key] = self._find(function.pattern, call)
        found = self._found[key]
        if function.shows == "hours":
            since = (found["start"] - found["began"]) / timedelta(hours=1)
            return since.cast(pl.Float64)
        return found[function.shows]

    def _find(self, pattern: str, call: Call) -> pl.DataFrame:
        arguments = [entry for entry in functions()[pattern].arguments if entry.kind not in {"scalar"}]
        scalars = [entry.name for entry in functions()[pattern].arguments if entry.kind == "scalar"]
        given = {entry.name: node for entry, node in zip(arguments, call.parts, strict=True) if node != Literal(None)}
        frame = self._frame(given)
        defaults = {entry.name: entry.default for entry in functions()[pattern].arguments if entry.kind == "scalar"}
        settings = {
            name: int(value) if isinstance(value, float) and value.is_integer() else value
            for name, value in zip(scalars, call.settings, strict=True)
            if value != defaults[name]
        }
        first = arguments[0].name
        has = frame[first].is_not_null().to_numpy().reshape(len(self.points), self.grid.width)
        rows = np.repeat(has.any(axis=1), self.grid.width)
        told = pl.when(pl.col(first).is_not_null()).then(pl.col("found")).alias("found")
        found = PATTERNS[pattern].find(frame.filter(pl.Series(rows)), **{name: name for name in given}, **settings, name="found")
        judged = found.select(told, pl.col("found_score").alias("score"), pl.col("found_began").alias("began"))
        place = np.where(rows, np.cumsum(rows) - 1, judged.height)
        result: pl.DataFrame = pl.concat([judged, judged.clear(1)])[place].with_columns(frame["start"])
        return result

    def _season(self, node: Node) -> Numbers:
        """Deviation from the usual value of the hour; what is usual is computed once a day and kept."""
        column = node.name if isinstance(node, Name) else ""
        slots = max(1, DAY // self.grid.step)
        days = np.unique(self.grid.moments // DAY)
        kept = {int(day): self.context.memory.get(("season", *self.key, column, int(day))) for day in days}
        missing = [day for day, known in kept.items() if known is None]
        if missing:
            begin = (missing[0] - outside.SEASON_DAYS) * DAY
            history = self.history(column, begin, missing[-1] * DAY).reshape(len(self.points), -1, slots)
            for day in missing:
                last = day - missing[0] + outside.SEASON_DAYS
                usual = outside.usual(history[:, last - outside.SEASON_DAYS : last], 1, outside.SEASON_LEAST, outside.SEASON_FLOOR)
                kept[day] = usual
                self.context.keep(("season", *self.key, column, day), usual)
        values = self._matrix(node)
        result = np.full_like(values, np.nan)
        slot = (self.grid.moments % DAY) // self.grid.step
        for day, known in kept.items():
            chosen = np.flatnonzero(self.grid.moments // DAY == day)
            if known is not None:
                centre, spread = (part[:, slot[chosen]] for part in known)
                result[:, chosen] = outside.deviation(values[:, chosen], centre, spread)
        return result

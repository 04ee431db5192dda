"""What was measured, as columns of a grid: one scan, laid out source by source, moment by moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from bilan.evaluation.rules.binding import ATTRIBUTE, CONVERTED, FAMILIES, LABEL, LIMITS, OXYGEN, Column, with_basis
from bilan.evaluation.rules.context import Context, day_of
from bilan.evaluation.rules.grid import Grid, Numbers, clock_columns, series_of
from bilan.pack import vocab
from bilan.pack.rules import Kind
from bilan.science import emissions
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.quality import Check
from bilan.telemetry.store import Store

STEP = {"minute": 600, "hour": HOUR, "day": DAY}
"""Usual length of a moment [s]."""
UNIT = {"minute": HOUR, "hour": HOUR, "day": DAY}
"""What the length of a window counts [s]."""


@dataclass(frozen=True)
class Wanted:
    """Series of a network that a frame needs.

    Attributes:
        series: columns id, point, column (science), family, unit; one series a point, column and family.
    """

    series: pl.DataFrame

    def points(self, column: str = "", family: str = "") -> list[str]:
        """Codes of points that have a column, or anything at all."""
        chosen = self.series
        if column:
            chosen = chosen.filter(pl.col("column") == column)
        if family:
            chosen = chosen.filter(pl.col("family") == family)
        return sorted(chosen["point"].unique().to_list())


@dataclass(frozen=True)
class Layout:
    """Moments of a grid: `lead` of them only looked back on, then those judged, each `step` long [s]."""

    begin: int
    end: int
    step: int
    lead: int

    @property
    def first(self) -> int:
        """Begin of the first moment [s of the wall clock]."""
        return self.begin - self.lead * self.step

    @property
    def moments(self) -> npt.NDArray[np.int64]:
        """Begin of each moment [s of the wall clock]."""
        return np.arange(self.first, self.end, self.step, dtype=np.int64)


def wanted(store: Store, points: Collection[str], columns: Collection[Column], interval: str) -> Wanted:
    """Find the series of some columns."""
    columns = with_basis(columns)
    codes = {vocab.by_column(column.parameter).code: column.parameter for column in columns if column.family}
    needed = {(column.parameter, column.family) for column in columns if column.family}
    rank = {statistic: at for family in FAMILIES.values() for at, statistic in enumerate(family)}
    family = {statistic: name for name, statistics in FAMILIES.items() for statistic in statistics}
    known = store.catalogue.series_frame(list(points), list(codes), interval).filter(
        pl.col("occurrence") == 1, pl.col("statistic").is_in(list(family))
    )
    told = known.with_columns(
        pl.col("parameter").replace_strict(codes, return_dtype=pl.String).alias("column"),
        pl.col("statistic").replace_strict(family, return_dtype=pl.String).alias("family"),
        pl.col("statistic").replace_strict(rank, return_dtype=pl.Int64).alias("rank"),
    )
    pairs = pl.DataFrame(sorted(needed), schema={"column": pl.String, "family": pl.String}, orient="row")
    best = (
        told.join(pairs, on=["column", "family"])
        .sort("rank", "id")
        .unique(["point", "column", "family"], keep="first", maintain_order=True)
    )
    return Wanted(best.select("id", "point", "column", "family", "unit"))


def steps_of(rows: pl.DataFrame, want: Wanted, interval: str) -> dict[str, int]:
    """Length of the moments of each point [s]: the commonest of its values, the usual one where it has none."""
    usual = STEP[interval]
    if interval != "minute":
        return dict.fromkeys(want.points(), usual)
    counted = rows.join(want.series.select(pl.col("id").alias("series"), "point"), on="series").group_by("point", "seconds").len()
    commonest = counted.filter(pl.col("seconds") > 0).sort("len", "seconds").unique("point", keep="last", maintain_order=True)
    return dict.fromkeys(want.points(), usual) | dict(commonest.select("point", "seconds").iter_rows())


def measured(
    rows: pl.DataFrame,
    want: Wanted,
    points: Sequence[Point],
    columns: Collection[str],
    layout: Layout,
    interval: str,
    context: Context,
) -> Grid:
    """Lay scanned values out as a grid.

    Args:
        rows: what `Store.scan` gave for the series of `want`, or more.
        want: which series are which columns.
        points: sources of the grid, in this order.
        columns: names of the columns needed.
        layout: moments.
        interval: of the series.
        context: for limits.
    """
    moments = layout.moments
    shape = (len(points), len(moments))
    place = {point.code: at for at, point in enumerate(points)}
    frame: dict[str, Any] = clock_columns(moments, len(points)) if {"hour", "weekday", "day", "month"} & set(columns) else {}
    for (column, family), series in want.series.partition_by(["column", "family"], as_dict=True).items():
        chosen = {name for name in columns if (found := Column.parse(name)) and (found.parameter, found.family) == (column, family)}
        if chosen:
            frame |= _aspects(_Values(rows, series, place, layout, shape, points), str(column), str(family), chosen)
    for name in columns:
        found = Column.parse(name)
        if found and found.aspect == CONVERTED:
            frame[name] = _converted(frame.get(name), rows, want, found.parameter, layout, points)
    for name in columns:
        found = Column.parse(name)
        if found and found.aspect in LIMITS:
            frame[name] = series_of(limits(context, found, place, moments))
        elif name.startswith((ATTRIBUTE, LABEL)):
            frame[name] = attribute(points, name, shape[1])
    kinds = {name: Kind.NUMBER for name in columns if Column.parse(name) and name not in frame}
    empty = {name: pl.Series(name, [None], dtype=pl.Float64).new_from_index(0, shape[0] * shape[1]) for name in kinds}
    empty |= {name: _absent(name, shape[0] * shape[1]) for name in kinds if name.partition("@")[2] in {"flag", "valid", "present"}}
    table = pl.DataFrame({**frame, **empty}) if {**frame, **empty} else pl.DataFrame({"__nothing": np.zeros(shape[0] * shape[1])})
    unit = UNIT[interval]
    return Grid(table, [point.code for point in points], moments, layout.step, layout.lead, unit / layout.step, day_of(layout.end))


REFERENCE = "reference_o2"
"""Attribute of a point: reference oxygen of its emission standard [%]."""


def _converted(
    reported: pl.Series | None, rows: pl.DataFrame, want: Wanted, parameter: str, layout: Layout, points: Sequence[Point]
) -> pl.Series:
    """Values at the reference oxygen: as reported, computed at points that report none and carry the reference oxygen of their standard."""
    shape = (len(points), len(layout.moments))
    place = {point.code: at for at, point in enumerate(points)}
    known = np.full(shape, np.nan) if reported is None else reported.fill_null(float("nan")).to_numpy().reshape(shape).copy()
    told = set(want.points(parameter, CONVERTED))
    references = np.array([np.nan if point.code in told else number(point.attributes.get(REFERENCE)) for point in points])
    own = np.isfinite(references)
    if own.any():
        value, oxygen = (_laid(rows, want, name, place, layout, points)[own] for name in (parameter, OXYGEN))
        known[own] = emissions.converted_values(value, oxygen, references[own][:, None])
    return series_of(known)


def _laid(rows: pl.DataFrame, want: Wanted, parameter: str, place: Mapping[str, int], layout: Layout, points: Sequence[Point]) -> Numbers:
    """Valid values of a parameter, sources × moments."""
    shape = (len(points), len(layout.moments))
    series = want.series.filter(pl.col("column") == parameter, pl.col("family") == "value")
    return _Values(rows, series, place, layout, shape, points).numbers(valid=True).reshape(shape)


def _absent(name: str, height: int) -> pl.Series:
    if name.endswith("@flag"):
        return pl.Series(name, [None], dtype=pl.String).new_from_index(0, height)
    return pl.Series(name, [False]).new_from_index(0, height)


class _Values:
    """Values of one column, put in their places."""

    def __init__(
        self,
        rows: pl.DataFrame,
        series: pl.DataFrame,
        place: Mapping[str, int],
        layout: Layout,
        shape: tuple[int, int],
        points: Sequence[Point],
    ) -> None:
        here = series.filter(pl.col("point").is_in(list(place))).select(
            pl.col("id").alias("series"), pl.col("point").replace_strict(place, default=None, return_dtype=pl.Int64).alias("place")
        )
        inside = (pl.col("start") >= layout.first) & (pl.col("start") < layout.first + shape[1] * layout.step)
        self.rows = rows.filter(inside).join(here, on="series")
        self.at = (self.rows["place"] * shape[1] + (self.rows["start"] - layout.first) // layout.step).to_numpy()
        self.shape = shape
        self.marks = sorted({mark for network in {point.network for point in points} for mark in vocab.valid_marks(network)})

    @property
    def valid(self) -> pl.Series:
        """Whether each value counts."""
        counts = pl.col("value").is_finite() & pl.col("flag").is_in(self.marks) & (pl.col("quality") & int(Check.PARTIAL) == 0)
        return self.rows.select(counts.fill_null(value=False)).to_series()

    def numbers(self, *, valid: bool) -> Numbers:
        """Values, those only that count when `valid`."""
        values = self.rows["value"].cast(pl.Float64).fill_null(float("nan")).to_numpy().copy()
        values[~np.isfinite(values)] = np.nan
        if valid:
            values[~self.valid.to_numpy()] = np.nan
        laid: Numbers = self._put(values, np.full(self.shape[0] * self.shape[1], np.nan))
        return laid

    def truth(self, values: pl.Series) -> pl.Series:
        """Whether something is so, not where there is no value."""
        return pl.Series(self._put(values.to_numpy(), np.zeros(self.shape[0] * self.shape[1], dtype=bool)))

    def flags(self) -> pl.Series:
        """The marks."""
        known = self.rows["flag"].unique().sort()
        places = {flag: at for at, flag in enumerate(known.to_list())}
        codes = self.rows["flag"].replace_strict(places, default=None, return_dtype=pl.Int64).fill_null(-1).to_numpy()
        laid = self._put(codes, np.full(self.shape[0] * self.shape[1], -1, dtype=np.int64))
        texts = pl.Series([*known.to_list(), None], dtype=pl.String)
        return texts.gather(np.where(laid < 0, len(places), laid))

    def _put(self, values: Any, into: Any) -> Any:
        into[self.at] = values
        return into


def _aspects(values: _Values, column: str, family: str, chosen: Collection[str]) -> dict[str, pl.Series]:
    if family != "value":
        return {name: series_of(values.numbers(valid=True)) for name in chosen}
    made: dict[str, pl.Series] = {}
    for name in chosen:
        match name.partition("@")[2]:
            case "":
                made[name] = series_of(values.numbers(valid=True))
            case "raw":
                made[name] = series_of(values.numbers(valid=False))
            case "flag":
                made[name] = values.flags()
            case "valid":
                made[name] = values.truth(values.valid)
            case "present":
                made[name] = values.truth(values.rows["value"].is_not_null())
    return made


def limits(context: Context, column: Column, place: Mapping[str, int], moments: npt.NDArray[np.int64]) -> Numbers:
    """Limits of a parameter at each point and moment; the strictest of those that are valid."""
    found = np.full((len(place), len(moments)), np.nan)
    code = vocab.by_column(column.parameter).code
    spans = context.spans().filter(pl.col("parameter").is_in([code, column.parameter]), pl.col(column.aspect).is_not_null())
    stricter = np.fmin if column.aspect == "limit" else np.fmax
    for point, limit, begin, end in spans.select("point", column.aspect, "begin", "end").iter_rows():
        if point in place:
            first, last = np.searchsorted(moments, [begin, end])
            row = found[place[point]]
            row[first:last] = stricter(row[first:last], limit)
    return found


def attribute(points: Sequence[Point], name: str, width: int) -> pl.Series:
    """What points carry under ``attribute:KEY`` as numbers, or under ``label:KEY`` as texts, at each of their moments."""
    key = name.partition(":")[2]
    values = [point.attributes.get(key) for point in points]
    if name.startswith(LABEL):
        texts = pl.Series([value if isinstance(value, str) else None for value in values], dtype=pl.String)
        return texts.gather(np.repeat(np.arange(len(points)), width))
    return series_of(np.repeat(np.array([number(value) for value in values], dtype=float), width))


def number(value: Any) -> float:
    """A value as a number; not a number when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return float("nan")
    try:
        return float(value)
    except ValueError:
        return float("nan")

"""Share of the sea's area in each class: items between stations, the worst item of a cell, and how sure the share is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, cast

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from bilan.problems import BilanError, Problem
from bilan.science.engine import need
from bilan.science.pandas_frames import taken
from bilan.science.standards.sea.geometry import Floats, Grid, Ring, grid_over
from bilan.science.standards.sea.interpolation import Method, interpolate
from bilan.science.standards.sea.judge import REFERENCE_CLASS, WORST, known
from bilan.science.standards.sea.zones import with_status
from bilan.science.standards.single.limits import Item
from bilan.science.standards.water.means import with_numbers

Classes = NDArray[np.int64]

Z90 = 1.645
"""Standard deviations on either side that hold 90 % of a normal distribution."""
_LEFT_OUT = 0.25
_FEWEST = 4
_TARGET_CELLS = 4000


@dataclass(frozen=True)
class AreaShares:
    """Shares of the area by class, with what they rest on.

    Attributes:
        area: of the waters judged [km²].
        shares: fraction of the area in class I, II, III, IV and worse than IV.
        good, worst: fraction of class I and II, and of worse than IV.
        good_deviation: standard deviation of `good`, by leaving out a quarter of the stations; None for fewer than four stations.
        good_low, good_high: where `good` lies with 90 %.
        points_good, points_worst: the same shares among the stations.
        voronoi_good: share of class I and II when each place has the class of its nearest station.
        agreement: share of stations whose class the others foretell, one left out at a time; None without resamples.
        cells: places of the grid (``lon``, ``lat``, items, ``grade``).
    """

    method: Method
    stations: int
    step: float
    area: float
    shares: tuple[float, ...]
    good: float
    worst: float
    good_deviation: float | None
    good_low: float | None
    good_high: float | None
    points_good: float
    points_worst: float
    voronoi_good: float
    agreement: float | None
    items: tuple[str, ...]
    cells: pl.DataFrame

    def row(self) -> dict[str, Any]:
        """Everything but the cells as one row of a table."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("shares", "cells", "items")}
        return {**named, **{f"share_{number}": share for number, share in enumerate(self.shares, start=1)}, "items": ",".join(self.items)}


def area_shares(
    frame: Any,
    *,
    waters: Iterable[Ring] | None = None,
    land: Iterable[Ring] | None = None,
    reach: float | None = None,
    step: float | None = None,
    method: Method = "idw",
    power: float = 2.0,
    items: Sequence[str] | None = None,
    resamples: int = 60,
    seed: int = 0,
) -> AreaShares:
    """Shares of the area of the sea by class, of one campaign or period.

    Every item is interpolated by itself; a cell has the class of its worst item. Distances go straight, also across land.

    Parameters:
        frame: one row a station: ``lon``, ``lat`` [°] and items as for `judge` (means of the period). Stations at one place are averaged.
        waters: rings of the waters judged [°]; without them the waters are what lies within `reach` of a station.
        land: rings of land that is taken off [°].
        reach: how far from a station the waters count [km]; 8 when neither it nor `waters` is given.
        step: side of a cell [km]; some 4,000 cells when not given.
        method, power: as for `interpolate`.
        items: items that may decide; all that the frame has when not given.
        resamples: how often a quarter of the stations is left out to tell the deviation; 0 tells neither it nor the agreement.
        seed: of the choice of stations left out.

    Raises:
        BilanError: a column is missing, there is no station with a place and a value, no cell is water, or SciPy is not installed.

    Reference:
        GB 3097-1997; 中国海洋生态环境状况公报, share of good sea area (interpolation of stations; the official method is not published);
        delete-d jackknife of Shao & Wu (1989), Annals of Statistics 17

    Examples:
        >>> stations = pl.DataFrame({"lon": [118.0, 118.4], "lat": [24.5, 24.5], "din": [0.1, 0.9]})
        >>> found = area_shares(stations, reach=5, resamples=0)
        >>> round(found.good, 2), round(found.worst, 2), found.points_good
        (0.5, 0.5, 0.5)
    """
    places, values, wanted = _stations(frame, items)
    reach = 8.0 if reach is None and waters is None else reach
    rings = None if waters is None else list(waters)
    lands = None if land is None else list(land)
    side = step or _side(places, rings, reach)
    grid, km = grid_over(places, step=side, reach=reach, waters=rings, land=lands)
    if not len(grid.km):
        raise BilanError(Problem("sea.no_waters", {"value": len(places)}))
    fields = _fields(km, values, grid.km, method, power)
    grades = _grades(fields, wanted)
    at_stations = _grades(values, wanted)
    shares = _shares(grades)
    nearest_grades = at_stations[np.argmin(((grid.km[:, None, :] - km[None, :, :]) ** 2).sum(axis=2), axis=1)]
    deviation = _deviation(km, values, grid, method, power, wanted, resamples, seed)
    good = float(shares[:REFERENCE_CLASS].sum())
    points = _shares(at_stations)
    spread = (None, None) if deviation is None else (max(0.0, good - Z90 * deviation), min(1.0, good + Z90 * deviation))
    return AreaShares(
        method=method,
        stations=len(km),
        step=side,
        area=len(grades) * grid.cell,
        shares=tuple(float(share) for share in shares),
        good=good,
        worst=float(shares[WORST - 1]),
        good_deviation=deviation,
        good_low=spread[0],
        good_high=spread[1],
        points_good=float(points[:REFERENCE_CLASS].sum()),
        points_worst=float(points[WORST - 1]),
        voronoi_good=float((nearest_grades <= REFERENCE_CLASS).mean()),
        agreement=_agreement(km, values, method, power, wanted, at_stations) if resamples else None,
        items=tuple(entry.column for entry in wanted),
        cells=pl.DataFrame({"lon": grid.lon, "lat": grid.lat, **fields, "grade": grades}),
    )


def evaluate_areas(frame: Any, by: str | Sequence[str], **options: Any) -> pl.DataFrame:
    """Shares of the area for every campaign or zone of a frame.

    Parameters:
        frame: as for `area_shares`, with the columns of `by`.
        by: columns that make a group.
        options: of `area_shares`, the same for all groups.

    Returns:
        One row a group: what `AreaShares.row` gives, ``share_first``, ``share_good``, ``share_worst``, ``status``, ``status_zh``,
        ``status_en``.

    Reference:
        GB 3097-1997; as for `area_shares`

    Examples:
        >>> stations = pl.DataFrame({"quarter": [1, 1, 2], "lon": [118.0, 118.4, 118.0], "lat": [24.5] * 3, "din": [0.1, 0.9, 0.1]})
        >>> evaluate_areas(stations, "quarter", resamples=0).select("quarter", pl.col("good").round(2), "status_en").rows()
        [(1, 0.5, 'very poor'), (2, 1.0, 'excellent')]
    """
    keys = [by] if isinstance(by, str) else list(by)
    data = _eager(frame)
    need(nw.from_native(data), *keys)
    rows = [
        {**dict(zip(keys, key, strict=True)), **area_shares(group, **options).row()}
        for key, group in data.group_by(keys, maintain_order=True)
    ]
    if not rows:
        return pl.DataFrame()
    shares = pl.DataFrame(rows).with_columns(share_first="share_1", share_good="good", share_worst="worst")
    return cast(pl.DataFrame, with_status(nw.from_native(shares)).to_native()).sort(keys)


def _eager(frame: Any) -> pl.DataFrame:
    given = nw.from_native(taken(frame))
    data = given.collect() if isinstance(given, nw.LazyFrame) else given
    return data.to_polars()


def _stations(frame: Any, items: Sequence[str] | None) -> tuple[Floats, dict[str, Floats], list[Item]]:
    data = _eager(frame)
    need(nw.from_native(data), "lon", "lat")
    present = [entry for entry in known().items.values() if entry.column in data.columns and (items is None or entry.column in items)]
    columns = [entry.column for entry in present]
    numbers = cast(pl.DataFrame, with_numbers(nw.from_native(data.select("lon", "lat", *columns)), columns).to_native())
    at_places = numbers.drop_nulls(["lon", "lat"]).group_by("lon", "lat", maintain_order=True).mean()
    at_places = at_places.filter(pl.any_horizontal(pl.col(columns).is_not_null())) if columns else at_places.clear()
    if at_places.is_empty():
        raise BilanError(Problem("single.no_items", {"value": known().standard, "allowed": tuple(known().items)}))
    measured = [entry for entry in present if at_places[entry.column].count()]
    values = {entry.column: at_places[entry.column].cast(pl.Float64).fill_null(float("nan")).to_numpy() for entry in measured}
    return at_places.select("lon", "lat").to_numpy(), values, measured


def _side(stations: Floats, rings: Sequence[Ring] | None, reach: float | None) -> float:
    """Side of a cell that gives about as many cells as are wanted."""
    rough = grid_over(stations, step=1.0, reach=reach, waters=rings, land=None)[0]
    return max(0.05, round(sqrt(max(len(rough.lon), 50) * rough.cell / _TARGET_CELLS), 2))


def _fields(km: Floats, values: Mapping[str, Floats], wanted: Floats, method: Method, power: float) -> dict[str, Floats]:
    found: dict[str, Floats] = {}
    for column, own in values.items():
        there = ~np.isnan(own)
        nothing = np.full(len(wanted), np.nan)
        found[column] = interpolate(km[there], own[there], wanted, method, power=power) if there.any() else nothing
    return found


def _grades(values: Mapping[str, Floats], items: Sequence[Item]) -> Classes:
    """Class of the worst item, as `judge` gives it; 0 where nothing is known."""
    worst = np.zeros(len(next(iter(values.values()))), dtype=np.int64)
    for entry in items:
        own = values[entry.column]
        grade = np.ones(len(own), dtype=np.int64)
        for span in entry.spans:
            if span is None:
                continue
            if span.upper is not None:
                grade += own > span.upper + 1e-12
            if span.lower is not None:
                grade += (own <= span.lower) if span.strict else (own < span.lower - 1e-12)
        worst = np.maximum(worst, np.where(np.isnan(own), 0, grade))
    return worst


def _shares(grades: Classes) -> Floats:
    counted = np.bincount(grades, minlength=WORST + 1)[1:].astype(float)
    found: Floats = counted / max(float(counted.sum()), 1.0)
    return found


def _deviation(
    km: Floats, values: Mapping[str, Floats], grid: Grid, method: Method, power: float, items: Sequence[Item], resamples: int, seed: int
) -> float | None:
    """Delete-d jackknife: how much the share of good area moves when a quarter of the stations is not there."""
    count = len(km)
    if count < _FEWEST or not resamples:
        return None
    left_out = max(1, round(count * _LEFT_OUT))
    random = np.random.default_rng(seed)
    found = []
    for _ in range(resamples):
        kept = np.sort(random.permutation(count)[left_out:])
        fields = _fields(km[kept], {column: own[kept] for column, own in values.items()}, grid.km, method, power)
        found.append(float(_shares(_grades(fields, items))[:REFERENCE_CLASS].sum()))
    return sqrt((count - left_out) / left_out * float(np.var(found)))


def _agreement(
    km: Floats, values: Mapping[str, Floats], method: Method, power: float, items: Sequence[Item], grades: Classes
) -> float | None:
    count = len(km)
    if count < _FEWEST:
        return None
    foretold = []
    for station in range(count):
        kept = np.arange(count) != station
        fields = _fields(km[kept], {column: own[kept] for column, own in values.items()}, km[station : station + 1], method, power)
        foretold.append(int(_grades(fields, items)[0]))
    return float((np.array(foretold) == grades).mean())

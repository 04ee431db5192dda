"""Series of several points side by side: which are meant, how two depend on each other, how one runs through the day or the year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from bilan.pack import vocab
from bilan.pack.vocab import networks
from bilan.people.monitoring import Monitoring
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.telemetry.model import Point
from bilan.web.areas.monitoring import choices
from bilan.web.components import numbers

MOST = 12
MOST_DOTS = 4_000
CYCLES = {"hour": (3600, 24), "weekday": (None, 7), "month": (None, 12)}
"""What a profile runs over, with how many places it has."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One series to compare: a point and a parameter.

    Attributes:
        intervals: at which intervals it is there.
    """

    point: Point
    parameter: str
    unit: str
    intervals: tuple[str, ...]

    @property
    def key(self) -> str:
        """How the address names it."""
        return f"{self.point.code}:{self.parameter}"

    @property
    def name(self) -> str:
        """How a reader knows it."""
        return f"{numbers.named(self.point)} {choices.label(self.parameter)}"

    def as_dict(self) -> dict[str, Any]:
        """As scripts take it."""
        return {"key": self.key, "point": self.point.code, "parameter": self.parameter, "name": self.name, "unit": numbers.unit(self.unit)}


def pairs(monitoring: Monitoring, text: str) -> list[Pair]:
    """Series named in an address, ``POINT:PARAMETER,POINT:PARAMETER``; a point alone stands for what its network is known by.

    What does not exist or may not be seen is left out.

    Raises:
        BilanError: more series than can be compared.
    """
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    if len(wanted) > MOST:
        raise BilanError(Problem("explorer.too_many_series", {"value": len(wanted), "allowed": MOST}))
    found: dict[str, Pair] = {}
    for part in wanted:
        code, _, named = part.rpartition(":") if ":" in part else (part, "", "")
        try:
            point = monitoring.point(code)
        except NotVisible:
            continue
        for pair in pairs_of(monitoring, point):
            parameter = vocab.by_alias(named) if named else None
            if (
                pair.parameter == named
                or (parameter and pair.parameter == parameter.code)
                or (not named and pair.parameter in first(point))
            ):
                found.setdefault(pair.key, pair)
    return list(found.values())[:MOST]


def first(point: Point) -> list[str]:
    """Codes of the parameters that stand for a point when none is named."""
    return [vocab.by_column(name).code for name in choices.FIRST_SHOWN.get(point.network, ())[:1]]


def pairs_of(monitoring: Monitoring, point: Point) -> list[Pair]:
    """Every parameter of a point, the network's own first."""
    rows = choices.one_each(monitoring.series([point.code])).to_dicts()
    by_code: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_code.setdefault(row["parameter"], []).append(row)
    return [
        Pair(point, code, by_code[code][0]["unit"], tuple(row["interval"] for row in by_code[code]))
        for code in choices.ordered(point.network, by_code)
    ]


def read(monitoring: Monitoring, chosen: Sequence[Pair], begin: int, end: int, interval: str = "") -> pl.DataFrame:
    """Valid values of series side by side: ``start`` and one column a pair's key.

    Parameters:
        begin, end: period [s of the wall clock].
        interval: which interval; the network's own by default.
    """
    joined = pl.DataFrame(schema={"start": pl.Int64})
    for pair in chosen:
        kind = interval if interval in pair.intervals else networks()[pair.point.network].interval
        rows = choices.one_each(monitoring.series([pair.point.code], [pair.parameter])).filter(pl.col("interval") == kind)
        values = monitoring.scan(rows["id"].to_list(), begin, end, kind).filter(pl.col("flag") == "N", pl.col("value").is_not_null())
        joined = joined.join(values.select("start", pl.col("value").alias(pair.key)), on="start", how="full", coalesce=True)
    return joined.sort("start")


def scatter(frame: pl.DataFrame, chosen: Sequence[Pair]) -> dict[str, Any]:
    """Two series against each other, with correlation and the line of least squares.

    Raises:
        BilanError: not exactly two series.
    """
    if len(chosen) != 2:
        raise BilanError(Problem("explorer.scatter_needs_two", {"value": len(chosen)}))
    across, up = chosen
    both = frame.select(pl.col(across.key).alias("x"), pl.col(up.key).alias("y")).drop_nulls()
    told: dict[str, Any] = {"x": across.as_dict(), "y": up.as_dict(), "count": both.height, "r": None, "slope": None, "intercept": None}
    if both.height > 2:
        row = both.select(
            pl.corr("x", "y").alias("r"),
            (pl.cov("x", "y") / pl.col("x").var()).alias("slope"),
            pl.col("x").mean().alias("mx"),
            pl.col("y").mean().alias("my"),
        ).row(0, named=True)
        if row["slope"] is not None and row["r"] == row["r"]:
            told |= {"r": row["r"], "slope": row["slope"], "intercept": row["my"] - row["slope"] * row["mx"]}
    shown = both.sample(MOST_DOTS, seed=1) if both.height > MOST_DOTS else both
    return {**told, "dots": shown.rows()}


def profile(frame: pl.DataFrame, chosen: Sequence[Pair], cycle: str) -> dict[str, Any]:
    """Mean and middle half of each series by hour of the day, day of the week or month.

    Raises:
        BilanError: unknown cycle.
    """
    if cycle not in CYCLES:
        raise BilanError(Problem("web.bad_parameter", {"name": "by", "value": cycle, "allowed": list(CYCLES)}))
    moment = pl.from_epoch("start", time_unit="s")
    place = {"hour": moment.dt.hour(), "weekday": moment.dt.weekday() - 1, "month": moment.dt.month() - 1}[cycle]
    series = []
    for pair in chosen:
        column = pl.col(pair.key)
        grouped = (
            frame.select(place.cast(pl.Int64).alias("place"), column)
            .drop_nulls()
            .group_by("place")
            .agg(
                column.mean().alias("mean"),
                column.quantile(0.25).alias("low"),
                column.quantile(0.75).alias("high"),
                pl.len().alias("count"),
            )
        )
        series.append({**pair.as_dict(), "data": grouped.sort("place").rows()})
    return {"by": cycle, "places": CYCLES[cycle][1], "series": series}

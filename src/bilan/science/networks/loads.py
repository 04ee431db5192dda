"""Loads of nitrogen, phosphorus and the like, from a few samples and a flow for every day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import polars as pl

from bilan.problems import BilanError, Problem
from bilan.science.networks.mixing import Numbers
from bilan.science.networks.regression import fit
from bilan.science.networks.surfaces import Samples, Windows, surface

KILOGRAMS = 86.4
"""kg/d in one mg/L times one m³/s."""
LEAST = 20
"""Samples that a rating curve needs."""


@dataclass(frozen=True, slots=True)
class Loads:
    """Daily concentrations and loads, and how the samples fit.

    Attributes:
        days: ``day, flow`` [m³/s], ``concentration`` [mg/L], ``load`` [kg/d], ``normal_concentration``, ``normal_load`` (as they would be
            had the flow been any that this day of the year has seen), ``logarithm, error`` of the estimate.
        method: how they were estimated.
        bias: sum of estimated loads of the sampled days over that of the measured ones, less one.
    """

    days: pl.DataFrame
    method: str
    bias: float

    def years(self, first_month: int = 10) -> pl.DataFrame:
        """Complete years: ``year`` (that of its last day), mean ``flow``, ``concentration``, ``normal_concentration``, sums ``load``,
        ``normal_load`` [kg/a].

        Parameters:
            first_month: month in which a year begins; 10 is the water year of hydrology, 1 the calendar year.
        """
        turned = pl.col("day").dt.year() + (pl.col("day").dt.month() >= first_month).cast(pl.Int32) * int(first_month > 1)
        return self._summed(turned.alias("year")).filter(pl.col("days") >= 365).drop("days").sort("year")

    def months(self) -> pl.DataFrame:
        """Complete months: ``month`` (its first day), and the columns of `years` [kg a month]."""
        length = pl.col("month").dt.month_end().dt.day()
        return self._summed(pl.col("day").dt.truncate("1mo").alias("month")).filter(pl.col("days") == length).drop("days").sort("month")

    def _summed(self, period: pl.Expr) -> pl.DataFrame:
        return self.days.group_by(period).agg(
            pl.col("flow", "concentration", "normal_concentration").mean(), pl.col("load", "normal_load").sum(), days=pl.len()
        )


def loads(
    samples: pl.DataFrame, flows: pl.DataFrame, *, method: Literal["weighted", "rating"] = "weighted", windows: Windows | None = None
) -> Loads:
    """Estimate the load of every day.

    ``weighted``: WRTDS, a regression of the logarithm on time, flow and season for each point of a grid of time and flow, with weights by
    nearness; needs long records (100 samples, 50 of them above their limit). ``rating``: one curve with seven terms (flow and its square,
    season, time and its square), for shorter records. Both take values below a limit by maximum likelihood and correct the bias of the
    logarithm by half the variance.

    Parameters:
        samples: ``day`` (date), ``value`` [mg/L], ``censored`` (the true value lies below ``value``; false where not told).
        flows: ``day`` (date), ``flow`` [m³/s], every day once.
        method: see above.
        windows: of ``weighted``.

    Raises:
        BilanError: a column is missing, a value or flow is not above zero, a sampled day has no flow, or there are too few samples.

    Reference:
        Hirsch, Moyer & Archfield 2010, doi:10.1111/j.1752-1688.2010.00482.x (WRTDS); Runkel, Crawford & Cohn 2004, USGS Techniques and
        Methods 4-A5 (LOADEST, model 9)

    Examples:
        >>> from datetime import date
        >>> days = pl.date_range(date(2024, 1, 1), date(2025, 12, 31), eager=True).alias("day")
        >>> flows = pl.DataFrame({"day": days, "flow": [2.0 + n % 7 for n in range(len(days))]})
        >>> samples = flows.gather_every(10).select("day", value=0.5 * pl.col("flow") ** 0.5)
        >>> loads(samples, flows, method="rating").years(1)["load"].round().to_list()
        [186909.0, 186908.0]
    """
    known = _samples(samples, flows)
    years, logarithms = decimal_years(flows["day"]), np.log(flows["flow"].cast(pl.Float64).to_numpy())
    bounds = windows or Windows()
    least = LEAST if method == "rating" else bounds.samples
    if len(known.values) < least or (method == "weighted" and (~known.censored).sum() < bounds.measured):
        raise BilanError(Problem("networks.few_samples", {"value": len(known.values), "allowed": least}))
    curve = _rating(known) if method == "rating" else _weighted(known, years, logarithms, bounds)
    concentration, logarithm, error = curve(years, logarithms)
    flow = np.exp(logarithms)
    normal = _normalised(flows["day"], years, logarithms, curve)
    days = flows.select("day", pl.col("flow").cast(pl.Float64)).with_columns(
        concentration=pl.Series(concentration),
        load=pl.Series(concentration * flow * KILOGRAMS),
        normal_concentration=pl.Series(normal[0]),
        normal_load=pl.Series(normal[1] * KILOGRAMS),
        logarithm=pl.Series(logarithm),
        error=pl.Series(error),
    )
    sampled = np.exp(known.flows[~known.censored])
    estimated = curve(known.years[~known.censored], known.flows[~known.censored])[0]
    measured = np.exp(known.values[~known.censored])
    return Loads(days, method, float((estimated * sampled).sum() / (measured * sampled).sum() - 1.0))


def decimal_years(days: pl.Series) -> Numbers:
    """Noon of each day as a number of years.

    Examples:
        >>> from datetime import date
        >>> decimal_years(pl.Series([date(1979, 10, 1)])).round(3).tolist()
        [1979.749]
    """
    frame = pl.DataFrame({"day": days.cast(pl.Date)})
    length = pl.when(pl.col("day").dt.is_leap_year()).then(366).otherwise(365)
    return frame.select(pl.col("day").dt.year() + (pl.col("day").dt.ordinal_day() - 0.5) / length).to_series().to_numpy()


class _Curve(Protocol):
    """What a fitted method says of a time and a logarithm of flow: concentration, its logarithm, its error."""

    def __call__(self, years: Numbers, flows: Numbers) -> tuple[Numbers, Numbers, Numbers]: ...


class _Surface:
    def __init__(self, samples: Samples, years: Numbers, flows: Numbers, windows: Windows) -> None:
        self.grid = surface(samples, years, flows, windows)

    def __call__(self, years: Numbers, flows: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        grid = self.grid
        return grid.at(grid.concentration, years, flows), grid.at(grid.logarithm, years, flows), grid.at(grid.error, years, flows)


class _Rating:
    def __init__(self, samples: Samples) -> None:
        self.centre = float(samples.years.mean()), float(samples.flows.mean())
        weights = np.ones((1, len(samples.values)))
        self.lines = fit(self._terms(samples.years, samples.flows), samples.values, samples.censored, weights)
        spare = len(samples.values) / max(len(samples.values) - self.lines.coefficients.shape[1], 1)
        self.error = float(self.lines.errors[0] * np.sqrt(spare))

    def _terms(self, years: Numbers, flows: Numbers) -> Numbers:
        time, flow, turn = years - self.centre[0], flows - self.centre[1], 2 * np.pi * years
        return np.column_stack([np.ones_like(years), flow, flow**2, np.sin(turn), np.cos(turn), time, time**2])

    def __call__(self, years: Numbers, flows: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        logarithm = self._terms(years, flows) @ self.lines.coefficients[0]
        return np.exp(logarithm + 0.5 * self.error**2), logarithm, np.full(len(years), self.error)


def _weighted(samples: Samples, years: Numbers, flows: Numbers, windows: Windows) -> _Curve:
    return _Surface(samples, years, flows, windows)


def _rating(samples: Samples) -> _Curve:
    return _Rating(samples)


def _normalised(days: pl.Series, years: Numbers, flows: Numbers, curve: _Curve) -> tuple[Numbers, Numbers]:
    """Mean concentration and concentration times flow over the flows that the same day of the year has seen; 366 counts as 365."""
    place = np.minimum(days.dt.ordinal_day().to_numpy(), 365)
    concentration, product = np.empty(len(years)), np.empty(len(years))
    order = np.argsort(place, kind="stable")
    for same in np.split(order, np.flatnonzero(np.diff(place[order])) + 1):
        every_year, every_flow = np.repeat(years[same], len(same)), np.tile(flows[same], len(same))
        found = curve(every_year, every_flow)[0].reshape(len(same), len(same))
        concentration[same], product[same] = found.mean(axis=1), (found * np.exp(flows[same])).mean(axis=1)
    return concentration, product


def _samples(samples: pl.DataFrame, flows: pl.DataFrame) -> Samples:
    wanted = (("day", samples), ("value", samples), ("day", flows), ("flow", flows))
    missing = [Problem("networks.no_column", {"value": name}) for name, frame in wanted if name not in frame.columns]
    if missing:
        raise BilanError(*missing)
    for name, frame in (("value", samples), ("flow", flows)):
        if frame[name].null_count() or (frame[name] <= 0).any():
            raise BilanError(Problem("networks.not_positive", {"value": name}))
    joined = samples.with_columns(pl.col("day").cast(pl.Date)).join(
        flows.select(pl.col("day").cast(pl.Date), pl.col("flow").cast(pl.Float64)), on="day", how="left", maintain_order="left"
    )
    unknown = joined.filter(pl.col("flow").is_null())
    if unknown.height:
        raise BilanError(Problem("networks.no_flow", {"value": str(unknown["day"][0])}))
    censored = joined["censored"].fill_null(False).to_numpy() if "censored" in joined.columns else np.zeros(joined.height, dtype=bool)
    values = np.log(joined["value"].cast(pl.Float64).to_numpy())
    return Samples(decimal_years(joined["day"]), np.log(joined["flow"].to_numpy()), values, np.asarray(censored, dtype=bool))

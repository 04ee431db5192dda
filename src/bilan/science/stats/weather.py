"""Concentrations without the luck of the weather: what would have been measured under the usual weather of each season."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from bilan.science.extra import extra
from bilan.science.figures import Axis, Figure, Layer, Words
from bilan.science.stats.frames import enough, named, prepared, unit_of
from bilan.science.stats.result import Analysis

_Array = np.ndarray[Any, np.dtype[np.float64]]
_SETTINGS = {
    "learning_rate": 0.1,
    "num_leaves": 63,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
}
WEATHER = ("wind_speed", "wind_dir", "temp", "rh", "press")


@dataclass(frozen=True, kw_only=True)
class Normalised(Analysis):
    """Normalised values with the skill of the model on weeks it never saw: r², RMSE [unit], and the months as a frame."""

    r2: float
    rmse: float
    months: pl.DataFrame
    importance: pl.DataFrame


def normalise_weather(
    frame: Any,
    value: str,
    *,
    weather: Sequence[str] = WEATHER,
    time: str = "start",
    window: int = 14,
    resamples: int = 60,
    rounds: int = 300,
    threads: int = 0,
    seed: int = 1,
    unit: str | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Normalised:
    """Meteorological normalisation with gradient-boosted trees.

    A model learns the value from weather, hour, weekday, day of the year and the running day. Each hour is then predicted under
    weather drawn from the same hour of day within ± `window` days of its day of the year, of any year, and the predictions are
    averaged. (Weather of the whole year with the season held fixed asks the model for days that never were and biases the mean.)

    Skill is told on whole weeks left out of the fit: with single hours left out, neighbours give the answer away.

    Parameters:
        frame: hourly values with weather, a row a time.
        value: column of concentrations [any unit].
        weather: columns of weather; those of wind direction [°] are turned into components.
        time: column of times.
        window: days of the year before and after [d].
        resamples: draws of weather for each hour.
        rounds: trees.
        threads: of the learner; all when 0.
        seed: of model and draws.
        unit: unit to show instead of that of the parameter.
        progress: told the share that is done, 0 to 1; what it raises stops the work.

    Returns:
        data: start, value, normalised (a row an hour that has value and weather); months: start, value, normalised, count.

    Raises:
        BilanError: a column is missing, fewer than 1000 hours are left, or LightGBM is not installed.

    Reference:
        Grange, S.K. and Carslaw, D.C. (2019): Science of the Total Environment 653, 578–588;
        Vu, T.V. et al. (2019): Atmospheric Chemistry and Physics 19, 11303–11314 (weather from the same part of the year).

    Examples:
        >>> from bilan.science import samples
        >>> found = normalise_weather(samples.air_hours(60), "no2", resamples=2, rounds=5, threads=1)
        >>> found.data.columns
        ['start', 'value', 'normalised']
    """
    rows = prepared(frame, [value, *weather], time=time).drop_nulls(value)
    rows = enough(rows.filter(pl.any_horizontal(pl.col(list(weather)).is_not_null())), 1000, value)
    fixed, moving, names = _features(rows, time, weather)
    target = rows[value].to_numpy()
    settings = _SETTINGS | {"objective": "regression", "seed": seed, "num_threads": threads, "deterministic": True, "verbosity": -1}
    progress(0.0)
    r2, rmse = _skill(fixed, moving, target, rows, time, settings, rounds, seed)
    model = _train(np.hstack([fixed, moving]), target, settings, rounds)
    places = Neighbours.of(rows, time, window)
    generator = np.random.default_rng(seed)
    total = np.zeros(len(target))
    for done in range(resamples):
        progress((done + 1) / (resamples + 1))
        total += model.predict(np.hstack([fixed, moving[places.draw(generator)]]), num_threads=threads)
    data = rows.select(time, value).with_columns(normalised=total / resamples).rename({time: "start", value: "value"})
    month = pl.col("start").dt.truncate("1mo")
    months = data.group_by(month).agg(pl.col("value", "normalised").mean(), pl.len().alias("count")).sort("start")
    gain = np.asarray(model.feature_importance("gain"), dtype=np.float64)
    importance = pl.DataFrame({"feature": names, "gain": gain / max(gain.sum(), 1e-12)}).sort("gain", descending=True)
    figure = _figure(months, value, unit_of(value) if unit is None else unit, r2)
    return Normalised(data=data, figure=figure, r2=r2, rmse=rmse, months=months, importance=importance)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """For every row, the rows of the same hour of day within a window of its day of the year, whatever the year.

    Parameters:
        order: places of rows, hour by hour and within an hour by day of the year, three times around the year.
        first: for every row, where its neighbours begin in `order`.
        last: and where they end.
    """

    order: Any
    first: Any
    last: Any

    @classmethod
    def of(cls, rows: pl.DataFrame, time: str, window: int) -> Neighbours:
        """Find the neighbours of every row.

        Examples:
            >>> from datetime import datetime
            >>> days = [datetime(2024, 12, 30), datetime(2025, 1, 3), datetime(2025, 7, 1)]
            >>> found = Neighbours.of(pl.DataFrame({"start": days}), "start", 14)
            >>> [sorted(found.order[a:b].tolist()) for a, b in zip(found.first, found.last)]
            [[0, 1], [0, 1], [2]]
        """
        hour = rows[time].dt.hour().to_numpy()
        day = rows[time].dt.ordinal_day().cast(pl.Float64).to_numpy()
        first, last = np.zeros(len(hour), dtype=np.int64), np.zeros(len(hour), dtype=np.int64)
        parts, begin = [], 0
        for one in np.unique(hour):
            here = np.flatnonzero(hour == one)
            here = here[np.argsort(day[here], kind="stable")]
            turns = np.concatenate([day[here] - 365.25, day[here], day[here] + 365.25])
            first[here] = begin + np.searchsorted(turns, day[here] - window - 0.5, "left")
            last[here] = begin + np.searchsorted(turns, day[here] + window + 0.5, "right")
            parts.append(np.tile(here, 3))
            begin += 3 * len(here)
        return cls(np.concatenate(parts), first, last)

    def draw(self, generator: np.random.Generator) -> Any:
        """One neighbour for every row, each as likely as the other."""
        return self.order[(self.first + generator.random(len(self.first)) * (self.last - self.first)).astype(np.int64)]


def _features(rows: pl.DataFrame, time: str, weather: Sequence[str]) -> tuple[_Array, _Array, list[str]]:
    """What stays (time) and what is drawn anew (weather)."""
    at = pl.col(time)
    calendar = {"day": at.dt.epoch("d"), "hour": at.dt.hour(), "weekday": at.dt.weekday(), "day_of_year": at.dt.ordinal_day()}
    fixed = rows.select(entry.cast(pl.Float64).alias(name) for name, entry in calendar.items())
    turned = [name for name in weather if name in ("wind_dir", "wd")]
    parts = [pl.col(name).cast(pl.Float64) for name in weather if name not in turned]
    for name in turned:
        parts += [pl.col(name).radians().sin().alias(f"{name}_east"), pl.col(name).radians().cos().alias(f"{name}_north")]
    moving = rows.select(parts)
    return fixed.to_numpy(), moving.fill_null(float("nan")).to_numpy(), [*fixed.columns, *moving.columns]


def _train(features: _Array, target: _Array, settings: dict[str, Any], rounds: int) -> Any:
    learner = extra("lightgbm")
    return learner.train(settings, learner.Dataset(features, target), num_boost_round=rounds)


def _skill(
    fixed: _Array, moving: _Array, target: _Array, rows: pl.DataFrame, time: str, settings: dict[str, Any], rounds: int, seed: int
) -> tuple[float, float]:
    """r² and RMSE on a fifth of the weeks."""
    week = (rows[time].dt.epoch("d") // 7).to_numpy()
    known = np.unique(week)
    left_out = np.random.default_rng(seed).permutation(known)[: max(1, len(known) // 5)]
    held = np.isin(week, left_out)
    features = np.hstack([fixed, moving])
    told = _train(features[~held], target[~held], settings, rounds).predict(features[held])
    error = float(((target[held] - told) ** 2).sum())
    spread = float(((target[held] - target[held].mean()) ** 2).sum())
    return (1 - error / spread if spread > 0 else float("nan")), float(np.sqrt(error / held.sum()))


def _figure(months: pl.DataFrame, value: str, unit: str, r2: float) -> Figure:
    layers = (
        Layer("line", x="start", y="value", name=Words("观测", "Observed"), colours=("#6b7280",), dashed=True),
        Layer("line", x="start", y="normalised", name=Words("气象归一化", "Weather-normalised"), colours=("#0b6bcb",)),
    )
    title = Words(f"{named(value).text()}气象归一化", f"{named(value).text('en')} under usual weather")
    note = Words(f"留出整周检验 r² = {r2:.2f}", f"r² = {r2:.2f} on weeks left out")
    return Figure(title=title, note=note, data=months, x=Axis(kind="time"), y=Axis(named(value), unit), layers=layers)

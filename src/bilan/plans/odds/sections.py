"""Sections and the classes they were sampled in, as months (or campaigns) of a period that are over and that are to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from bilan.plans.odds.memory import Floats
from bilan.plans.odds.model import Period


@dataclass(frozen=True, slots=True)
class Scene:
    """What is known of the sections of a period on one day.

    Attributes:
        rows: one row a section and sample known by then: columns ``station``, ``day`` (first of what the sample stands for), ``value``.
        stations: sections that were sampled in the year before the period, or since.
        cells: first days of what the samples of the period stand for; `over`: how many of them are over; `months`: length of one.
        past: classes of the cells that are over, of shape (sections, cells); NaN for those to come.
    """

    today: date
    rows: pl.DataFrame
    stations: list[str]
    cells: list[date]
    over: int
    months: int
    past: Floats

    @classmethod
    def of(cls, history: pl.DataFrame, period: Period, today: date, months: int) -> Scene:
        """Take together what is known by `today`.

        Args:
            history: columns ``day``, ``station`` and ``value`` (class, 1 best); several of a section within one sample's months count by
                their mean.
            period: what is judged; `months`: length of what one sample stands for.
        """
        first = period.begin.replace(day=1)
        count = (period.end.year - first.year) * 12 + period.end.month - first.month + 1
        cells = [_moved_by(first, ahead) for ahead in range(0, count, months)]
        over = sum(_moved_by(cell, months) <= today for cell in cells)
        rows = _samples(history, months, today)
        begin = min(period.begin, today)
        stations = sorted(rows.filter(pl.col("day") >= begin.replace(year=begin.year - 1, day=1))["station"].unique())
        past = _grid(rows, stations, cells, months)
        past[:, over:] = np.nan
        return cls(today, rows, stations, cells, over, months, past)

    @property
    def through(self) -> date | None:
        """Last day of what is over."""
        return _moved_by(self.cells[self.over - 1], self.months) - timedelta(days=1) if self.over else None


def _samples(history: pl.DataFrame, length: int, today: date) -> pl.DataFrame:
    """One row a section and sample that is known by `today`: mean class, and first day of what the sample stands for."""
    known = history.with_columns(pl.col("value").cast(pl.Float64).fill_nan(None)).drop_nulls(["day", "station", "value"])
    rows = known.filter(pl.col("day") < today)
    day = pl.date(pl.col("day").dt.year(), (pl.col("day").dt.month() - 1) // length * length + 1, 1)
    return rows.group_by("station", day.alias("day")).agg(pl.col("value").mean()).sort("day", "station")


def _moved_by(month: date, ahead: int) -> date:
    return date(month.year + (month.month - 1 + ahead) // 12, (month.month - 1 + ahead) % 12 + 1, 1)


def _grid(rows: pl.DataFrame, stations: list[str], cells: list[date], length: int) -> Floats:
    number = {name: row for row, name in enumerate(stations)}
    first = cells[0]
    total, seen = np.zeros((len(stations), len(cells))), np.zeros((len(stations), len(cells)))
    for station, day, value in rows.select("station", "day", "value").iter_rows():
        column = ((day.year - first.year) * 12 + day.month - first.month) // length
        if station in number and 0 <= column < len(cells):
            total[number[station], column] += value
            seen[number[station], column] += 1
    return np.where(seen > 0, total / np.maximum(seen, 1), np.nan)

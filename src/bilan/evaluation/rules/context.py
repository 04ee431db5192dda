"""What an evaluation of rules needs beside the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from bilan.telemetry import clock

HOUR, DAY = clock.HOUR, clock.DAY
SPAN = {"minute": 6 * HOUR, "hour": DAY, "day": 7 * DAY, "month": 92 * DAY, "year": 731 * DAY}
"""Interval → how far back moments are judged when nothing else is asked for [s]."""
LIMITS = {"point": pl.String, "parameter": pl.String, "limit": pl.Float64, "limit_low": pl.Float64, "source": pl.String}
MOST_KEPT = 600
"""Things remembered: the usual values of a day of one column, the findings of slow rules at one moment."""
ALWAYS = (-(1 << 60), 1 << 60)


@dataclass
class Context:
    """What is known outside the store.

    Attributes:
        limits: frame of point, parameter (code), limit [unit of the series], optionally limit_low, source (text), valid_from and valid_to
            (dates or seconds of the wall clock, the latter excluded; absent for always). The strictest that is valid holds.
        frames: what rules about entries, terms, indicators and forecasts look at: ``entries:REGISTER``, ``terms``, ``indicators:NAME``,
            ``forecasts:NAME`` → frame.
        since: moments from here on are judged [s of the wall clock]; None for the usual span of each interval. Whoever did not evaluate for
            longer than that gives the time of the last evaluation, so that nothing passes unseen.
        memory: what is worth keeping between evaluations; hand the same mapping in each time.
    """

    limits: pl.DataFrame | None = None
    frames: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    since: int | None = None
    memory: dict[Any, Any] = field(default_factory=dict)

    def keep(self, key: Any, value: Any) -> None:
        """Remember something; what was remembered first goes first."""
        self.memory.pop(key, None)
        self.memory[key] = value
        while len(self.memory) > MOST_KEPT:
            del self.memory[next(iter(self.memory))]

    def begin(self, interval: str, end: int) -> int:
        """First moment to be judged [s of the wall clock]."""
        usual = end - SPAN[interval]
        return usual if self.since is None else min(usual, self.since)

    def spans(self) -> pl.DataFrame:
        """The limits with their validity in seconds: columns of `LIMITS`, begin and end."""
        given = self.limits
        if given is None or not given.height:
            return pl.DataFrame(schema={**LIMITS, "begin": pl.Int64, "end": pl.Int64})
        columns = [
            pl.col(name).cast(kind) if name in given.columns else pl.lit(None, dtype=kind).alias(name) for name, kind in LIMITS.items()
        ]
        return given.select(
            *columns,
            _seconds(given, "valid_from").fill_null(ALWAYS[0]).alias("begin"),
            _seconds(given, "valid_to").fill_null(ALWAYS[1]).alias("end"),
        )


def _seconds(frame: pl.DataFrame, name: str) -> pl.Expr:
    if name not in frame.columns:
        return pl.lit(None, dtype=pl.Int64)
    kind = frame.schema[name]
    if kind == pl.String:
        return pl.col(name).str.slice(0, 10).str.to_date(strict=False).cast(pl.Datetime("us")).dt.epoch("s")
    return pl.col(name).cast(pl.Datetime("us")).dt.epoch("s") if kind.is_temporal() else pl.col(name).cast(pl.Int64)


def day_of(moment: int) -> date:
    """The day a moment lies in."""
    return clock.moment(moment).date()

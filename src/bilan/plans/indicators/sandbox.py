"""The room that queries of indicators run in: the documented tables and the periods asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import polars as pl

from bilan.lake.rooms import Answer, Limits, Room
from bilan.pack.indicators import Period
from bilan.plans.indicators.spans import FORMATS, Span

__all__ = ["Answer", "Limits", "Sandbox", "period_frame"]

PERIODS: dict[str, tuple[str, Any]] = {
    **dict.fromkeys(("district", "period"), ("varchar", pl.String)),
    **dict.fromkeys(("first_day", "last_day"), ("date", pl.Date)),
    **dict.fromkeys(("days", "elapsed", "months", "months_elapsed"), ("bigint", pl.Int64)),
}
"""Columns of the table of periods, each with its type in SQL and in frames."""


class Sandbox(Room):
    """A closed room that also knows the periods that values are asked for."""

    def put_periods(self, kind: Period, periods: Sequence[Span], districts: Iterable[str], today: date) -> None:
        """Set what ``period_of`` and the table ``periods`` are about.

        Args:
            kind: kind of the periods.
            periods: the periods asked for.
            districts: codes, empty for the city.
            today: day on which a period is over when its last day is before it.
        """
        self._database.execute(f"create or replace macro period_of(day) as {FORMATS[kind]}")
        rows = period_frame(periods, districts, today)
        columns = [rows[name].to_list() for name in PERIODS]
        parts = ", ".join(f"unnest(?::{kind}[]) as {name}" for name, (kind, _type) in PERIODS.items())
        self._database.execute(f"create or replace table periods as select {parts}", columns)


def period_frame(periods: Sequence[Span], districts: Iterable[str], today: date) -> pl.DataFrame:
    """The table of periods: one row an area and period."""
    rows = [
        (district, span.text, span.first, span.last, span.days, span.elapsed(today), span.months, span.months_elapsed(today))
        for district in districts
        for span in periods
    ]
    return pl.DataFrame(rows, schema={name: kind for name, (_sql, kind) in PERIODS.items()}, orient="row")

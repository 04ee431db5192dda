"""Publishing the documented tables to the lake, where analysts and clusters read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import polars as pl

from bilan.lake import LakeTables, Manifest, mark_checked, parts_by, publish
from bilan.lake.places import placed, with_points
from bilan.lake.queries import REGISTERS
from bilan.pack.indicators import Table
from bilan.plans.indicators.tables import OBSERVATIONS, PERIODS, Tables
from bilan.problems import BilanError, Problem, nearest

LATE = 45
"""Days back within which data may still come or be amended; months that none of them lies in are written again only when asked."""


def publishable(tables: Tables) -> list[str]:
    """Tables that can be published: all but what only a query gives.

    Sensitive registers, and fields more sensitive than internal, are no documented tables: files have no readers that could be told apart.
    """
    return [name for name in tables.documented if name != PERIODS]


def write(
    tables: Tables, lake: LakeTables, names: Iterable[str] = (), *, every: bool = False, since: date | None = None
) -> Iterator[tuple[str, Manifest]]:
    """Publish tables one after the other.

    Args:
        tables: what the platform holds.
        lake: where it goes.
        names: which tables; all when there is none.
        every: write months again that lie further back than `LATE` days.
        since: write observations from this day's month on, and leave what lies before as it is.

    Returns:
        Name and manifest of each table as it is done.

    Raises:
        BilanError: there is no such table.
    """
    known = publishable(tables)
    for name in names:
        if name not in known:
            allowed = [entry for entry in known if "." not in entry]
            raise BilanError(Problem("lake.nothing_to_publish", {"value": name, "allowed": allowed, "nearest": nearest(name, known)}))
    for name in list(names) or known:
        table = tables.documented[name]
        if name in OBSERVATIONS:
            months = _open(tables, lake, name, since, every=every)
            yield name, publish(lake, table, _by_month(tables, table, months), whole=every and since is None)
        elif name.startswith(f"{REGISTERS}."):
            # A register keeps its own table, with what queries of indicators have no use for.
            tables.whole(name)
            yield name, mark_checked(lake, name)
        else:
            wide = placed(table)
            yield name, publish(lake, wide, parts_by(wide, with_points(wide, tables.whole(name))))


def _by_month(tables: Tables, table: Table, months: list[date]) -> Iterator[tuple[str, pl.DataFrame]]:
    """A table too large to be made whole, month by month."""
    for first in months:
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        rows = tables.between(first, min(last, tables.today)).whole(table.name)
        if rows.height:
            yield from parts_by(table, rows)


def _open(tables: Tables, lake: LakeTables, name: str, since: date | None, *, every: bool) -> list[date]:
    """First days of the months to write: those within reach of late data, and all when there is no version yet."""
    held = None if every else lake.known(name)
    begin = tables.today - timedelta(days=LATE) if held else tables.first_day
    if held and held.span[1]:
        begin = min(begin, date.fromisoformat(held.span[1]))
    begin = since or begin
    months = pl.date_range(begin.replace(day=1), tables.today, "1mo", eager=True)
    return [month for month in months.to_list() if month <= tables.today]

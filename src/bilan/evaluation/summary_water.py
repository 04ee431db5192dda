"""How the sections of an area stand now and this year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from bilan.evaluation.naming import named
from bilan.evaluation.readback import sections
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

GOOD = 3
"""Classes I to III are good (环办[2011]22号)."""

FRESH = 12 * clock.HOUR
"""A section's class counts as present for this long [s]."""


def water_now(store: Store, latest: pl.DataFrame, points: Sequence[Point], now: int) -> dict[str, Any]:
    """Say how many sections are of which class, which meet their target, and which changed since yesterday.

    Args:
        store: where the verdicts are.
        latest: newest verdicts of ``water.hour``.
        points: points of the area.
        now: present time [s of the wall clock].
    """
    known = {point.code: point for point in points if point.network == "surface_water"}
    codes = list(known)
    present = sections(latest.filter(pl.col("point").is_in(codes), pl.col("start") >= now - FRESH)).drop_nulls("grade")
    targeted = present.drop_nulls("attained")
    return {
        "sections": len(codes),
        "judged": present.height,
        "classes": _counts(present),
        "met": int(targeted["attained"].sum()),
        "targeted": targeted.height,
        "failing": [
            {**named(known[row["point"]]), "grade": row["grade"], "main": row["main"], "target": row["target_class"]}
            for row in targeted.filter(~pl.col("attained")).sort("grade", descending=True).iter_rows(named=True)
        ],
        "changed": [{**named(known[row["point"]]), **row} for row in _changes(store, present, codes, now)],
        "month": _month(store, codes, clock.moment(now), 0),
        "month_before": _month(store, codes, clock.moment(now), 1),
        "year": _good_share(store, codes, clock.moment(now), 0),
        "year_before": _good_share(store, codes, clock.moment(now), 1),
    }


def _counts(present: pl.DataFrame) -> dict[str, int]:
    return {str(grade): count for grade, count in present.group_by("grade").len().sort("grade").iter_rows()}


def _changes(store: Store, present: pl.DataFrame, codes: Sequence[str], now: int) -> list[dict[str, Any]]:
    """Sections whose class differs from the one a day before."""
    day_before = store.verdicts.scan("water.hour", codes, now - clock.DAY - FRESH, now - clock.DAY)
    before = sections(day_before).drop_nulls("grade").sort("start").group_by("point").last().select("point", before="grade")
    moved = present.join(before, on="point").filter(pl.col("grade") != pl.col("before")).sort("grade", descending=True)
    return moved.select("point", "before", "grade", "main").to_dicts()


def _month(store: Store, codes: Sequence[str], now: datetime, years_back: int) -> dict[str, Any]:
    """Number of sections of each class in the last finished month, or in the same month some years before."""
    last = (now.replace(day=1) - timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = clock.seconds(datetime(last.year - years_back, last.month, 1))
    found = sections(store.verdicts.scan("water.month", codes, begin, begin + 1)).drop_nulls("grade")
    return {"start": begin, "classes": _counts(found), "judged": found.height}


def _good_share(store: Store, codes: Sequence[str], now: datetime, years_back: int) -> dict[str, Any]:
    """Share of sections that are good by the means of the finished months of a year [%], and of months below target."""
    year = now.year - years_back
    begin, end = clock.seconds(datetime(year, 1, 1)), clock.seconds(datetime(year, now.month, 1))
    months = sections(store.verdicts.scan("water.month", codes, begin, end)).drop_nulls("grade") if end > begin else pl.DataFrame()
    if months.is_empty():
        return {"months": 0, "share": None}
    good = months.filter(pl.col("grade") <= GOOD).height
    return {"months": months["start"].n_unique(), "share": round(100 * good / months.height, 1)}

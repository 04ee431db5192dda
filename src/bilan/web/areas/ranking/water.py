"""Sections and districts in the order of their water."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from bilan.evaluation.water import ITEMS, with_sections
from bilan.people.monitoring import Monitoring
from bilan.science import water
from bilan.telemetry.model import Point
from bilan.web.areas.ranking.periods import Period

_ITEMS = pl.Struct(dict.fromkeys(ITEMS, pl.Float64))


def ranked_sections(monitoring: Monitoring, points: Sequence[Point], period: Period) -> list[dict[str, Any]]:
    """Every section with its class, target and index in a period, and its class and index a year earlier.

    Returns:
        ``point``, ``grade``, ``main``, ``target_class``, ``attained``, ``cwqi``, ``rank``, ``grade_before``, ``cwqi_before``,
        ``change`` [%].
    """
    now, before = (_judged(monitoring, points, *span, period.kind) for span in (period.span, period.span_before))
    if now.is_empty():
        return []
    earlier = _columns(before, "point", "grade", "cwqi").rename({"grade": "grade_before", "cwqi": "cwqi_before"})
    return _with_change(now.join(earlier, on="point", how="left"))


def ranked_districts(monitoring: Monitoring, points: Sequence[Point], period: Period) -> list[dict[str, Any]]:
    """Every district that has sections, with its index and shares.

    Returns:
        ``district``, ``sections``, ``share_good``, ``share_attained``, ``cwqi``, ``rank``, ``cwqi_before``, ``change`` [%].
    """
    now, before = (_judged(monitoring, points, *span, period.kind) for span in (period.span, period.span_before))
    if now.is_empty():
        return []
    index = water.city_index(now.select("district", "section_type", *ITEMS), city="district").select("district", "cwqi", "rank")
    shares = water.attainment(now, by="district").select("district", "sections", "share_good", "share_attained")
    rows = shares.join(index, on="district")
    if before.is_empty():
        return _with_change(rows.with_columns(pl.lit(None, dtype=pl.Float64).alias("cwqi_before")))
    earlier = water.city_index(before.select("district", "section_type", *ITEMS), city="district").select("district", cwqi_before="cwqi")
    return _with_change(rows.join(earlier, on="district", how="left"))


def _judged(monitoring: Monitoring, points: Sequence[Point], begin: int, end: int, kind: str) -> pl.DataFrame:
    """One row a section: means of the period, class, and index; a month and a year are made of the means of months."""
    found = monitoring.verdicts("water.hour" if kind == "day" else "water.month", [point.code for point in points], begin, end)
    if found.is_empty():
        return pl.DataFrame()
    samples = found.select(
        "point",
        pl.from_epoch("start", time_unit="s").cast(pl.Datetime("us")).alias("start"),
        pl.col("detail").str.json_decode(_ITEMS).struct.unnest(),
    )
    districts = pl.DataFrame(
        [(point.code, point.district) for point in points], schema={"point": pl.String, "district": pl.String}, orient="row"
    )
    rows = with_sections(samples, points).join(districts, on="point", how="left")
    judged = water.evaluate_periods(rows, by="year" if kind == "year" else "month").drop_nulls("grade")
    if judged.is_empty():
        return pl.DataFrame()
    index = water.city_index(judged.select("point", "section_type", *ITEMS), city="point").select("point", "cwqi", "rank", "items")
    wanted = ("point", "district", "section_type", "grade", "main", "target_class", "attained", *ITEMS)
    return judged.select(wanted).join(index.drop("items"), on="point")


def _columns(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    if frame.is_empty():
        return pl.DataFrame(schema={"point": pl.String, "grade": pl.Int64, "cwqi": pl.Float64})
    return frame.select(names)


def _with_change(frame: pl.DataFrame) -> list[dict[str, Any]]:
    changed = water.index_change(frame.with_columns(pl.col("cwqi_before").cast(pl.Float64))).drop("change_rank")
    return changed.with_columns(pl.col("change").round(1)).to_dicts()

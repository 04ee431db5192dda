"""The documented tables of surface water and drinking-water sources."""

from __future__ import annotations

import polars as pl

from bilan.evaluation.classes import WITHIN
from bilan.evaluation.water import BESIDE, ITEMS, with_sections
from bilan.plans.indicators.observing import Observed, said
from bilan.science import water

NETWORKS = ("surface_water", "drinking")
MEASURED = (*ITEMS, "tn")
NAMES = {"do": "oxygen"}
"""Items whose science name is a word of SQL."""
_DETAIL = pl.Struct(
    {
        **dict.fromkeys(MEASURED, pl.Float64),
        "samples": pl.Int64,
        "section_type": pl.String,
        "target_class": pl.Int64,
        "attained": pl.Boolean,
    }
)
_ABOUT = ("point", "name", "district", "network", "control")
_SOURCE = ("point", "name", "district", "section_type", "source_level")
_TEXTS = {"month": "%Y-%m", "year": "%Y"}


def months(observed: Observed) -> pl.DataFrame:
    """Months of the sections and sources, as they were judged."""
    return _months(observed).rename(NAMES)


def periods(observed: Observed) -> pl.DataFrame:
    """Months, quarters and years of the sections and sources, judged from the means of the months.

    Reference:
        环办[2011]22号, 数据统计: quarters and years take the mean of their months.
    """
    means = _months(observed).select("point", pl.col("day").cast(pl.Datetime("us")).alias("start"), *MEASURED)
    rows = with_sections(means, observed.points(*NETWORKS))
    parts = [_judged(water.evaluate_periods(rows, by=kind, least_months=1), kind) for kind in ("month", "quarter", "year")]
    return pl.concat(parts).join(observed.known(*NETWORKS).select(_ABOUT), on="point").rename(NAMES).sort("period", "point")


def days(observed: Observed) -> pl.DataFrame:
    """Days of the sections and sources, judged from the means of their hours."""
    points = observed.points(*NETWORKS)
    means = observed.daily(points, (*ITEMS, *BESIDE)).rename({"hours": "samples"})
    judged = water.classify(with_sections(means, points), items=ITEMS)
    return judged.join(observed.known(*NETWORKS).select(_ABOUT), on="point").rename(NAMES)


def sources(observed: Observed) -> pl.DataFrame:
    """Months of drinking-water sources, as they were judged."""
    known = sections(observed).filter(pl.col("network") == "drinking")
    found = observed.verdicts("drinking.month", known["point"].to_list())
    attained = (pl.col("grade") == WITHIN).alias("attained")
    said_of = ("point", "day", attained, pl.col("value").alias("factor"), "main", "standard", "version", "valid")
    return found.select(said_of).join(known.select(*_SOURCE), on="point")


def sections(observed: Observed) -> pl.DataFrame:
    """Sections and sources."""
    rows = [(point.code, said(point, "section_type"), said(point, "river"), said(point, "level")) for point in observed.points(*NETWORKS)]
    own = pl.DataFrame(rows, schema=dict.fromkeys(("point", "section_type", "river", "source_level"), pl.String), orient="row")
    return observed.known(*NETWORKS).join(own, on="point", how="left")


def _months(observed: Observed) -> pl.DataFrame:
    known = observed.known(*NETWORKS).select(_ABOUT)
    found = observed.verdicts("water.month", known["point"].to_list())
    detail = pl.col("detail").str.json_decode(_DETAIL).struct.unnest()
    return found.select("point", "day", "grade", "main", "valid", detail).join(known, on="point")


def _judged(judged: pl.DataFrame, kind: str) -> pl.DataFrame:
    day = pl.col("start").dt.date().alias("day")
    text = pl.format("{}-Q{}", day.dt.year(), day.dt.quarter()) if kind == "quarter" else day.dt.strftime(_TEXTS[kind])
    said_of = ("section_type", "target_class", "grade", "attained", pl.col("months").cast(pl.Int64))
    return judged.select("point", text.alias("period"), day, *said_of, pl.col("main").fill_null(""), *MEASURED)

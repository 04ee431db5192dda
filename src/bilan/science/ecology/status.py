"""Ecological status of regions by HJ 192-2015: five indices from land cover, vegetation, water, erosion and discharges give EI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import narwhals as nw

from bilan.pack.scores import Grade, load
from bilan.science.ecology.terms import LAND, terms, total, unsure
from bilan.science.engine import AnyFrame, Native, need, run, with_missing
from bilan.science.rounding import half_even
from bilan.science.tables import rows_where

STANDARD, VERSION = "HJ 192-2015", "2015"
SCORE = "ecological-index"
INDICES = ("richness", "vegetation", "water_network", "stress", "pollution")
AGAINST = ("stress", "pollution")
"""Indices that enter as 100 less the index."""
LEAST_COVERED, MOST_COVERED = 90.0, 110.0
"""Share of the area [%] that the classes of land cover must make, or the habitat is unknown: a rule of this project."""
DECIMALS = 2
FULL = 100.0
WORST, FAIR = 5, 3
NDVI_SCALE = 10_000
"""The coefficient of vegetation is for an index counted in ten-thousandths."""
HELPERS = ("area", "rain", "biodiversity", "ndvi", "water_resources_mean", "restriction")


@cache
def grades() -> tuple[Grade, ...]:
    """Grades of EI, best first."""
    return load()[SCORE].grades


def usable_water(resources: nw.Expr, mean: nw.Expr) -> nw.Expr:
    """Water resources that count: above 1.4 times the mean of many years they count less, above 2.4 times nothing.

    Parameters:
        resources, mean: of the year and of many years [10⁶ m³]; without a mean the resources count as they are.
    """
    rows = {row["rule_id"]: row for row in rows_where("ecology_rules", rule_set="water_resources")}
    low, high = float(rows["WR2"]["lower"]), float(rows["WR2"]["upper"])
    ratio = resources / nw.when(mean > 0).then(mean)
    falling = nw.when(ratio <= high).then(mean * (high - ratio)).otherwise(nw.lit(0.0))
    return nw.when(ratio > low).then(falling).otherwise(resources)


def judge_status(frame: Native) -> Native:
    """Ecological status of regions.

    Parameters:
        frame: one row a region and year. ``area`` [km²] (else the sum of the classes); classes of land cover [km²] as
            `land_areas` gives them; ``biodiversity`` (index of HJ 623, if evaluated); ``ndvi`` (mean of the monthly maxima, May to
            September); ``river_length`` [km], ``water_area`` [km²] (else rivers and lakes of the land cover), ``water_resources`` and
            ``water_resources_mean`` [10⁶ m³]; ``erosion_severe``, ``erosion_moderate``, ``stress_other`` [km²]; ``rain`` [mm];
            ``cod``, ``nh3n``, ``so2``, ``dust``, ``nox``, ``solid_waste`` [t]; ``restriction`` (0, 1 or 2). A column named as one
            of the five indices goes before what would be computed.

    Returns:
        The frame with ``covered`` [% of the area], ``habitat``, ``richness``, ``vegetation``, ``water_network``, ``stress``,
        ``pollution``, ``ei``, ``grade`` (1 excellent to 5 bad), ``standard``, ``version``, ``valid``, ``unverified``. An index is
        empty as soon as something it needs is; so is EI.

    Raises:
        BilanError: the frame has neither classes of land cover nor a richness.

    Reference:
        HJ 192-2015 clause 5 (ecology_terms.csv, ecology_rules.csv)

    Examples:
        >>> import polars as pl
        >>> given = {"richness": 30.59, "vegetation": 76.93, "water_network": 93.94, "stress": 6.08, "pollution": 1.48}
        >>> judge_status(pl.DataFrame([given])).select("ei", "grade").row(0)
        (67.97, 2)
    """
    return run(frame, _status)


def _status(data: AnyFrame) -> AnyFrame:
    before = data.collect_schema().names()
    land = [term.key for term in terms(LAND)]
    if not set(before) & set(land):
        need(data, "richness")
    data = with_missing(data, *(name for name in (*HELPERS, *land) if name not in before))
    whole = _sum(land)
    data = data.with_columns(area=nw.col("area").cast(nw.Float64).fill_null(whole), rain=nw.col("rain").cast(nw.Float64))
    data = data.with_columns(covered=FULL * whole / nw.when(nw.col("area") > 0).then(nw.col("area")))
    computed = {name: value for name, value in _indices(before).items() if name not in before}
    data = data.with_columns(**computed)  # two steps: rounding says an expression many times, and these are long
    data = _combined(data.with_columns(half_even(nw.col(name), DECIMALS).alias(name) for name in computed))
    data = data.with_columns(unverified=_doubts(computed))
    absent = [name for name in (*HELPERS, *land) if name not in (*before, "area")]
    return data.drop(absent)


def _indices(present: Sequence[str]) -> dict[str, nw.Expr]:
    """The habitat and the five indices."""
    told = (nw.col("covered") >= LEAST_COVERED) & (nw.col("covered") <= MOST_COVERED)
    habitat = nw.when(told).then(total(LAND, [term.key for term in terms(LAND)], absent=0.0))
    known = nw.col("biodiversity").cast(nw.Float64)
    ndvi = nw.col("ndvi").cast(nw.Float64)
    water = {"water_resources": usable_water(_number("water_resources", present), nw.col("water_resources_mean").cast(nw.Float64))}
    if "water_area" not in present:
        water["water_area"] = nw.when(told).then(_sum(("water_river", "water_lake")))
    return {
        "habitat": habitat,
        "richness": nw.when(known.is_null()).then(habitat).otherwise((known + habitat) / 2),
        "vegetation": total("vegetation", present, given={"ndvi": nw.when((ndvi >= 0) & (ndvi <= 1)).then(ndvi * NDVI_SCALE)}),
        "water_network": total("water_network", present, given=water),
        "stress": total("stress", present, given={"built": nw.when(told).then(_sum(("built_town", "built_village", "built_other")))}),
        "pollution": total("pollution", present),
    }


def _doubts(computed: Iterable[str]) -> nw.Expr:
    """Names of the computed indices that a term nobody has checked counts in, joined by commas."""
    told: nw.Expr = nw.lit("")
    for index in computed:
        for key in unsure(index):
            counts = (nw.col(key).cast(nw.Float64) > 0) & ~nw.col(index).is_null()
            longer = nw.when(told == "").then(nw.lit(index)).otherwise(nw.concat_str(told, nw.lit(index), separator=","))
            told = nw.when(counts.fill_null(False)).then(longer).otherwise(told)
    return told


def _number(name: str, present: Sequence[str]) -> nw.Expr:
    return (nw.col(name) if name in present else nw.lit(None)).cast(nw.Float64)


def _sum(names: Sequence[str]) -> nw.Expr:
    found: nw.Expr = nw.lit(0.0)
    for name in names:
        found = found + nw.col(name).cast(nw.Float64).fill_null(0.0)
    return found


def _combined(data: AnyFrame) -> AnyFrame:
    """EI of the five indices, each held between 0 and 100, and its grade."""
    held = {term.key: nw.col(term.key).cast(nw.Float64).clip(0.0, FULL) for term in terms("ei")}
    parts = {key: FULL - value if key in AGAINST else value for key, value in held.items()}
    data = data.with_columns(ei=total("ei", (), given=parts))
    data = data.with_columns(ei=half_even(nw.col("ei"), DECIMALS))
    grade: nw.Expr = nw.lit(None).cast(nw.Int64)
    for entry in reversed(grades()):
        grade = nw.when(nw.col("ei") >= entry.at_least).then(nw.lit(entry.grade)).otherwise(grade)
    level = nw.col("restriction").cast(nw.Int64).fill_null(0)
    lower = nw.when(level > 0).then((grade + 1).clip(None, WORST)).otherwise(grade)
    lower = nw.when((level > 1) & (lower < FAIR)).then(nw.lit(FAIR)).otherwise(lower)
    known = ~nw.col("ei").is_null()
    data = data.with_columns(grade=nw.when(known).then(lower).cast(nw.Int64))
    return data.with_columns(standard=nw.lit(STANDARD), version=nw.lit(VERSION), valid=known)

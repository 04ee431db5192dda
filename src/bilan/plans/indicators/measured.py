"""The documented tables that come from observations and verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from bilan.evaluation import readback
from bilan.pack import vocab
from bilan.plans.indicators import graded, noisy, waters
from bilan.plans.indicators.observing import Observed, said
from bilan.telemetry.clock import HOUR

STATISTICS = ("mean", "value", "total")
METHODS = ("air.day", "water.month")


def makers(observed: Observed) -> Mapping[str, Callable[[], pl.DataFrame]]:
    """Name of a table → what makes it."""
    made: dict[str, Callable[[Observed], pl.DataFrame]] = {
        "air_days": air_days,
        "air_station_days": air_station_days,
        "water_months": waters.months,
        "water_periods": waters.periods,
        "water_days": waters.days,
        "drinking_months": waters.sources,
        "water_sections": waters.sections,
        "points": points,
        "noise_days": noise_days,
        "noise_quarters": noise_quarters,
        "sea_samples": sea_samples,
        "groundwater_days": groundwater_days,
        "verdicts": verdicts,
    }
    return {name: partial(make, observed) for name, make in made.items()}


def points(observed: Observed) -> pl.DataFrame:
    """Every point."""
    return observed.known()


def air_days(observed: Observed) -> pl.DataFrame:
    """Days of the city and its districts."""
    found = _air(observed, [observed.city, *observed.districts])
    return found.with_columns(pl.col("point").replace(observed.city, "").alias("district"))


def air_station_days(observed: Observed) -> pl.DataFrame:
    """Days of the stations."""
    known = observed.known("air").select("point", "name", "district", "kind")
    return _air(observed, known["point"].to_list()).join(known, on="point", how="left")


def noise_days(observed: Observed) -> pl.DataFrame:
    """Days of the noise points."""
    return _zoned(observed, _noise(observed))


def noise_quarters(observed: Observed) -> pl.DataFrame:
    """Quarters of the noise points."""
    return _zoned(observed, noisy.quarters(_noise(observed)))


def sea_samples(observed: Observed) -> pl.DataFrame:
    """Samples at sea: those taken by hand, and of buoys the means of days."""
    stations, wanted = observed.points("sea"), graded.items(graded.SEA)
    by_hand = [point for point in stations if point.attributes.get("kind") != "buoy"]
    buoys = [point for point in stations if point.attributes.get("kind") == "buoy"]
    found = pl.concat([observed.wide(by_hand, wanted, "sample"), observed.daily(buoys, wanted).drop("hours")])
    rows = [(point.code, said(point, "bay")) for point in stations]
    bays = pl.DataFrame(rows, schema={"point": pl.String, "bay": pl.String}, orient="row")
    known = observed.known("sea").join(bays, on="point", how="left")
    return _graded(found, graded.SEA).join(known, on="point", how="left").rename(waters.NAMES).sort("point", "day")


def groundwater_days(observed: Observed) -> pl.DataFrame:
    """Days of the wells."""
    found = observed.daily(observed.points("groundwater"), graded.items(graded.GROUND))
    return _graded(found, graded.GROUND).join(observed.known("groundwater"), on="point", how="left")


def verdicts(observed: Observed) -> pl.DataFrame:
    """What was said of days and months."""
    own = observed.known().select("point", "district")
    rows = [(observed.city, ""), *((code, code) for code in observed.districts)]
    areas = pl.DataFrame(rows, schema=own.schema, orient="row")
    where = pl.concat([own, areas]).unique("point", keep="last")
    found = pl.concat([observed.verdicts(method) for method in METHODS])
    return found.join(where, on="point", how="left").with_columns(pl.col("district").fill_null(""))


def observations_day(observed: Observed, words: frozenset[str]) -> pl.DataFrame:
    """Days of parameters: means, values and totals.

    Args:
        words: codes or science names of the parameters, none for all; networks among them limit it to these.
    """
    catalogue = _series(observed, words)
    return _named(observed, observed.days(catalogue), catalogue)


def observations_hour(observed: Observed, words: frozenset[str]) -> pl.DataFrame:
    """Hours of parameters: means, values and totals, as `observations_day` takes them."""
    catalogue = _series(observed, words).filter(pl.col("interval") == "hour")
    return _named(observed, observed.hours(catalogue), catalogue)


def _series(observed: Observed, words: frozenset[str]) -> pl.DataFrame:
    """Series of the parameters that are named, within the networks that are; of all parameters when none is."""
    networks = {point.network for point in observed.catalogue}
    chosen = sorted(code for code, name in _names().items() if {code, name} & words) if words - networks else None
    within = [point.code for point in observed.points(*(words & networks))]
    found = observed.store.catalogue.series_frame(within, chosen)
    return found.filter(pl.col("statistic").is_in(STATISTICS), pl.col("occurrence") == 1)


def _named(observed: Observed, rows: pl.DataFrame, catalogue: pl.DataFrame) -> pl.DataFrame:
    """Rows of series with what these are."""
    about = catalogue.select(pl.col("id").alias("series"), "point", pl.col("parameter").replace(_names()), "statistic", "unit")
    own = observed.known().select("point", "network", "district", "enterprise")
    return rows.join(about, on="series").join(own, on="point", how="left")


def _names() -> dict[str, str]:
    return {parameter.code: parameter.column or parameter.code for parameter in vocab.parameters().values()}


def _air(observed: Observed, codes: list[str]) -> pl.DataFrame:
    found = observed.verdicts("air.day", codes)
    sites = pl.col("detail").str.json_path_match("$.sites").cast(pl.Int64, strict=False).alias("sites")
    days = readback.as_days(found).with_columns(found.select(sites, "standard", "version"))
    return days.rename({"level": "grade", "primary": "primary_pollutant"})


def _noise(observed: Observed) -> pl.DataFrame:
    begin, end = observed.seconds
    codes = [point.code for point in observed.points("noise")]
    marks = sorted(vocab.valid_marks("noise"))
    # The night of the last day ends at six in the morning of the next.
    hours = observed.store.wide(codes, ["Leq"], begin, end + noisy.FIRST * HOUR, "hour", "value", flags=marks)
    return noisy.days(hours).filter(pl.col("day").is_between(observed.begin, observed.end))


def _zoned(observed: Observed, found: pl.DataFrame) -> pl.DataFrame:
    zones = {point.code: said(point, "zone_class") or "" for point in observed.points("noise")}
    return noisy.against_limits(found, zones).join(observed.known("noise").drop("zone_class"), on="point", how="left")


def _graded(found: pl.DataFrame, limits: str) -> pl.DataFrame:
    return graded.graded(found, limits).filter(pl.col("grade").is_not_null())

"""Panels, clusters, proportions, correlations, coverage and relations: against what openair prints for its data, and by their own sums.

Sources: the examples of openair's functions with their printed output (knitr page of openair 1.0); D. C. Carslaw, The openair book.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import samples, stats
from bilan.science.stats.correlation import leaves
from bilan.science.stats.panels import Place, split
from bilan.science.stats.sun import HORIZON, elevation
from tests.shared import shared_data

WIND = {"speed": "ws", "direction": "wd"}
AIR = ["nox", "no2", "o3", "pm10", "so2", "co", "pm25"]


@cache
def mydata() -> pl.DataFrame:
    return pl.read_csv(shared_data("openair_mydata", "mydata.csv.gz"), try_parse_dates=True, infer_schema_length=None)


@cache
def year() -> pl.DataFrame:
    return samples.air_hours(365)


def test_seasons_of_openair() -> None:
    """modStats(mydata, mod = "no2", obs = "nox", type = "season"), printed to seven digits; its FAC2 leaves out pairs of two zeros."""
    printed = {
        "Spring": (17343, -107.5466, 107.5466, -0.6846951, 0.6846951, 139.9177, 0.8196724, -0.2497589, 0.3751205),
        "Summer": (14658, -116.2004, 116.2004, -0.7053470, 0.7053470, 144.7206, 0.7568891, -0.4197370, 0.2901315),
        "Autumn": (14775, -154.1534, 154.1534, -0.7526324, 0.7526324, 191.9351, 0.7881365, -0.4370783, 0.2814608),
        "Winter": (16319, -143.1283, 143.3366, -0.7494609, 0.7505519, 185.3849, 0.8260512, -0.3207156, 0.3396422),
    }
    panels = split(mydata(), "season", "date")
    assert [panel.name.en for panel in panels] == list(printed)
    for panel in panels:
        found = stats.model_statistics(panel.rows, observed="nox", modelled="no2").data.drop("fac2").row(0)
        assert found == pytest.approx(printed[panel.name.en], rel=5e-7), panel.name.en


def test_proportion_of_the_book() -> None:
    """Chapter Time proportion plots, SO2 of 2003 by 3 days: "the highest … are dominated by winds from an easterly sector"."""
    rows = mydata().filter(pl.col("date").dt.year() == 2003)
    data = stats.time_proportion(rows, "so2", time="date", direction="wd", every="3d").data
    totals = data.group_by("start").agg(pl.col("contribution").sum()).sort("contribution", descending=True)
    highest = data.filter(pl.col("start").is_in(totals["start"].head(5).to_list()))
    share = highest.group_by("part").agg(pl.col("contribution").sum()).sort("contribution", descending=True)
    assert set(share["part"].head(2)) <= {"NE", "E", "SE"}


def test_ratio_of_so2_falls() -> None:
    """linearRelation(mydata, x = "nox", y = "so2"): "note rapid fall in ratio at the beginning of the series"."""
    slopes = stats.relation(mydata(), "nox", "so2", time="date", every="year").data["slope"].to_list()
    assert slopes[2] < 0.7 * slopes[0]
    assert abs(slopes[-1] - slopes[-2]) < 0.3 * (slopes[0] - slopes[2])


def test_clusters_of_so2_have_the_east_apart() -> None:
    """Chapter Polar plots: SO2 is high with strong easterly winds; that is the cluster of the highest mean."""
    found = stats.polar_clusters(mydata(), "so2", clusters=6, keep=("date",), **WIND)
    first = found.surface.filter(cluster=1)
    assert 60 <= float(np.median(first["direction"])) <= 130
    assert found.data["count"].sum() == found.hours["cluster"].count()
    assert set(found.hours.columns) == {"ws", "wd", "so2", "date", "cluster"}


def test_clusters_find_what_was_put_in() -> None:
    random = np.random.default_rng(3)
    wd, ws = random.uniform(0, 360, 6000), random.uniform(0, 8, 6000)
    plume = (np.abs(wd - 90) < 30) & (ws > 4)
    rows = pl.DataFrame({"wind_dir": wd, "wind_speed": ws, "so2": np.where(plume, 60.0, 5.0) + random.normal(0, 1, 6000)})
    found = stats.polar_clusters(rows, "so2", clusters=4)
    caught = found.hours.with_columns(plume=pl.Series(plume)).filter("plume")["cluster"]
    assert (caught == 1).mean() > 0.8
    again = stats.polar_clusters(rows.sample(fraction=1.0, shuffle=True, seed=1), "so2", clusters=4)
    assert again.data["count"].to_list() == found.data["count"].to_list()


@pytest.mark.parametrize(
    ("day", "rise", "fall"),
    [((2026, 6, 21), "04:46", "19:46"), ((2026, 12, 22), "07:33", "16:53"), ((2026, 3, 20), "06:19", "18:27")],
)
def test_sun_over_beijing(day: tuple[int, int, int], rise: str, fall: str) -> None:
    """Sunrise and sunset of Beijing (39.90° N, 116.40° E) in the almanac, to three minutes."""
    minutes = pl.DataFrame({"start": [datetime(*day) + timedelta(minutes=n) for n in range(1440)]})
    up = minutes.filter(elevation("start", 39.90, 116.40, 8.0) > HORIZON)["start"]
    for found, told in ((up.min(), rise), (up.max(), fall)):
        hour, minute = map(int, told.split(":"))
        assert isinstance(found, datetime)
        assert abs((found - datetime(*day, hour, minute)).total_seconds()) <= 180


@pytest.mark.parametrize("by", ["season", "weekday", "weekend", "daylight", "month", "year"])
def test_panels_are_parts_of_the_whole(by: str) -> None:
    place = Place(39.9, 116.4)
    rose = stats.wind_rose(year(), by=by, place=place)  # type: ignore[arg-type]
    assert rose.data["count"].sum() == pytest.approx(stats.wind_rose(year()).data["count"].sum())
    assert rose.data.group_by("panel").agg(pl.col("share").sum())["share"].to_list() == pytest.approx(
        [100.0] * rose.data["panel"].n_unique()
    )
    option = rose.figure.option("en")
    assert len([title["text"] for title in option["title"]]) == rose.data["panel"].n_unique()


def test_polar_panels_share_scale_and_threshold() -> None:
    whole = stats.polar_plot(year(), "so2", statistic="probability", percentile=90)
    seasons = stats.polar_plot(year(), "so2", statistic="probability", percentile=90, by="season")
    assert seasons.threshold == whole.threshold
    scales = {(part.scale.lower, part.scale.upper) for part in seasons.figure.parts if part.scale}
    assert len(scales) == 1
    assert len(seasons.figure.option()["visualMap"]) == 1


def test_variation_by_season_and_no_place_for_daylight() -> None:
    data = stats.time_variation(year(), "o3", by="season").data
    assert set(data["column"]) == {"Spring", "Summer", "Autumn", "Winter"}
    summer = year().filter(pl.col("start").dt.month().is_in([6, 7, 8]), pl.col("start").dt.hour() == 14)["o3"].mean()
    assert data.filter(part="hour", column="Summer", hour=14)["value"].item() == pytest.approx(summer)
    with pytest.raises(BilanError) as error:
        stats.wind_rose(year(), by="daylight")
    assert error.value.problems[0].code == "analysis.no_place"
    with pytest.raises(BilanError) as error:
        stats.wind_rose(year(), by="saeson")  # type: ignore[arg-type]
    assert "season" in error.value.text("en")


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 10_000), by=st.sampled_from(["sector", "season", "weekday", "speed_class", "wind_speed"]), normalise=st.booleans()
)
def test_contributions_add_up(seed: int, by: str, normalise: bool) -> None:
    """What the parts bring is the mean of the period, or a hundred."""
    rows = (
        year()
        .sample(400, seed=seed)
        .with_columns(pl.when(pl.col("wind_speed") > 2).then(pl.lit("fresh")).otherwise(pl.lit("calm")).alias("speed_class"))
    )
    data = stats.time_proportion(rows, "no2", by=by, normalise=normalise).data
    sums = dict(data.group_by("start").agg(pl.col("contribution").sum()).iter_rows())
    means = rows.drop_nulls("no2").group_by(pl.col("start").dt.truncate("1mo")).agg(pl.col("no2").mean())
    for start, mean in means.iter_rows():
        assert sums[start] == pytest.approx(100.0 if normalise else mean)


def test_correlations_of_pairs_and_their_order() -> None:
    found = stats.correlations(mydata(), AIR)
    table = found.data.pivot("y", index="x", values="r").select(found.order).to_numpy()
    assert np.allclose(table, table.T)
    assert np.allclose(np.diag(table), 1.0)
    pairs = mydata().select("nox", "co").drop_nulls().to_numpy().astype(float)
    assert found.data.filter(x="nox", y="co")["r"].item() == pytest.approx(np.corrcoef(pairs.T)[0, 1])
    beside = {frozenset(pair) for pair in zip(found.order, found.order[1:], strict=False)}
    assert {frozenset(("pm10", "pm25")), frozenset(("nox", "co"))} <= beside


def test_leaves_are_those_of_complete_linkage() -> None:
    """The fourth and fifth join first, then the first two, then the third with its pair; the earlier of two branches stands left."""
    places = np.array([[0.0], [1.0], [6.0], [8.0], [8.5]])
    assert leaves(np.hstack([places, np.zeros((5, 4))])) == [0, 1, 2, 3, 4]


def test_coverage_counts_what_is_left_out() -> None:
    """The rows of the openair data: 65,533 hours, of which NOx has 63,110 (summary of mydata: 2,423 missing)."""
    found = stats.coverage(mydata(), AIR, time="date")
    row = found.data.filter(column="nox").row(0, named=True)
    assert (row["count"], row["missing"]) == (63_110, 2_423)
    holes = year().filter(pl.col("start").dt.month() != 5)
    gap = stats.coverage(holes, ["no2"]).periods.filter(pl.col("start") == datetime(2025, 5, 1))["coverage"].item()
    assert gap == 0.0


@settings(max_examples=10, deadline=None)
@given(slope=st.floats(-5, 5), intercept=st.floats(-50, 50), seed=st.integers(0, 1000))
def test_a_line_is_found_again(slope: float, intercept: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    x = random.uniform(0, 100, 500)
    start = [datetime(2026, 1, 1) + timedelta(hours=n) for n in range(500)]
    found = stats.relation(pl.DataFrame({"start": start, "x": x, "y": intercept + slope * x + random.normal(0, 2, 500)}), "x", "y")
    design = np.column_stack([x, np.ones(500)])
    assert found.lower < found.slope < found.upper
    assert found.slope == pytest.approx(slope, abs=0.02)
    assert found.count == design.shape[0]

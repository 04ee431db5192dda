"""Roses, polar plots, probabilities and variation: what goes in comes out once, whatever its order or unit."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.problems import BilanError
from bilan.science import stats
from bilan.science.figures import Step, Words
from bilan.science.stats.sectors import shared

SOURCE = (135.0, 5.0)


def hours(count: int = 6000, seed: int = 1, rounded: float = 0.0) -> pl.DataFrame:
    """A source to the south-east, seen best at 5 m/s."""
    random = np.random.default_rng(seed)
    wd, ws = random.uniform(0, 360, count), random.uniform(0.1, 10, count)
    away = (wd - SOURCE[0] + 180) % 360 - 180
    so2 = 10 + 60 * np.exp(-((ws - SOURCE[1]) ** 2) / 4 - (away / 25) ** 2) + random.gamma(2, 1, count)
    start = [datetime(2025, 1, 1) + timedelta(hours=at) for at in range(count)]
    wd = np.round(wd / rounded) * rounded if rounded else wd
    return pl.DataFrame({"start": start, "wind_dir": wd, "wind_speed": ws, "so2": so2})


@pytest.mark.parametrize("rounded", [0.0, 10.0])
def test_the_source_is_found_by_every_way(rounded: float) -> None:
    frame = hours(rounded=rounded)
    polar = stats.polar_plot(frame, "so2")
    assert polar.direction == pytest.approx(SOURCE[0], abs=10)
    assert polar.speed == pytest.approx(SOURCE[1], abs=0.6)
    assert stats.conditional_probability(frame, "so2").direction == pytest.approx(SOURCE[0], abs=15)
    assert stats.cpf(frame, "so2").direction == pytest.approx(SOURCE[0], abs=15)
    found = stats.source_direction(frame, "so2", resamples=50)
    assert found.lower <= SOURCE[0] <= found.upper
    assert found.sharpness > 0.5


@settings(max_examples=15, deadline=None)
@given(width=st.sampled_from([10.0, 22.5, 30.0, 45.0, 90.0]), rounded=st.sampled_from([0.0, 10.0, 22.5]), seed=st.integers(0, 99))
def test_a_rose_holds_every_hour_once(width: float, rounded: float, seed: int) -> None:
    rose = stats.wind_rose(hours(500, seed, rounded), sector=width)
    assert rose.data["share"].sum() + rose.calm == pytest.approx(100)
    assert rose.data.height == round(360 / width) * 4


def test_rounded_directions_favour_no_sector() -> None:
    """Winds from everywhere, rounded to 10°: 16 sectors of 22.5° hold two or three of the 36 directions, but the same wind."""
    frame = pl.DataFrame({"wd": np.arange(10.0, 361, 10).repeat(10)})
    weights = shared(frame, "wd", 22.5).group_by("sector").agg(pl.col("weight").sum())["weight"]
    assert weights.len() == 16
    assert weights.to_list() == pytest.approx([22.5] * 16)


@settings(max_examples=10, deadline=None)
@given(factor=st.floats(0.01, 100), seed=st.integers(0, 99))
def test_units_and_order_do_not_matter(factor: float, seed: int) -> None:
    frame = hours(800, seed)
    other = frame.with_columns(pl.col("so2") * factor).sample(fraction=1, shuffle=True, seed=seed)
    one, two = stats.polar_plot(frame, "so2"), stats.polar_plot(other, "so2")
    assert (two.direction, two.speed) == (one.direction, one.speed)
    assert two.value == pytest.approx(one.value * factor)
    assert stats.cpf(other, "so2").data["count"].to_list() == pytest.approx(stats.cpf(frame, "so2").data["count"].to_list())


def test_hours_without_wind_or_value_are_left_out() -> None:
    frame = hours(2000)
    holes = pl.concat([frame, frame.head(300).with_columns(so2=pl.lit(None)), frame.head(300).with_columns(wind_dir=pl.lit(float("nan")))])
    assert stats.polar_plot(holes, "so2").data.equals(stats.polar_plot(frame, "so2").data)


def test_a_surface_stays_within_the_values() -> None:
    frame = hours(3000)
    values = stats.polar_plot(frame, "so2").data["value"].drop_nulls()
    assert frame["so2"].min() <= values.min() <= values.max() <= frame["so2"].max()  # type: ignore[operator]
    shares = stats.polar_plot(frame, "so2", statistic="weighted").data["value"].drop_nulls()
    assert shares.sum() == pytest.approx(100)
    chance = stats.conditional_probability(frame, "so2", percentile=(60, 90)).data["value"].drop_nulls()
    assert 0 <= chance.min() <= chance.max() <= 1  # type: ignore[operator]


def test_a_normalised_pollution_rose_fills_every_sector() -> None:
    rose = stats.pollution_rose(hours(), "so2", breaks=[15, 30], normalise=True)
    assert rose.data.group_by("sector").agg(pl.col("share").sum())["share"].to_list() == pytest.approx([100.0] * 12)


def test_time_variation_in_parts() -> None:
    data = stats.time_variation(hours(24 * 70), "so2").data
    assert dict(data.group_by("part").len().iter_rows()) == {"weekday_hour": 168, "hour": 24, "weekday": 7, "month": 3}
    assert (data["lower"] <= data["value"]).all()
    assert (data["value"] <= data["upper"]).all()
    shape = stats.time_variation(hours(24 * 70), ["so2", "wind_speed"], normalise=True).data.filter(part="weekday")
    mean = (pl.col("value") * pl.col("count")).sum() / pl.col("count").sum()
    assert shape.group_by("column").agg(mean.alias("mean"))["mean"].to_list() == pytest.approx([1.0, 1.0])


def test_student_interval_of_a_mean() -> None:
    """Four values 1, 2, 3, 4: mean 2.5, s = 1.29099, t(0.975, 3) = 3.18245 (any table), half width 2.0542."""
    start = [datetime(2026, 1, 5 + 7 * week) for week in range(4)]
    row = stats.time_variation(pl.DataFrame({"start": start, "no2": [1.0, 2, 3, 4]}), "no2").data.filter(part="hour").row(0, named=True)
    assert row["value"] == 2.5
    assert row["upper"] - row["value"] == pytest.approx(2.0542, rel=0.02)


def test_calendar_needs_enough_hours_and_takes_the_colours_of_a_standard() -> None:
    frame = hours(30)
    steps = (Step(20.0, "#00e400", Words("优", "Excellent")), Step(float("inf"), "#ffff00", Words("良", "Good")))
    found = stats.calendar(frame, "so2", least=20, steps=steps)
    assert found.data["value"].is_null().to_list() == [False, True]
    assert [piece["color"] for piece in found.figure.option()["visualMap"][0]["pieces"]] == ["#00e400", "#ffff00"]


def models() -> pl.DataFrame:
    random = np.random.default_rng(1)
    observed = random.gamma(4, 10, 400)
    told = {"a": observed + random.normal(0, 5, 400), "b": 0.6 * observed, "c": observed + 30}
    return pl.concat([pl.DataFrame({"observed": observed, "modelled": values, "model": name}) for name, values in told.items()])


def test_taylor_and_target_agree_with_the_statistics() -> None:
    """Taylor (2001) eq. 1 and Jolliff et al. (2009) eq. 9: centred error² + bias² = RMSE²."""
    numbers = stats.model_statistics(models(), by="model").data
    taylor, target = stats.taylor(models()).data, stats.target(models()).data
    sigma = models().filter(model="a")["observed"].std(ddof=0)
    assert taylor["r"].to_list() == pytest.approx(numbers["r"].to_list())
    assert (target["distance"] * sigma).to_list() == pytest.approx(numbers["rmse"].to_list())
    assert ((taylor["error"] ** 2 + target["y"] ** 2).sqrt()).to_list() == pytest.approx(target["distance"].to_list())
    assert target.filter(model="b")["x"].item() < 0 < target.filter(model="c")["y"].item()


def test_index_of_agreement_beyond_its_bend() -> None:
    """Willmott et al. (2012): errors three times twice the spread give 1/3 − 1."""
    frame = pl.DataFrame({"observed": [1.0, 3.0], "modelled": [7.0, 9.0]})
    assert stats.model_statistics(frame).data["ioa"].item() == pytest.approx(4 / 12 - 1)
    assert stats.model_statistics(frame).data["coe"].item() == pytest.approx(1 - 12 / 2)


def test_every_figure_is_drawn_for_the_site() -> None:
    frame, told = hours(1500), models()
    found = [stats.wind_rose(frame), stats.pollution_rose(frame, "so2"), stats.polar_plot(frame, "so2"), stats.cpf(frame, "so2")]
    found += [stats.source_direction(frame, "so2", resamples=5), stats.time_variation(frame, "so2"), stats.calendar(frame, "so2")]
    found += [stats.model_statistics(told, by="model"), stats.taylor(told), stats.target(told)]
    for one in found:
        for language in ("zh-hans", "en"):
            assert len(json.dumps(one.figure.option(language), allow_nan=False)) < 300_000
        assert one.figure.draw("en").axes


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (lambda frame: stats.wind_rose(frame, direction="wd"), "wd"),
        (lambda frame: stats.wind_rose(frame, sector=37), "37"),
        (lambda frame: stats.polar_plot(frame, "so2", statistic="maen"), "mean"),
        (lambda frame: stats.cpf(frame, "so2", percentile=120), "120"),
        (lambda frame: stats.time_variation(frame.with_columns(start=pl.lit("x")), "so2"), "holds no times"),
        (lambda frame: stats.trend(frame, "so2", period="mnth"), "month"),
        (lambda frame: stats.polar_plot(frame.clear(), "so2"), "nothing to analyse"),
    ],
)
def test_what_cannot_be_done_is_said(run: object, said: str) -> None:
    with pytest.raises(BilanError) as caught:
        run(hours(100))  # type: ignore[operator]
    assert said in caught.value.text("en")
    assert caught.value.text() != caught.value.text("en")

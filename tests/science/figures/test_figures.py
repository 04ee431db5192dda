"""A figure said once is drawn by both renderers, in both languages, with its data."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.science.figures import Axis, Figure, Layer, Scale, Step, Words

START = datetime(2026, 1, 1)
HOURS = pl.DataFrame(
    {
        "time": [START + timedelta(hours=hour) for hour in range(6)],
        "station": ["a", "b"] * 3,
        "kind": ["x", "y", "z"] * 2,
        "no2": [10.0, 12.5, float("nan"), None, 15.0, 11.0],
        "low": [-1.0, 11.0, 9.0, 9.0, 12.0, 10.0],
        "high": [12.0, 14.0, 11.0, 12.0, 18.0, 13.0],
        "word": ["一", "二", "三", "四", "五", "六"],
        "word_en": ["one", "two", "three", "four", "five", "six"],
    }
)
ROSE = pl.DataFrame([{"wd": float(d), "class": c, "share": 1.0 + k} for d in range(0, 360, 45) for k, c in enumerate(("low", "high"))])
SURFACE = pl.DataFrame([{"wd": float(d), "ws": r, "mean": None if d == 0 else d * r} for d in range(0, 360, 30) for r in (0.5, 1.5, 2.5)])
DAYS = pl.DataFrame({"day": [date(2023, 12, 30) + timedelta(days=n) for n in range(5)], "pm25": [10.0, 20.0, 40.0, 80.0, None]})
TIME = Axis(Words("时间", "Time"), kind="time")
NO2 = Axis(Words("二氧化氮", "NO2"), "µg/m³")
STEPS = Scale(Words("等级", "Level"), steps=(Step(15.0, "#0b6bcb", Words("低", "low")), Step(float("inf"), "#be185d", Words("高", "high"))))

FIGURES: dict[str, Figure] = {
    "line": Figure(
        title=Words("二氧化氮", "NO2"),
        data=HOURS,
        x=TIME,
        y=NO2,
        layers=(
            Layer("band", x="time", lower="low", upper="high"),
            Layer("line", x="time", y="no2", by="station", groups=(("a", Words("甲", "A")), ("b", Words("乙", "B")))),
            Layer("rule", at=12.0, name=Words("限值", "Limit")),
            Layer("text", x="time", y="high", text="word"),
        ),
    ),
    "bar": Figure(data=HOURS, x=Axis(kind="category"), y=NO2, layers=(Layer("bar", x="kind", y="high", where=(("station", "a"),)),)),
    "point": Figure(data=HOURS, x=TIME, y=NO2, scale=STEPS, layers=(Layer("point", x="time", y="high", value="high"),)),
    "tile": Figure(
        data=HOURS,
        x=Axis(kind="category"),
        y=Axis(kind="category"),
        scale=Scale(),
        layers=(Layer("tile", x="kind", y="station", value="high"),),
    ),
    "rose": Figure(data=ROSE, frame="compass", layers=(Layer("sector", x="wd", y="share", by="class", step=(45.0, 1.0)),)),
    "surface": Figure(
        data=SURFACE,
        frame="compass",
        y=Axis(Words("风速", "Wind speed"), "m/s"),
        scale=Scale(Words("均值", "Mean"), "µg/m³"),
        layers=(
            Layer("tile", x="wd", y="ws", value="mean", step=(30.0, 1.0)),
            Layer("line", x="wd", y="ws", where=(("ws", 1.5),)),
            Layer("rule", at=2.0),
        ),
    ),
    "calendar": Figure(data=DAYS, frame="calendar", scale=STEPS, layers=(Layer("tile", x="day", value="pm25"),)),
}
FIGURES["board"] = Figure(title=Words("各图", "All"), data=HOURS, parts=tuple(FIGURES.values()), columns=3)


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_option_is_plain_json(name: str, language: str) -> None:
    option = FIGURES[name].option(language)
    assert json.loads(json.dumps(option, allow_nan=False)) == option
    assert option["series"]


@pytest.mark.parametrize("name", FIGURES)
def test_every_series_stands_on_components_that_exist(name: str) -> None:
    option = FIGURES[name].option()
    places = {"xAxisIndex": "xAxis", "yAxisIndex": "yAxis", "polarIndex": "polar", "calendarIndex": "calendar"}
    for series in option["series"]:
        stood = [(key, part) for key, part in places.items() if key in series]
        assert stood
        assert all(series[key] < len(option[part]) for key, part in stood)
    assert all(place < len(option["series"]) for scale in option.get("visualMap", ()) for place in scale["seriesIndex"])


@pytest.mark.parametrize("name", FIGURES)
def test_matplotlib_draws_it(name: str, tmp_path: Path) -> None:
    written = FIGURES[name].save(tmp_path / ("figure.png" if name == "rose" else "figure.svg"), size=(5, 4))
    assert written.stat().st_size > 2000


def texts(figure: Figure, language: str) -> set[str]:
    """Every word that matplotlib would write."""
    drawn = figure.draw(language)
    drawn.draw_without_rendering()
    found: set[str] = set()

    def collect(artist: Any) -> None:
        if hasattr(artist, "get_text"):
            found.add(artist.get_text())
        for child in artist.get_children():
            collect(child)

    collect(drawn)
    return found


def test_words_come_in_the_language_asked_for() -> None:
    assert {"二氧化氮", "二氧化氮（µg/m³）", "甲", "限值", "一"} <= texts(FIGURES["line"], "zh-hans")
    assert {"NO2", "NO2 (µg/m³)", "A", "Limit", "one"} <= texts(FIGURES["line"], "en")
    option = FIGURES["line"].option("en")
    assert option["yAxis"][0]["name"] == "NO2 (µg/m³)"
    assert option["legend"]["data"] == ["A", "B"]


def test_gaps_stay_gaps_and_bands_may_be_negative() -> None:
    option = FIGURES["line"].option()
    lower, width, first, *_ = option["series"]
    assert lower["data"][0][1] == -1.0
    assert width["data"][0][1] == 13.0
    assert first["data"] == [[1767225600000, 10.0], [1767232800000, None], [1767240000000, 15.0]]


def test_a_polar_tile_without_value_has_no_colour() -> None:
    north = [
        s["data"][0]["itemStyle"]["color"]
        for s in FIGURES["surface"].option()["series"]
        if isinstance(s["data"][:1] and s["data"][0], dict)
    ]
    assert north == ["rgba(0,0,0,0)"] * 3


def test_data_goes_with_the_figure(tmp_path: Path) -> None:
    figure = FIGURES["line"]
    assert pl.read_csv(figure.save(tmp_path / "data.csv")).columns == HOURS.columns
    assert pl.read_parquet(figure.save(tmp_path / "data.parquet")).equals(HOURS)
    assert json.loads(figure.save(tmp_path / "option.json").read_text(encoding="utf-8"))["series"]
    with pytest.raises(BilanError, match="cannot be written as"):
        figure.save(tmp_path / "figure.xyz")


def test_a_notebook_shows_it() -> None:
    assert "<svg" in FIGURES["rose"]._repr_svg_()

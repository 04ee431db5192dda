"""Bars that stand on each other or lie, classes of colours up to their edge, words that are not there."""

from __future__ import annotations

import polars as pl
import pytest

from bilan.science.figures import Axis, Figure, Layer, Scale, Step, Words
from bilan.science.figures.palettes import colour

PARTS = pl.DataFrame({"place": ["a", "a", "b", "b"], "kind": ["x", "y", "x", "y"], "value": [1.0, 2.0, 4.0, 3.0]})
GROUPS = (("x", Words("甲", "X")), ("y", Words("乙", "Y")), ("z", Words("丙", "Z")))
CLASSES = Scale(lower=0.5, steps=tuple(Step(at, f"#0000{at}0") for at in range(1, 7)))


def bars(figure: Figure) -> list[tuple[float, float, float, float]]:
    """Left, lower, width and height of every bar that matplotlib draws."""
    boxes = [patch.get_bbox() for patch in figure.draw().axes[0].patches]
    return [tuple(round(float(value), 6) for value in (box.x0, box.y0, box.width, box.height)) for box in boxes]


def test_stacked_bars_stand_on_each_other():
    figure = Figure(data=PARTS, x=Axis(kind="category"), layers=(Layer("bar", x="place", y="value", by="kind", groups=GROUPS, stack=True),))
    assert [(lower, height) for _, lower, _, height in bars(figure)] == [(0.0, 1.0), (0.0, 4.0), (1.0, 2.0), (4.0, 3.0)]
    stacks = {entry["stack"] for entry in figure.option()["series"]}
    assert len(stacks) == 1


def test_bars_lie_when_the_second_axis_has_the_categories():
    figure = Figure(data=PARTS.filter(kind="x"), y=Axis(kind="category"), layers=(Layer("bar", x="value", y="place"),))
    assert [(left, width) for left, _, width, _ in bars(figure)] == [(0.0, 1.0), (0.0, 4.0)]
    assert figure.option()["series"][0]["data"] == [[1.0, 0], [4.0, 1]]


def test_an_empty_group_is_not_in_the_legend():
    figure = Figure(data=PARTS, x=Axis(kind="category"), layers=(Layer("bar", x="place", y="value", by="kind", groups=GROUPS, stack=True),))
    assert [text.get_text() for text in figure.draw("en").axes[0].get_legend().get_texts()] == ["Y", "X"]


@pytest.mark.parametrize("grade", range(1, 7))
def test_a_value_at_the_edge_of_a_class_has_its_colour_in_both_renderers(grade):
    data = pl.DataFrame({"day": ["a", "b"], "row": ["r", "r"], "grade": [float(grade), 3.0]})
    figure = Figure(
        data=data,
        x=Axis(kind="category"),
        y=Axis(kind="category"),
        scale=CLASSES,
        layers=(Layer("tile", x="day", y="row", value="grade"),),
    )
    tiles = figure.draw().axes[0].collections[0]
    red, green, blue, _ = tiles.to_rgba(tiles.get_array()).reshape(-1, 4)[0]
    shown = "#" + "".join(f"{round(float(part) * 255):02x}" for part in (red, green, blue))
    assert shown == colour(float(grade), CLASSES, 0.5, 6.0) == CLASSES.steps[grade - 1].colour


def test_rows_without_words_are_left_out():
    data = pl.DataFrame({"x": [1.0, 2.0], "y": [1.0, 2.0], "text": ["here", None]})
    figure = Figure(data=data, layers=(Layer("text", x="x", y="y", text="text"),))
    assert [text.get_text() for text in figure.draw().axes[0].texts] == ["here"]
    assert [point["name"] for point in figure.option()["series"][0]["data"]] == ["here"]


def test_times_have_chinese_months():
    days = pl.DataFrame({"day": pl.date_range(pl.date(2025, 1, 1), pl.date(2025, 6, 1), "1mo", eager=True), "v": [1.0] * 6})
    figure = Figure(data=days, x=Axis(kind="time"), layers=(Layer("line", x="day", y="v"),))
    shown = {}
    for language in ("zh-hans", "en"):
        canvas = figure.draw(language)
        canvas.draw_without_rendering()
        shown[language] = [label.get_text() for label in canvas.axes[0].get_xticklabels()]
    assert "03月" in shown["zh-hans"]
    assert "Mar" in shown["en"]

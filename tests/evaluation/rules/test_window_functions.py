"""Every window function beside what it says, in plain Python."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bilan.evaluation.rules.grid import Grid, series_of
from bilan.pack.rules import Kind, parse

Series = list[float | None]
NAMES = {"x": Kind.NUMBER, "y": Kind.NUMBER, "flow": Kind.NUMBER}
NUMBERS = st.one_of(st.none(), st.integers(-5, 5).map(float), st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3)))
SOURCES = st.integers(1, 3).flatmap(
    lambda sources: st.integers(1, 12).flatmap(
        lambda width: st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=width, max_size=width), min_size=sources, max_size=sources)
    )
)


def window(series: Series, at: int, length: int) -> list[float]:
    return [value for value in series[max(0, at - length + 1) : at + 1] if value is not None]


def half(series: Series, at: int, length: int, least: int = 1) -> list[float] | None:
    found = window(series, at, length)
    return found if len(found) >= max(least, math.ceil(length / 2)) else None


def slope(series: Series, at: int, length: int) -> float | None:
    pairs = [(float(place), series[place]) for place in range(max(0, at - length + 1), at + 1) if series[place] is not None]
    if len(pairs) < max(2, math.ceil(length / 2)):
        return None
    return statistics.linear_regression([x for x, _ in pairs], [y for _, y in pairs]).slope


def quantile(series: Series, at: int, length: int, share: float) -> float | None:
    found = half(series, at, length)
    return None if found is None else float(np.quantile(found, share))


def repeat(series: Series, at: int, length: int) -> float | None:
    if series[at] is None:
        return None
    run = 1
    while run < length and at - run >= 0 and series[at - run] == series[at]:
        run += 1
    return float(run)


def since(series: Series, at: int, length: int) -> float | None:
    for ago in range(min(length, at + 1)):
        value = series[at - ago]
        if value is not None and value > 0:
            return float(ago)
    return None


def earlier(series: Series, at: int, length: int) -> float | None:
    return series[at - length] if at >= length else None


def difference(series: Series, at: int, length: int) -> float | None:
    now, before = series[at], earlier(series, at, length)
    return None if now is None or before is None else now - before


def mean(series: Series, at: int, length: int) -> float | None:
    found = half(series, at, length)
    return None if found is None else statistics.fmean(found)


def deviation(series: Series, at: int, length: int) -> float | None:
    found = half(series, at, length, 2)
    return None if found is None else statistics.stdev(found)


CASES: dict[str, Callable[[Series, int], float | None]] = {
    "mean(x, 4)": lambda x, at: mean(x, at, 4),
    "sum(x, 3)": lambda x, at: math.fsum(found) if (found := window(x, at, 3)) else None,
    "min(x, 3)": lambda x, at: min(window(x, at, 3), default=None),
    "max(x, 3)": lambda x, at: max(window(x, at, 3), default=None),
    "std(x, 4)": lambda x, at: deviation(x, at, 4),
    "quantile(x, 0.75, 4)": lambda x, at: quantile(x, at, 4, 0.75),
    "slope(x, 4)": lambda x, at: slope(x, at, 4),
    "count(x > 0, 3)": lambda x, at: float(sum(value > 0 for value in window(x, at, 3))),
    "share(x > 0, 3)": lambda x, at: sum(value > 0 for value in window(x, at, 3)) / 3,
    "repeat(x, 4)": lambda x, at: repeat(x, at, 4),
    "hours_since(x > 0, 4)": lambda x, at: since(x, at, 4),
    "lag(x, 2)": lambda x, at: earlier(x, at, 2),
    "diff(x, 2)": lambda x, at: difference(x, at, 2),
    "mean(max(x, 2), 2)": lambda x, at: mean([max(window(x, place, 2), default=None) for place in range(len(x))], at, 2),
}


def grid(sources: list[list[tuple[float | None, float | None]]]) -> Grid:
    columns = [
        np.array([[np.nan if pair[place] is None else pair[place] for pair in source] for source in sources], dtype=float)
        for place in (0, 1)
    ]
    width = len(sources[0])
    frame = pl.DataFrame({"x": series_of(columns[0]), "y": series_of(columns[1]), "flow": series_of(columns[1])})
    return Grid(frame, [str(at) for at in range(len(sources))], np.arange(width) * 3600, 3600)


def lead(text: str) -> int:
    return int(parse(text, NAMES).lookback)


def close(ours: float | None, theirs: float | None, scale: float) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9 * max(1.0, scale))


@pytest.mark.parametrize("text", CASES)
@settings(deadline=None)
@given(sources=SOURCES)
def test_windows_say_what_they_say(text, sources):
    ours = grid(sources).compute([parse(text, NAMES).node]).to_series().to_list()
    width = len(sources[0])
    for place, source in enumerate(sources):
        series = [pair[0] for pair in source]
        scale = max((abs(value) for value in series if value is not None), default=1.0)
        neighbours = max((abs(pair[0]) for other in sources for pair in other if pair[0] is not None), default=1.0)
        for at in range(lead(text) if place else 0, width):
            theirs = CASES[text](series, at)
            assert close(ours[place * width + at], theirs, max(scale, neighbours)), (place, at)


@settings(deadline=None)
@given(sources=SOURCES)
@example(sources=[[(1.0, 1.0), (2.0, 2.0), (3.0, 3.0), (4.0, 4.0)]])
def test_the_correlation_of_pairs_is_pearsons(sources):
    ours = grid(sources[:1]).compute([parse("paired(x, 'flow', 4)", NAMES).node]).to_series().to_list()
    for at, found in enumerate(ours):
        pairs = [pair for pair in sources[0][max(0, at - 3) : at + 1] if None not in pair]
        xs, ys = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        varied = len(pairs) >= 3 and all(statistics.pvariance(part) > 1e-6 * max(1.0, max(map(abs, part)) ** 2) for part in (xs, ys))
        if varied:
            assert math.isclose(found, statistics.correlation(xs, ys), abs_tol=1e-4)
        elif len(pairs) < 3:
            assert found is None


@settings(deadline=None)
@given(sources=SOURCES)
def test_arithmetic_is_absent_where_a_part_is_absent_or_nought_divides(sources):
    ours = grid(sources).compute([parse("(x + 1) / y", NAMES).node]).to_series().to_list()
    flat = [pair for source in sources for pair in source]
    for found, (x, y) in zip(ours, flat, strict=True):
        if x is None or y is None or y == 0:
            assert found is None
        else:
            assert math.isclose(found, (x + 1) / y, rel_tol=1e-12)


def test_a_number_beyond_all_numbers_does_not_stay_in_a_window():
    huge = [[(1e200, None)] * 2 + [(1.0, None)] * 6]
    found = grid(huge).compute([parse("mean(x * x * x, 2)", NAMES).node]).to_series().to_list()
    assert found[-1] == 1.0


def test_a_large_value_leaves_no_trace_in_windows_after_it():
    values = [(1e15, None), (3.3, None)] + [(0.1, None)] * 6
    found = grid([values]).compute([parse("sum(x, 3)", NAMES).node]).to_series().to_list()
    assert found[-1] == pytest.approx(0.3)


def test_absent_parts_leave_and_and_or_undecided_only_where_it_matters():
    columns = grid([[(None, 1.0), (1.0, None)]])
    both = columns.compute([parse(text, NAMES).node for text in ("x > 0 and y > 5", "x > 0 or y > 0", "x > 0 and y > 0")])
    assert both.rows() == [(False, True, None), (None, True, None)]


def test_windows_that_rules_share_are_computed_once():
    columns = grid([[(1.0, 1.0)] * 5])
    columns.prepare([parse(text, NAMES).node for text in ("mean(x, 3) > 1", "mean(x, 3) > 2 and mean(x, 3) < 5", "mean(y, 3) > 1")])
    assert len(columns.placed) == 2

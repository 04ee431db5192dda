"""Lost hours: capture rate, windows of valid hours, the same on every engine and as counted by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bilan.problems import BilanError
from bilan.science import emissions

QUARTER = datetime(2026, 1, 1)


def stack(values, flags=None, point="a", begin=QUARTER):
    start = [begin + timedelta(hours=hour) for hour in range(len(values))]
    frame = pl.DataFrame({"point": point, "start": start, "amount_so2": values}, schema_overrides={"amount_so2": pl.Float64})
    return frame if flags is None else frame.with_columns(state=pl.Series(flags))


def by_count(values, state):
    """HJ 75-2017 Tables 5 and 6 read aloud, hour by hour, for one quarter of one stack."""
    runs = [mark != "F" for mark in state]
    ok = [run and value is not None for run, value in zip(runs, values, strict=True)]
    capture = 100 * sum(ok) / sum(runs)
    result, before, hour = [], [], 0
    while hour < len(values):
        if not runs[hour]:
            result.append(0.0)
        elif ok[hour]:
            before.append(values[hour])
            result.append(values[hour])
        else:
            end = hour
            while end < len(values) and not ok[end]:
                end += 1
            gap = sum(runs[hour:end])
            window = (180 if gap <= 24 else 720) if capture >= 90 else 2160 if capture >= 75 else None
            greatest = max(before[-window:], default=None) if window else None
            result += [greatest if run else 0.0 for run in runs[hour:end]]
            hour = end
            continue
        hour += 1
    return result


@pytest.mark.parametrize(("seed", "lost"), [(1, 0.02), (2, 0.06), (3, 0.1), (4, 0.4), (5, 0.03)])
def test_windows_of_valid_hours_as_counted_by_hand(seed, lost):
    random = np.random.default_rng(seed)
    hours = 2160
    values = [round(float(value), 3) for value in random.gamma(2, 5, hours)]
    for begin in np.flatnonzero(random.random(hours) < lost / 9):
        values[begin : begin + int(random.geometric(1 / 9))] = [None] * len(values[begin : begin + int(random.geometric(1 / 9))])
    values = values[:hours] + [1.0] * (hours - len(values))
    for at in range(700, 731 if seed == 5 else 700):
        values[at] = None
    state = ["F" if 300 <= hour < 340 else "N" for hour in range(hours)]
    ours = emissions.substitute(stack(values, state), ["so2"])["amount_so2"].to_list()
    assert ours == pytest.approx(by_count(values, state))


def test_capture_below_three_quarters_replaces_nothing():
    result = emissions.substitute(stack([5.0] * 17 + [None] * 7), ["so2"])
    assert result.select("capture_so2", "window_so2", "amount_so2").row(-1) == (pytest.approx(100 * 17 / 24), None, None)


def test_hours_that_are_not_there_are_lost_and_nothing_is_replaced_before_the_first():
    frame = pl.concat([stack([None] * 2 + [3.0] * 20), stack([9.0] * 20, begin=QUARTER + timedelta(hours=24))])
    result = emissions.substitute(frame, ["so2"])
    assert result.height == 44
    assert result["amount_so2"].to_list()[:2] == [None, None]
    assert result["amount_so2"].to_list()[22:24] == [3.0, 3.0]


def test_a_gap_of_a_day_and_one_of_more():
    calm = [1.0] * 200
    values = [50.0, *calm, *[None] * 24, *calm, *[None] * 25, *[1.0] * 1600]
    result = emissions.substitute(stack(values), ["so2"])
    assert result.filter(pl.col("window_so2") == 180)["amount_so2"].unique().to_list() == [1.0]
    assert result.filter(pl.col("window_so2") == 720)["amount_so2"].unique().to_list() == [50.0]


def test_start_up_emits_and_a_stopped_source_does_not():
    frame = pl.DataFrame({"so2": [100.0] * 4, "gas_flow": [10.0] * 4, "state": ["N", "St", "F", "D"]})
    assert emissions.with_amounts(frame, ["so2"])["amount_so2"].to_list() == [3.6, 3.6, 0.0, None]


def test_an_hour_that_is_there_twice_is_refused():
    with pytest.raises(BilanError):
        emissions.substitute(pl.concat([stack([1.0, 2.0]), stack([1.0])]), ["so2"])


def test_wastewater_takes_an_equally_long_time_before():
    # HJ 356-2019, 8: mean of the equally long period just before; pH by its median.
    start = [QUARTER + timedelta(hours=hour) for hour in range(8)]
    frame = pl.DataFrame(
        {
            "point": "w",
            "start": start,
            "cod": [9.0, 10.0, 20.0, 30.0, None, None, None, 8.0],
            "ph": [7.0, 6.0, 8.0, 9.0, None, None, None, 7.0],
        }
    )
    result = emissions.fill_gaps(frame, ["cod", "ph"])
    assert result["cod"].to_list()[4:7] == [20.0] * 3
    assert result["ph"].to_list()[4:7] == [8.0] * 3
    assert result["filled_cod"].to_list() == [0, 0, 0, 0, 3, 3, 3, 0]


def test_long_gaps_of_wastewater_look_as_far_back():
    values = [float(hour) for hour in range(200)] + [None] * 100 + [1.0]
    frame = stack(values).rename({"amount_so2": "cod"})
    assert emissions.fill_gaps(frame, ["cod"])["cod"][250] == pytest.approx(np.mean(range(100, 200)))


@pytest.fixture(scope="module")
def hours():
    random = np.random.default_rng(7)
    size = 24 * 40
    parts = []
    for number, source in enumerate(("gb13223-coal-special", "gb25464-kiln", "gb4915-kiln")):
        lost = random.random(size) < 0.08
        parts.append(
            pl.DataFrame(
                {
                    "point": f"S{number}",
                    "source": source,
                    "start": [QUARTER + timedelta(days=70, hours=hour) for hour in range(size)],
                    "so2": np.round(random.gamma(2, 20, size), 2),
                    "nox": np.round(random.gamma(2, 40, size), 2),
                    "o2": np.round(random.uniform(2, 21, size), 2),
                    "gas_flow": np.round(random.gamma(5, 10, size), 2),
                    "flag": np.where(lost, "D", "N"),
                    "state": np.where(random.random(size) < 0.05, "F", "N"),
                }
            )
        )
    return pl.concat(parts)


RULES = {
    "judge": emissions.judge,
    "convert": lambda frame: emissions.convert(frame, {"so2": 6, "nox": 6}),
    "amounts": lambda frame: emissions.with_amounts(frame, ["so2", "nox"]),
    "substitute": lambda frame: emissions.substitute(emissions.with_amounts(frame, ["so2"]), ["so2"]),
    "days": lambda frame: emissions.evaluate_days(frame, "gb18485"),
    "gaps": lambda frame: emissions.fill_gaps(frame, ["so2"]),
}


@pytest.mark.parametrize("name", RULES)
def test_duckdb_and_polars_give_the_same_digits(name, hours):
    ours = RULES[name](hours)
    theirs = RULES[name](duckdb.sql("SELECT * FROM hours")).pl()
    order = ["point", "start"]
    assert ours.height > 0
    assert_frame_equal(ours.sort(order), theirs.sort(order), check_dtypes=False, check_column_order=False, check_exact=name != "days")


def test_a_lazy_frame_stays_lazy_and_order_of_rows_does_not_matter(hours):
    straight = RULES["substitute"](hours)
    assert isinstance(emissions.judge(hours.lazy()), pl.LazyFrame)
    mixed = RULES["substitute"](hours.sample(fraction=1, shuffle=True, seed=3))
    assert_frame_equal(straight.sort("point", "start"), mixed.sort("point", "start"), check_column_order=False)

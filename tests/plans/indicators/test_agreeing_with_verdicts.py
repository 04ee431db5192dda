"""What indicators say of the sea, of wells, of drinking-water sources and of noise is what the stored verdicts say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from bilan.evaluation.judging import judge_marks
from bilan.pack import vocab
from bilan.plans.indicators import marine, measured, waters
from bilan.plans.indicators.observing import Observed
from bilan.telemetry import clock
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.store import Store

BEGIN, DAYS = datetime(2026, 4, 1), 30
LEVELS = {
    "sea": {"ph": 8.0, "do": 6.5, "din": 0.3, "dip": 0.03},
    "groundwater": {"ph": 7.0, "nh3n": 0.5, "no3n": 18.0},
    "noise": {"leq": 46.0},
    "drinking": {"codmn": 6.0, "tp": 0.1},
}
"""Network → column → mean of what is invented, near a limit."""
SPREAD = {"ph": 0.4, "leq": 6.0}


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Observed]:
    folder: Path = tmp_path_factory.mktemp("agreeing")
    store = Store.connect(f"sqlite:///{folder}/telemetry.sqlite3", lake=folder / "lake")
    store.migrate()
    attributes = {"sea": {"kind": "buoy", "bay": "B1"}, "groundwater": {"target_class": 3}, "noise": {"zone_class": "2"}}
    attributes["drinking"] = {"section_type": "river", "level": "county"}
    points = [Point(f"{network}-{at}", network, "点位", attributes=said) for network, said in attributes.items() for at in range(2)]
    points.append(Point("sea-hand", "sea", "测点", attributes={"kind": "site"}))
    store.catalogue.put_points(points)
    for seed, point in enumerate(points):
        write(store, point, seed)
    marks = store.dirty.take(100_000)
    judge_marks(store, marks, clock.seconds(BEGIN) + 40 * clock.DAY)
    yield Observed(store, "350500", ["350502"], BEGIN.date(), date(2026, 4, DAYS))
    store.close()


def write(store: Store, point: Point, seed: int) -> None:
    """Invented hours of a month, or three samples of it."""
    by_hand = point.code.endswith("hand")
    statistic, interval = ("value", "hour") if point.network == "noise" else ("mean", "sample" if by_hand else "hour")
    for at, (column, mean) in enumerate(LEVELS[point.network].items()):
        (series,) = store.catalogue.series_ids([SeriesKey(point.code, vocab.by_column(column).code, statistic, interval)], [""])
        starts = [clock.seconds(BEGIN) + hour * clock.HOUR for hour in ((34, 250, 610) if by_hand else range(24 * DAYS + 6))]
        days = np.repeat(np.random.default_rng([seed, at]).normal(mean, SPREAD.get(column, 0.4 * mean), DAYS + 1), 24)
        values = [round(abs(float(days[(start - clock.seconds(BEGIN)) // clock.HOUR])), 4) for start in starts]
        length = 0 if by_hand else clock.HOUR
        rows = [Reading(series, start, length, value) for start, value in zip(starts, values, strict=True)]
        store.write(interval, rows, arrived=clock.seconds(BEGIN))


def stored(observed: Observed, *methods: str) -> dict[tuple[str, date], object]:
    found = pl.concat([observed.verdicts(method) for method in methods])
    return {(row["point"], row["day"]): row["grade"] for row in found.iter_rows(named=True)}


def test_classes_of_the_sea(observed: Observed) -> None:
    samples = measured.sea_samples(observed)
    assert {(row["point"], row["day"]): row["grade"] for row in samples.to_dicts()} == stored(observed, "sea.day", "sea.sample")
    assert samples["grade"].n_unique() > 2


def test_classes_of_wells_by_the_month(observed: Observed) -> None:
    months = marine.groundwater_periods(measured.groundwater_days(observed)).filter(pl.col("period") == "2026-04")
    found = {(row["point"], BEGIN.date()): row["grade"] for row in months.to_dicts()}
    assert found == stored(observed, "groundwater.month")
    assert len(found) == 2


def test_months_of_drinking_water_sources(observed: Observed) -> None:
    months = waters.sources(observed)
    found = {(row["point"], row["day"]): 1 if row["attained"] else 2 for row in months.to_dicts()}
    assert found == stored(observed, "drinking.month")
    assert set(found.values()) == {1, 2}
    assert set(months.filter(~pl.col("attained"))["main"]) == {"CODMn"}
    assert set(months["source_level"]) == {"county"}


def test_days_and_nights_of_noise(observed: Observed) -> None:
    days = measured.noise_days(observed)
    found = {(row["point"], row["day"]): 1 if row["day_attained"] and row["night_attained"] else 2 for row in days.to_dicts()}
    kept = stored(observed, "noise.day")
    assert {key: kept[key] for key in found} == found
    assert set(found.values()) == {1, 2}

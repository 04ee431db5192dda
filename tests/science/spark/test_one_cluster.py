"""The rules give on a Spark cluster what they give on Polars and DuckDB, to the last digit, also when a worker dies.

Everything that needs the cluster is in this module: it takes longer to begin than most tests take together.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from bilan.lake.queries import parse
from bilan.lake.rooms import Answer
from bilan.pack.indicators import Period, current
from bilan.plans.indicators.on_spark import SparkRoom
from bilan.plans.indicators.sandbox import Sandbox
from bilan.plans.indicators.spans import Span
from bilan.science import air, spark
from tests.science.spark import indicator_tables
from tests.science.spark.cluster import until
from tests.science.spark.media import RULES, hours, samples


def same(ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    """Insist on the same rows and columns, exactly, and on wall time without a zone."""
    moment = "day" if "day" in ours.columns else "start"
    assert set(ours.columns) == set(theirs.columns)
    ordered = [frame.select(ours.columns).sort("point", moment) for frame in (ours, theirs)]
    assert ours.height
    assert_frame_equal(*ordered, check_exact=True, check_dtypes=False)
    assert not [kind for kind in theirs.dtypes if isinstance(kind, pl.Datetime) and kind.time_zone]


def stored(frame: pl.DataFrame, folder: Path) -> Path:
    """The frame as a folder of two files, so that two workers have something to read."""
    half = frame.height // 2
    for number, part in enumerate((frame[:half], frame[half:])):
        part.write_parquet(folder / f"{number}.parquet")
    return folder


@pytest.mark.parametrize("name", RULES)
def test_three_engines_agree_to_the_last_digit(name, session, tmp_path):
    make, rule = RULES[name]
    frame = make()
    ours = rule(frame)
    same(ours, rule(duckdb.from_arrow(frame.to_arrow())).pl())
    same(ours, spark.take(rule(spark.read(session, stored(frame, tmp_path)))))


def test_every_medium_is_among_the_rules():
    assert {name.partition(".")[0] for name in RULES} == {"air", "water", "sea", "groundwater", "soil", "noise", "emissions"}


def test_a_small_frame_goes_in_with_its_missing_numbers(session):
    frame = samples().select("point", "start", "tp")
    assert_frame_equal(spark.take(spark.give(session, frame)).sort("point", "start"), frame.sort("point", "start"), check_dtypes=False)


ASKED = (
    "good-days",
    "o3-90",
    "pm25",
    "cod-cut",
    "forest-cover",
    "water-good-share",
    "water-provincial-share",
    "noise-day-share",
    "sea-good-points",
    "permit-coverage",
)
"""Indicators of the base pack whose tables are made."""
TODAY = date(2022, 7, 1)


def _values(answer: Answer) -> list[tuple[str, ...]]:
    """Rows of an answer in order, numbers to the twelve digits of an indicator that are kept."""
    columns = ("district", "period", "value", "rows", "due")
    rows = [[row.get(name) for name in columns] for row in answer.dicts()]
    return sorted(
        tuple("" if value is None else value if isinstance(value, str) else f"{float(value):.12g}" for value in row) for row in rows
    )


def test_queries_of_indicators_give_the_same_on_spark(session, tmp_path):
    frames, files = indicator_tables.made(), {}
    for name, frame in frames.items():
        (tmp_path / name).mkdir()
        files[name] = [tmp_path / name / "all.parquet"]
        frame.write_parquet(files[name][0])
    spans = [Span.at(Period.YEAR, year) for year in indicator_tables.YEARS]
    on_spark, catalogue = SparkRoom(session, files), current(None)
    on_spark.put_periods(Period.YEAR, spans, ["", "d"], TODAY)
    with Sandbox(frames) as on_duckdb:
        on_duckdb.put_periods(Period.YEAR, spans, ["", "d"], TODAY)
        for name in ASKED:
            own = {key: entry.value for key, entry in catalogue[name].parameters.items()}
            given = {**own, "begin": spans[0].first, "end": TODAY, "today": TODAY}
            query = parse(catalogue[name].sql, (*frames, "periods"), given)
            ours = _values(on_duckdb.run(query, given))
            assert ours, name
            assert _values(on_spark.run(query, given)) == ours, name


def test_a_worker_that_is_killed_changes_nothing(session, cluster, tmp_path):
    """Both workers hold a part of the job when one is killed with its executor; the other does its part again."""
    frame = hours()
    gate = tmp_path / "gate"
    folder = tmp_path / "hours"
    folder.mkdir()

    def wait(batches: Iterator[object]) -> Iterator[object]:
        import time as clock  # noqa: PLC0415  # runs in a worker's process
        from pathlib import Path as File  # noqa: PLC0415

        while not File(where).exists():
            clock.sleep(0.05)
        yield from batches

    where = str(gate)
    given = spark.read(session, stored(frame, folder))
    held = given.mapInArrow(wait, given.schema)
    found: list[pl.DataFrame] = []
    job = threading.Thread(target=lambda: found.append(spark.take(air.judge_days(held))), daemon=True)
    job.start()
    status = session.sparkContext.statusTracker()

    def busy() -> int:
        stages = [status.getStageInfo(stage) for stage in status.getActiveStageIds()]
        return sum(stage.numActiveTasks for stage in stages if stage)

    until(lambda: busy() >= 2, "the job never ran on both workers")
    cluster.kill(2)
    gate.touch()
    job.join(timeout=300)
    same(air.judge_days(frame), found[0])
    assert cluster.processes[1].poll() is None and cluster.processes[2].poll() is not None

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from bilan.pack import roles, vocab
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import RuleSpec
from bilan.pack.rules.reading import read_file
from bilan.telemetry import clock
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.store import Store

Declare = Callable[..., list[RuleSpec]]
Fill = Callable[..., None]

TEXT = """
  - rule: {name}
    title: 甲 · A
    about: 说明 · About
    subject: {subject}
    condition: "{condition}"
    says: "{says}"
{more}"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.connect(f"sqlite:///{tmp_path}/telemetry.sqlite3", lake=tmp_path / "lake")
    opened.migrate()
    opened.catalogue.put_points(
        [
            Point("G1", "source_gas", "一号窑", "Kiln 1", "350502", 118.6, 24.9, {"enterprise": "E1", "profile": "ceramics", "target": 7}),
            Point("G2", "source_gas", "二号窑", "Kiln 2", "350503", 118.61, 24.9, {"enterprise": "E2", "profile": "boiler"}),
            Point("A1", "air", "一号站", "Station 1", "350502", 118.6, 24.9, {"kind": "city"}),
            Point("W1", "surface_water", "断面", "Section", "350502", 118.6, 24.9, {"target_class": 3}),
        ]
    )
    yield opened
    opened.close()


@pytest.fixture
def fill(store: Store) -> Fill:
    """Write values one after the other: `fill(point, begin, so2=[1, None, 3])`; None is no value, "D" a value of 99 with that mark."""

    def write(
        point: str, begin: datetime, interval: str = "hour", step: int = clock.HOUR, statistic: str = "mean", **values: Sequence[object]
    ) -> None:
        first = clock.seconds(begin)
        for column, given in values.items():
            (series,) = store.catalogue.series_ids([SeriesKey(point, vocab.by_column(column).code, statistic, interval)], ["mg/m3"])
            rows = [
                Reading(
                    series, first + at * step, step, 99.0 if isinstance(value, str) else value, value if isinstance(value, str) else "N"
                )
                for at, value in enumerate(given)
                if value is not None
            ]
            store.write(interval, rows, arrived=first)

    return write


@pytest.fixture
def declare(tmp_path: Path) -> Declare:
    """Rules of one condition each: `declare("value > 3", more={"for": "2"})`."""

    def make(
        *conditions: str,
        subject: str = "series",
        where: str = "{networks: [source_gas], parameters: [so2]}",
        says: str = "甲 · A",
        **more: str,
    ) -> list[RuleSpec]:
        lines = {"where": where, **{key.rstrip("_"): value for key, value in more.items()}}
        texts = [
            TEXT.format(
                name=f"rule-{at}",
                subject=subject,
                condition=condition,
                says=says,
                more="".join(f"    {key}: {value}\n" for key, value in lines.items() if value),
            )
            for at, condition in enumerate(conditions)
        ]
        path = tmp_path / "rules.yaml"
        path.write_text("rules:" + "".join(texts), encoding="utf-8")
        specs, problems = read_file(path, registers().registers, roles.current())
        assert not problems, [problem.text("en") for problem in problems]
        return specs

    return make

"""Carrying out an import: values into the store, refused rows into quarantine, both once however often it is repeated."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bilan.telemetry import clock
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.quality import arrival_checks
from bilan.telemetry.readers.planning import ImportPlan, ImportSettings
from bilan.telemetry.store import Store

BATCH = 20_000
_QUARANTINE = ("digest", "row_number", "file", "settings", "cells", "problems", "state", "person", "changed")


@dataclass(frozen=True, slots=True)
class Applied:
    """What an import did: values new, changed and unchanged, rows put into quarantine."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0


def apply_import(
    store: Store,
    plan: ImportPlan,
    *,
    person: str = "",
    city_pack: Path | None = None,
    progress: Callable[[int], None] | None = None,
    quarantine: bool = True,
) -> Applied:
    """Write what a plan holds.

    Args:
        store: where to.
        plan: from `plan_import`.
        person: who imports.
        city_pack: pack folder of the city, for its rules of quality control.
        progress: told the number of values after each batch.
        quarantine: whether refused rows are kept for correction.

    Raises:
        StoreUnavailable: the database cannot be written; repeating the import goes on where it stopped.
    """
    arrived = clock.now(store.zone)
    checks = arrival_checks(store, city_pack)
    done = [0, 0, 0]
    for part in plan.cells.sort("start", maintain_order=True).iter_slices(BATCH):
        readings = checks(plan.settings.interval, _readings(store, plan, part))
        written = store.write(plan.settings.interval, readings, arrived=arrived)
        done = [before + now for before, now in zip(done, written, strict=True)]
        if progress:
            progress(part.height)
    rows = _refused(plan, person, arrived) if quarantine else []
    counts = json.dumps({"inserted": done[0], "changed": done[1], "unchanged": done[2], "quarantined": len(rows)})
    with store.database.transaction():
        store.database.bulk_upsert("import_quarantine", _QUARANTINE, rows, ["digest", "row_number"])
        record = (plan.digest, plan.table.file, person, arrived, counts)
        store.database.bulk_upsert("import_file", ("digest", "file", "person", "imported", "counts"), [record], ["digest"])
    return Applied(done[0], done[1], done[2], len(rows))


def settings_of(text: str) -> ImportSettings:
    """Read settings as they are kept in quarantine."""
    return ImportSettings(**json.loads(text))


def _readings(store: Store, plan: ImportPlan, cells: pl.DataFrame) -> list[Reading]:
    interval, seconds = plan.settings.interval, plan.seconds
    series = cells.select("point", "parameter", "unit").unique(maintain_order=True)
    keys = [SeriesKey(point, parameter, plan.statistic, interval) for point, parameter in series.select("point", "parameter").iter_rows()]
    ids = series.with_columns(pl.Series("series", store.catalogue.series_ids(keys, series["unit"].to_list()), pl.Int64))
    numbered = cells.join(ids, on=("point", "parameter", "unit"), maintain_order="left")
    return [Reading(number, start, seconds, value) for number, start, value in numbered.select("series", "start", "value").iter_rows()]


def _refused(plan: ImportPlan, person: str, now: int) -> list[tuple[Any, ...]]:
    rows = dict(zip(plan.table.frame["row"].to_list(), range(plan.table.frame.height), strict=True))
    settings = json.dumps(asdict(plan.settings), ensure_ascii=False)
    kept = []
    for row in plan.refused_rows:
        cells = plan.table.raw.row(rows[row], named=True) if row in rows else {}
        shown = {header: "" if cell is None else str(cell) for header, cell in cells.items()}
        problems = [problem.as_dict() for problem in plan.problems[row]]
        texts = (json.dumps(shown, ensure_ascii=False), json.dumps(problems, ensure_ascii=False, default=str))
        kept.append((plan.digest, row, plan.table.file, settings, *texts, "open", person, now))
    return kept

"""How often the odds of classes, counts and yearly figures come true: reliability by decile and Brier score on groups not fitted on.

    BILAN_SHARED=… python benchmarks/odds_kinds.py [--every 1] [--write docs/explanation/odds.md --images docs/images]

Classes: marine zones, rivers and groups of cities. Counts: a register of sources by state and trade. Yearly: a city's statistical figures.
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent))

from integrity_tables import Table, markdown, put
from odds import reliability
from odds_diagram import diagram
from odds_kinds_data import Sections, figures, half_of, registers, sections

from bilan.plans.odds import Aim, Period, counts, yearly
from bilan.plans.odds.classdraws import futures
from bilan.plans.odds.classes import LEAST_SAMPLES, ClassRule
from bilan.plans.odds.model import chance
from bilan.plans.odds.sections import Scene

Row = tuple[str, str, float, float, bool]
SCORED = 1
PATHS = 300
SHARE_STEPS = (-12.0, -6.0, 0.0, 6.0, 12.0)
"""Targets of shares [percentage points] beside last year's."""

PACES = (0.25, 0.6, 1.0, 1.5, 2.5)
"""Targets of counts as what the last year's pace would come to, times this."""

CHANGES = (0.0, 0.5, 1.0, 1.5)
"""Targets of yearly figures as what the last five years' pace would come to, times this."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="take every so-manieth statement")
    parser.add_argument("--write", type=Path, help="page whose tables are replaced")
    parser.add_argument("--images", type=Path, help="folder of the reliability diagrams")
    given = parser.parse_args(arguments)
    begun, tables, scores = time.perf_counter(), [], []
    for name, made in (("classes", of_classes), ("counts", of_counts), ("yearly", of_figures)):
        rows = list(made(given.every))
        found = pl.DataFrame(rows, schema=["source", "city", "probability", "peer", "came"], orient="row")
        tables.append(Table(f"kind-{name}", f"Statements on {name}", reliability(found)))
        if found["source"].n_unique() > 1:
            tables.append(Table(f"kind-{name}-sources", f"Came true by source, {name} [%]", by_source(found)))
        scores += [brier(f"{name}: {source}", part) for (source,), part in found.group_by("source", maintain_order=True)]
        if given.images:
            (given.images / f"odds-reliability-{name}.svg").write_text(diagram(reliability(found)), encoding="utf-8")
    tables.append(Table("kind-brier", "Brier score", pl.DataFrame(scores)))
    pl.Config.set_tbl_rows(60)
    for table in tables:
        assert table.frame is not None
        print(f"\n{table.title}\n{markdown(table.frame)}")
    print(f"\n{time.perf_counter() - begun:.0f} s")
    if given.write:
        put(given.write, tables)
    return 0


def by_source(found: pl.DataFrame) -> pl.DataFrame:
    """What came true [%] by decile, one column a source."""
    table = reliability(found).select("statement")
    for (source,), part in found.group_by("source", maintain_order=True):
        said = reliability(part).select("statement", pl.col("came true").alias(str(source)))
        table = table.join(said, on="statement", how="left", maintain_order="left")
    return table.with_columns(pl.all().fill_null("–"))


def brier(asked: str, found: pl.DataFrame) -> dict[str, Any]:
    """Mean squared error of the statements, of the plain peer (as last year, or going on at last year's pace), and of one half always."""
    error, peer = (float(((found[name] - found["came"]) ** 2).mean() or 0.0) for name in ("probability", "peer"))  # type: ignore[arg-type]
    said = {"probability": f"{error:.3f}", "peer": f"{peer:.3f}", "of peer": round(error / peer, 2)}
    return {"asked": asked, "statements": found.height, **said}


def of_classes(every: int) -> Iterator[Row]:
    """Shares of sections, and of their samples, at the second or third class or better, two days a year and water."""
    number = 0
    for water in sections():
        if water.source != "rivers" and half_of(water.name.split()[0]) != SCORED:
            continue
        for period, rule in _periods(water):
            number += 1
            if number % every == 0:
                yield from _shares(water, period, rule)


def _periods(water: Sections) -> Iterator[tuple[Period, ClassRule]]:
    """Years that have a year before them and were sampled to their end."""
    first, last = water.history["day"].min(), water.history["day"].max()
    assert isinstance(first, date) and isinstance(last, date)
    if water.source == "cities":
        periods = [Period(date(2015, month, 1), date(2015 + (month > 1), (month - 2) % 12 + 1, 28)) for month in (1, 4, 7)]
    else:
        begin = first.year + (3 if water.source == "rivers" else 1)
        periods = [Period.year(year) for year in range(begin, last.year + (last.month == 12))]
    for period in periods:
        for limit in (2, 3):
            for whole in (False,) if water.source == "rivers" else (True, False):
                yield period, ClassRule(limit=limit, whole=whole)


def _shares(water: Sections, period: Period, rule: ClassRule) -> Iterator[Row]:
    after = period.end + timedelta(days=20)
    truth = rule.share(Scene.of(water.history, period, after, 1).past)
    before = Period(period.begin.replace(year=period.begin.year - 1), period.end.replace(year=period.end.year - 1))
    last = rule.share(Scene.of(water.history, before, after, 1).past)
    if truth is None or last is None:
        return
    drawn = zlib.crc32(f"{water.name} {period.begin} {rule}".encode())
    for offset in {15 + 60 * (drawn % 6), 15 + 60 * (drawn // 6 % 6)}:
        scene = Scene.of(water.history, period, period.begin + timedelta(days=offset), 1)
        if scene.rows.height < LEAST_SAMPLES or not scene.stations:
            continue
        ends = rule.shares(futures(scene, PATHS))
        for value in sorted({round(min(100.0, max(0.1, last + step)), 1) for step in SHARE_STEPS}):
            aim = Aim(">=", value, decimals=1)
            kept, peer = (bool(aim.met(np.array([number]))[0]) for number in (truth, last))
            yield water.source, water.name.split()[0], chance(aim, ends), float(peer), kept


def of_counts(every: int) -> Iterator[Row]:
    """Entries that a register will have by the end of this year and the next, on six days a year."""
    number = 0
    for name, days in registers():
        for today in (date(year, month, 15) for year in range(2017, 2024) for month in (1, 3, 5, 7, 9, 11)):
            if half_of(name) != SCORED or days[0] > date(today.year - 1, 6, 30):
                continue
            for year in {today.year, min(today.year + 1, 2023)}:
                number += 1
                if number % every == 0:
                    yield from _entries(name, days, today, Period.year(year))


def _entries(name: str, days: list[date], today: date, period: Period) -> Iterator[Row]:
    months = pl.date_range(days[0].replace(day=28), today - timedelta(days=31), "1mo", eager=True)
    history = pl.DataFrame({"day": months, "value": [float(bisect_right(days, day + timedelta(days=3))) for day in months]})
    now, truth = bisect_right(days, today), bisect_right(days, period.end)
    pace = (now - bisect_left(days, today - timedelta(days=365))) * (period.end - today).days / 365.0
    for value in sorted({round(now + pace * part) for part in PACES} - {now}):
        said = counts.stand(history, period, today, Aim(">=", float(value))).probability
        if said is not None:
            yield "register", name, said, float(now + pace >= value), truth >= value


def of_figures(every: int) -> Iterator[Row]:
    """Figures one, two, three and five years ahead, asked for as floors and ceilings."""
    number = 0
    for name, values in figures():
        for last in sorted(values):
            for ahead in (1, 2, 3, 5):
                number += 1
                if half_of(name) == SCORED and last + ahead in values and number % every == 0:
                    yield from _coming(name, values, last, ahead)


def _coming(name: str, values: dict[int, float], last: int, ahead: int) -> Iterator[Row]:
    known = {year: value for year, value in values.items() if year <= last}
    if len(known) < yearly.LEAST_YEARS:
        return
    recent = sorted(known)[-6:]
    pace = (known[recent[-1]] - known[recent[0]]) / (recent[-1] - recent[0])
    for part in CHANGES:
        floor = (zlib.crc32(f"{name} {last} {ahead} {part}".encode()) >> 3) % 2
        aim = Aim(">=" if floor else "<=", known[last] + ahead * pace * part)
        said = yearly.stand(known, last + ahead, date(last + 1, 6, 1), aim).probability
        if said is not None and aim.value > 0:
            met = aim.met(np.array([values[last + ahead], known[last] + ahead * pace]))
            yield "figures", name, said, float(met[1]), bool(met[0])


if __name__ == "__main__":
    raise SystemExit(main())

"""Rules over a city's sources, beside the plain loop a programmer would write: `python benchmarks/rules.py [--sources 1500] [--rules 200]`.

A store with some days of hours of gas and water outlets is made, then all rules are evaluated over the last day, as `bilan watch` does
it: one scan, windows shared, episodes found. The peer walks the same scanned values source by source, rule by rule, hour by hour, on a
part of the sources and rules (`--peer-sources`, `--peer-rules`); both are then given per rule, source and hour, and must find the same.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import polars as pl

from bilan.evaluation.rules import Context, Findings, evaluate
from bilan.pack import vocab
from bilan.pack.expressions import Expression
from bilan.pack.registers.words import Bilingual
from bilan.pack.rules import RuleSpec, Subject, Where, condition
from bilan.pack.rules.columns import names_of
from bilan.pack.rules.model import Level
from bilan.telemetry import clock
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.store import Store

BEGIN = clock.seconds(datetime(2026, 1, 1))
DAYS = 4
COLUMNS = {
    "source_gas": ("so2", "nox", "dust", "o2", "gas_flow", "flue_temp"),
    "source_water": ("cod", "nh3n", "tp", "tn", "ph", "flow"),
}
LIMITED = ("so2", "nox", "dust", "cod", "nh3n", "tp", "tn")
LIMIT = 60.0

Series = Sequence[float | None]
Result = TypeVar("Result")
Peer = Callable[[Series, int, float], bool | None]


class Template(NamedTuple):
    """One kind of rule: how it is written, and the same as a loop writes it."""

    text: str
    peer: Peer
    first: float
    step: float


def present(series: Series, at: int, length: int) -> list[float]:
    """Values of the last `length` hours that are there."""
    return [value for value in series[max(0, at - length + 1) : at + 1] if value is not None]


def mean(series: Series, at: int, length: int) -> float | None:
    """Mean over a window of which at least half is there."""
    found = present(series, at, length)
    return sum(found) / len(found) if 2 * len(found) >= length else None


def above(number: float | None, bound: float) -> bool | None:
    """Whether a number that may be absent is above a bound."""
    return None if number is None else number > bound


def flat(series: Series, at: int, least: float) -> bool | None:
    """Whether the present value has stood for some hours."""
    if series[at] is None:
        return None
    run = 1
    while run < 12 and at - run >= 0 and series[at - run] == series[at]:
        run += 1
    return run >= least


def risen(series: Series, at: int, by: float) -> bool | None:
    """Whether the value is higher than an hour ago."""
    now, before = series[at], series[at - 1]
    return None if now is None or before is None else now - before > by


def spread(series: Series, at: int, bound: float) -> bool | None:
    """Whether the last day was calm."""
    found = present(series, at, 24)
    return statistics.stdev(found) < bound if len(found) >= 12 else None


def high(series: Series, at: int, share: float) -> bool | None:
    """Whether a share of the last day was above the limit."""
    return sum(value is not None and value > LIMIT for value in series[at - 23 : at + 1]) / 24 > share


def peak(series: Series, at: int, by: float) -> bool | None:
    """Whether half a day had a value far above the limit."""
    return above(max(present(series, at, 12), default=None), by * LIMIT)


TEMPLATES = (
    Template("value > {0:g} * limit", lambda series, at, by: above(series[at], by * LIMIT), 1.05, 0.01),
    Template("mean(value, 6) > {0:g} * limit", lambda series, at, by: above(mean(series, at, 6), by * LIMIT), 0.85, 0.01),
    Template("mean(value, 24) > {0:g} * limit", lambda series, at, by: above(mean(series, at, 24), by * LIMIT), 0.75, 0.01),
    Template("share(value > limit, 24) > {0:g}", high, 0.05, 0.01),
    Template("diff(value, 1) > {0:g}", risen, 30.0, 1.0),
    Template("repeat(value, 12) >= {0:g}", flat, 2.0, 0.1),
    Template("std(value, 24) < {0:g}", spread, 4.0, 0.1),
    Template("max(value, 12) > {0:g} * limit", peak, 1.1, 0.01),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=1500)
    parser.add_argument("--rules", type=int, default=200)
    parser.add_argument("--peer-sources", type=int, default=100)
    parser.add_argument("--peer-rules", type=int, default=24)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bilan-bench-") as folder:
        store, limits = city(Path(folder), given.sources)
        now = BEGIN + DAYS * DAY
        made = specs(given.rules)
        context = Context(limits=limits)
        cold, found = timed(lambda: evaluate(store, made, now, context=context))
        warm, found = timed(lambda: evaluate(store, made, now, context=context))
        some = specs(given.peer_rules, f"number <= {given.peer_sources}")
        ours, part = timed(lambda: evaluate(store, some, now, context=context))
        theirs, same = timed(lambda: loop(store, some, given.peer_sources, now))
    show(given, (cold, warm), found, (ours, part), (theirs, same))


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Seconds that some work takes, and what it gives."""
    begin = time.perf_counter()
    found = work()
    return time.perf_counter() - begin, found


def city(folder: Path, sources: int) -> tuple[Store, pl.DataFrame]:
    """A store with hours of gas and water outlets, every second of each kind, and their limits."""
    store = Store.connect(f"sqlite:///{folder}/telemetry.sqlite3", lake=folder / "lake")
    store.migrate()
    networks = list(islice(cycle(COLUMNS), sources))
    points = [
        Point(f"E{at:05d}", network, f"排放口 {at}", "", "350502", 118 + at % 97 / 100, 24.5 + at % 89 / 100, {"number": at})
        for at, network in enumerate(networks, start=1)
    ]
    store.catalogue.put_points(points)
    chance = np.random.default_rng(1)
    limits = []
    for point in points:
        codes = {column: vocab.by_column(column).code for column in COLUMNS[point.network]}
        ids = store.catalogue.series_ids([SeriesKey(point.code, code, "mean", "hour") for code in codes.values()])
        limits += [(point.code, code, LIMIT, "permit") for column, code in codes.items() if column in LIMITED]
        values = np.round(40 + 8 * chance.standard_normal((len(ids), DAYS * 24)), 1)
        gone = chance.random(values.shape) < 0.01
        readings = [
            Reading(series, BEGIN + hour * HOUR, HOUR, None if gone[row, hour] else float(values[row, hour]))
            for row, series in enumerate(ids)
            for hour in range(DAYS * 24)
        ]
        store.write("hour", readings, arrived=BEGIN, mark=False)
    frame = pl.DataFrame(limits, schema=["point", "parameter", "limit", "source"], orient="row")
    return store, frame


def specs(count: int, points: str = "") -> list[RuleSpec]:
    """Rules of every template in turn, each for one to three parameters."""
    names = names_of(Subject.SERIES)
    text = Bilingual("测速", "Benchmark")
    made = []
    for at in range(count):
        template = TEMPLATES[at % len(TEMPLATES)]
        written = template.text.format(template.first + template.step * (at // len(TEMPLATES)))
        network = tuple(COLUMNS)[at % 2]
        chosen = [column for column in COLUMNS[network] if column in LIMITED]
        codes = tuple(vocab.by_column(column).code for column in chosen[: 1 + at % 3])
        where = Where(networks=(network,), parameters=codes, points=_expression(points))
        levels = (Level(3, condition("value > 2 * limit", names)),)
        says = Bilingual("{value}", "{value}")
        formula = condition(written, names)
        made.append(RuleSpec(f"bench-{at}", text, text, Subject.SERIES, formula, says, where, times=2, levels=levels))
    return made


def _expression(text: str) -> Expression | None:
    return Expression(text) if text else None


def loop(store: Store, rules: Sequence[RuleSpec], sources: int, now: int) -> set[tuple[str, str, int]]:
    """The peer: rules and sources for which a rule holds twice in a row, with the moment."""
    begin = now - DAY
    codes = [point.code for point in store.catalogue.points() if point.attributes["number"] <= sources]
    known = store.catalogue.series_frame(codes, None, "hour")
    rows = store.scan(known["id"].to_list(), begin - 26 * HOUR, now, "hour")
    values: dict[int, list[float | None]] = {number: [None] * 50 for number in known["id"]}
    for series, start, value in rows.select("series", "start", "value").iter_rows():
        values[series][(start - begin) // HOUR + 26] = value
    by_key = {(point, parameter): number for number, point, parameter in known.select("id", "point", "parameter").iter_rows()}
    found = set()
    for at, rule in enumerate(rules):
        template = TEMPLATES[at % len(TEMPLATES)]
        bound = float(f"{template.first + template.step * (at // len(TEMPLATES)):g}")
        for (point, parameter), number in by_key.items():
            if parameter in rule.where.parameters and (point, parameter) in by_key:
                run = _opened(values[number], template.peer, bound)
                found |= {(rule.rule, f"{point}|{parameter}", begin + (moment - 26) * HOUR) for moment in run}
    return found


def _opened(series: Series, holds: Peer, bound: float) -> list[int]:
    """Hours at which a rule opens an episode: it holds for the second time in a row, and was not open."""
    run, is_open, found = 0, False, []
    for at in range(25, 50):
        now = holds(series, at, bound)
        if now is None:
            continue
        run = run + 1 if now else 0
        is_open = is_open and now
        if now and run >= 2 and not is_open:
            is_open = True
            found.append(at)
    return found


def show(
    given: argparse.Namespace,
    times: tuple[float, float],
    found: Findings,
    ours: tuple[float, Findings],
    theirs: tuple[float, set[tuple[str, str, int]]],
) -> None:
    """Print the table."""
    opened = set(ours[1].episodes.select("rule", "source", "opened").iter_rows())
    cells = given.peer_rules * given.peer_sources * 24
    print(f"{given.sources} sources × {given.rules} rules over the last day: first {times[0]:.2f} s, again {times[1]:.2f} s")
    print(f"episodes {found.episodes.height}, clear {found.checked.height}, faults {len(found.problems)}")
    print()
    print(f"| {given.peer_rules} rules × {given.peer_sources} sources | s | ns per rule, source and hour | ratio |")
    print("|---|---|---|---|")
    print(f"| bilan.evaluation.rules | {ours[0]:.3f} | {ours[0] / cells * 1e9:.0f} | 1 |")
    print(f"| plain loop | {theirs[0]:.3f} | {theirs[0] / cells * 1e9:.0f} | {theirs[0] / ours[0]:.1f} |")
    per_cell = times[1] / (given.rules * given.sources * 24)
    print(f"| bilan.evaluation.rules, all | {times[1]:.3f} | {per_cell * 1e9:.0f} | {theirs[0] / cells / per_cell:.1f} × faster a cell |")
    print()
    print("the same episodes" if opened == theirs[1] else f"DIFFERENT: {len(opened)} and {len(theirs[1])}, {len(opened ^ theirs[1])} apart")


if __name__ == "__main__":
    main()

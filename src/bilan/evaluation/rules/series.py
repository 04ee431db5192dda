"""Rules about series: all rules of one interval on one scan of the store."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import polars as pl

from bilan.evaluation.rules.beside import Beside
from bilan.evaluation.rules.binding import LIMITS, TOGETHER, Column, bound, calls, names, owns
from bilan.evaluation.rules.context import Context
from bilan.evaluation.rules.findings import Collected, Source
from bilan.evaluation.rules.grid import Numbers
from bilan.evaluation.rules.judging import Job, cannot, run, sentence_columns
from bilan.evaluation.rules.measuring import STEP, UNIT, Layout, Wanted, measured, steps_of, wanted
from bilan.evaluation.rules.points import Points, source
from bilan.pack import vocab
from bilan.pack.rules import Name, Node, RuleSpec, Subject, functions
from bilan.pack.rules.columns import OWN, names_of
from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store

BUCKETS = (26, 100, 400, 800)
"""Rules that look back at most so many moments are evaluated together; those that look further on longer frames."""
MOST_ROWS = 4_000_000
"""Rows of one frame; more sources are dealt with one part after the other."""
AIR = "air"


@dataclass
class Target:
    """One rule with one of its parameters in one network.

    Attributes:
        column: science column of the parameter; empty for a rule about points.
        nodes: every expression of the rule, bound to the parameter.
        told: columns that its sentence names.
    """

    spec: RuleSpec
    points: list[Point]
    column: str = ""
    nodes: list[Node] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        formulas = (*self.spec.formulas, *self.spec.let.values())
        self.nodes = [bound(formula.node, self.column) for formula in formulas]
        known = [name for name in names_of(Subject.SERIES) or () if self.column or name not in OWN]
        self.told = sentence_columns(self.spec, known)

    @property
    def columns(self) -> set[str]:
        """Columns that it needs."""
        return names([*self.nodes, *(bound(Name(name), self.column) for name in self.told)])

    def measured(self) -> set[Column]:
        """Those of them that are measured."""
        return {found for name in self.columns if (found := Column.parse(name))}


@dataclass
class Cluster:
    """Targets of one network that are evaluated on frames of one length.

    Attributes:
        lead: moments before the judged ones, at the usual step.
    """

    network: str
    lead: int
    interval: str
    targets: list[Target] = field(default_factory=list)

    @property
    def nodes(self) -> list[Node]:
        """Expressions of all of them."""
        return [node for target in self.targets for node in target.nodes]

    @property
    def columns(self) -> set[str]:
        """Columns of all of them."""
        return {name for target in self.targets for name in target.columns}

    @property
    def together(self) -> bool:
        """Whether points are compared with each other."""
        return any(
            call.function in TOGETHER or functions()[call.function].pattern in TOGETHER for call in calls(self.nodes, "outside", "pattern")
        )

    @property
    def slow(self) -> bool:
        """Whether patterns of falsified measurement are looked for, which is done once for each new moment and then remembered."""
        return any(slow(target.spec) for target in self.targets)

    def key(self, begin: int, end: int) -> tuple[object, ...]:
        """What its findings depend on, but for what arrives late."""
        step = STEP[self.interval]
        rules = tuple((target.spec.rule, target.spec.digest, target.column) for target in self.targets)
        return ("patterns", self.network, self.lead, self.interval, begin // step, end // step, rules)

    def layout(self, begin: int, end: int, step: int) -> Layout:
        """Moments of a frame that judges begin ≤ start, start + step ≤ end."""
        lead = self.lead if self.interval != "minute" else math.ceil(self.lead * STEP["minute"] / step)
        return Layout(begin - begin % step, end - end % step, step, lead)


def evaluate(store: Store, specs: Iterable[RuleSpec], interval: str, begin: int, end: int, context: Context) -> Collected:
    """Judge the moments of begin ≤ start, start + step ≤ end.

    Args:
        store: where the readings are.
        specs: rules about series of this interval.
        interval: ``minute``, ``hour`` or ``day``.
        begin, end: span [s of the wall clock].
        context: limits and memory.
    """
    points = Points(store)
    clusters = plan(store, specs, interval, points, context)
    reading = _Reading(store, points, interval, context)
    known = {id(cluster): context.memory.get(cluster.key(begin, end)) for cluster in clusters if cluster.slow}
    reading.scan([cluster for cluster in clusters if known.get(id(cluster)) is None], begin, end)
    found = Collected()
    for cluster in clusters:
        part = known.get(id(cluster)) or reading.evaluate(cluster, begin, end)
        if cluster.slow:
            context.keep(cluster.key(begin, end), part)
        found.add(part)
    return found


def slow(spec: RuleSpec) -> bool:
    """Whether a rule looks for patterns of falsified measurement, over weeks of all its sources: dear once an hour, free in between.

    Whoever evaluates every minute does these after the others, so that they hold nothing up.
    """
    return bool(calls([formula.node for formula in (*spec.formulas, *spec.let.values())], "pattern"))


def plan(store: Store, specs: Iterable[RuleSpec], interval: str, points: Points, context: Context) -> list[Cluster]:
    """Which rules are evaluated together, on which parameters of which points."""
    clusters: dict[tuple[str, int, bool], Cluster] = {}
    limited = context.spans().select("point", "parameter").unique()
    for spec in specs:
        lead = _bucket(_lead(spec, interval))
        for network, chosen in points.of(spec).items():
            for column in _columns(store, spec, chosen, interval, limited):
                key = (network, lead, slow(spec))
                clusters.setdefault(key, Cluster(network, lead, interval)).targets.append(Target(spec, chosen, column))
    return list(clusters.values())


def _lead(spec: RuleSpec, interval: str) -> int:
    """Moments a rule needs before the first judged one: what it looks back, and what it takes to open or clear."""
    unit = UNIT[interval] / STEP[interval]
    patterns = calls([formula.node for formula in (*spec.formulas, *spec.let.values())], "pattern", "outside")
    history = max((float(functions()[call.function].lookback) * HOUR / STEP[interval] for call in patterns), default=0.0)
    return math.ceil(spec.lookback * unit + history) + max(spec.times, spec.clear_times) - 1


def _bucket(lead: int) -> int:
    return next((bucket for bucket in BUCKETS if lead <= bucket), lead)


def _columns(store: Store, spec: RuleSpec, points: Sequence[Point], interval: str, limited: pl.DataFrame) -> list[str]:
    """Parameters a rule is evaluated for; one empty name for a rule about points as a whole."""
    nodes = [formula.node for formula in (*spec.formulas, *spec.let.values())]
    if spec.where.parameters:
        return [vocab.vocabulary().by_code[code].column for code in spec.where.parameters]
    if not owns(nodes):
        return [""]
    codes = [point.code for point in points]
    known = store.catalogue.series_frame(codes, None, interval)["parameter"].unique()
    if names(nodes) & set(LIMITS):
        known = known.filter(known.is_in(limited.filter(pl.col("point").is_in(codes))["parameter"].unique().to_list()))
    by_code = vocab.vocabulary().by_code
    return sorted(by_code[code].column for code in known.to_list() if code in by_code)


class _Reading:
    """Reads what clusters need and evaluates them."""

    def __init__(self, store: Store, points: Points, interval: str, context: Context) -> None:
        self.store = store
        self.points = points
        self.interval = interval
        self.context = context
        self.rows = pl.DataFrame()
        self._wanted: dict[int, Wanted] = {}
        self._city: dict[tuple[str, int, int, int], Numbers] = {}

    def scan(self, clusters: Sequence[Cluster], begin: int, end: int) -> None:
        """Read every series once, from where the longest frame that has it begins."""
        first: dict[int, int] = {}
        usual = STEP[self.interval]
        for cluster in clusters:
            need = {column for target in cluster.targets for column in target.measured()}
            codes = {point.code for target in cluster.targets for point in target.points}
            if cluster.together:
                codes |= {point.code for point in self.points.by_code.values() if point.network == cluster.network}
            want = wanted(self.store, codes, need, self.interval)
            self._wanted[id(cluster)] = want
            start = begin - begin % DAY % usual - (cluster.lead + 2) * usual
            for number in want.series["id"].to_list():
                first[number] = min(first.get(number, start), start)
        by_start: dict[int, list[int]] = defaultdict(list)
        for number, start in first.items():
            by_start[start].append(number)
        parts = [self.store.scan(sorted(series), start, end, self.interval) for start, series in sorted(by_start.items())]
        self.rows = pl.concat(parts) if parts else self.store.scan([], 0, 0, self.interval)

    def evaluate(self, cluster: Cluster, begin: int, end: int) -> Collected:
        """Evaluate a cluster, points of one step at a time, few enough for memory."""
        found = Collected()
        want = self._wanted[id(cluster)]
        rows = self.rows.filter(pl.col("series").is_in(want.series["id"].implode()))
        by_step: dict[int, list[str]] = defaultdict(list)
        for code, step in steps_of(rows, want, self.interval).items():
            by_step[step].append(code)
        for step, codes in sorted(by_step.items()):
            layout = cluster.layout(begin, end, step)
            if layout.begin >= layout.end:
                continue
            size = len(codes) if cluster.together else max(1, MOST_ROWS // len(layout.moments))
            for at in range(0, len(codes), size):
                chosen = [self.points.by_code[code] for code in codes[at : at + size]]
                found.add(self._evaluate(cluster, rows, want, chosen, layout))
        return found

    def _evaluate(self, cluster: Cluster, rows: pl.DataFrame, want: Wanted, points: list[Point], layout: Layout) -> Collected:
        columns = cluster.columns
        grid = measured(rows, want, points, columns, layout, self.interval, self.context)
        key = (self.interval, layout.step, tuple(point.code for point in points))
        beside = Beside(grid, points, partial(self._history, points, layout.step), partial(self._of_city, layout), self.context, key)
        failed = beside.prepare(cluster.nodes, sorted(columns))
        found, jobs = Collected(), []
        for target in cluster.targets:
            wrong = [call for call in calls(target.nodes, "outside", "pattern") if call in failed]
            if wrong:
                found.problems.append(cannot(target.spec, failed[wrong[0]]))
            else:
                jobs.append(_job(target, want, points))
        found.add(run(grid, [job for job in jobs if job.places.size]))
        return found

    def _history(self, points: list[Point], step: int, column: str, begin: int, end: int) -> Numbers:
        """Values of a column before the frame."""
        parsed = Column.parse(column)
        need = [parsed] if parsed else []
        want = wanted(self.store, [point.code for point in points], need, self.interval)
        rows = self.store.scan(want.series["id"].to_list(), begin, end, self.interval)
        grid = measured(rows, want, points, [column], Layout(begin, end, step, 0), self.interval, self.context)
        values = grid.frame[column].cast(pl.Float64).fill_null(float("nan"))
        return values.to_numpy().reshape(len(points), -1)

    def _of_city(self, layout: Layout, column: str) -> Numbers:
        """Median of a parameter over the air stations of the city at each moment."""
        key = (column, layout.first, layout.end, layout.step)
        if key not in self._city:
            stations = [point for point in self.points.by_code.values() if point.network == AIR]
            values = self._history(stations, layout.step, column, layout.first, layout.end) if stations else None
            self._city[key] = np.full(len(layout.moments), np.nan) if values is None else _median(values)
        return self._city[key]


def _median(values: Numbers) -> Numbers:
    """Median over the points at each moment; not a number where none has a value."""
    frame = pl.DataFrame(values.T).select(pl.concat_list(pl.all().fill_nan(None)).list.drop_nulls().list.median())
    return frame.to_series().cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _job(target: Target, want: Wanted, points: Sequence[Point]) -> Job:
    """A target on a frame of these points."""
    spec, column = target.spec, target.column
    code = vocab.by_column(column).code if column else ""
    having = set(want.points(column) if column else want.points())
    asked = {point.code for point in target.points}
    places = [at for at, point in enumerate(points) if point.code in having and point.code in asked]
    here = [points[at] for at in places]
    titles = [f"{point.code}|{code}" if code else point.code for point in here]
    shown = sorted({found.parameter for found in target.measured()} | ({column} if column else set()), key=lambda name: name != column)

    def describe(at: int) -> Source:
        return source(titles[at], here[at], code)

    def proof(at: int) -> list[dict[str, Any]]:
        of_point = {"point": here[at].code, "interval": spec.interval}
        return [{**of_point, "parameter": vocab.by_column(name).code} for name in shown]

    return Job(
        spec=spec,
        bind=partial(bound, column=column),
        places=np.array(places, dtype=np.int64),
        sources=pl.Series("source", titles, dtype=pl.String),
        describe=describe,
        columns=target.told,
        proof=proof,
    )

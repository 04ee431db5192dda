"""Frames become readings: which series, which span, which value, which mark; and what in a frame makes no sense."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import count
from typing import NamedTuple, cast

from bilan.problems import Problem
from bilan.telemetry import clock
from bilan.telemetry.gateway.decryption import segment_of
from bilan.telemetry.hj212.fast import Column, Header, Numbers, Shape, read_header, read_numbers
from bilan.telemetry.ingest.meaning import span_of, statistics
from bilan.telemetry.ingest.translation import Word, word
from bilan.telemetry.model import Device, Reading, SeriesKey
from bilan.telemetry.store import Store

IMPOSSIBLE = 1e14
"""Values have at most 14 digits before the point."""
UNCOMPUTABLE = frozenset({9999.99, 99999.99, 999999.99, 9999999.99, 99999999.99, 999999999.99})
"""What stands for a converted concentration that cannot be computed."""
NORMAL = "N"
LONGEST_CODE = 24
PARTS = 10_000
_reading = partial(tuple.__new__, Reading)
"""Makes a `Reading` of all its fields at twice the speed of its constructor."""
_generations = count(1)
"""Numbers the states of devices in this process: shapes, which keep the plans, are shared by all exploders."""


PlanKey = tuple[int, str, tuple[Column, ...]]
"""What a plan is made for: state of a device, command code, numbers in the order of the area."""


class Pick(NamedTuple):
    """One number of a shape: where it stands and where it goes.

    Attributes:
        place: place among the shape's columns.
        series: id of the series.
        times, over: from the unit on the wire to the stored unit.
        converted: whether it may stand for a value that cannot be computed.
    """

    place: int
    series: int
    times: int
    over: int
    converted: bool


class Plan(NamedTuple):
    """What is done with every frame of one device, command code and shape.

    Attributes:
        interval, seconds: what its values cover.
        back: from DataTime to the begin of the span [s].
        picks: the numbers that become readings.
        plain: place and series of each when none needs care; else empty.
    """

    interval: str
    seconds: int
    back: int
    picks: tuple[Pick, ...]
    plain: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Batch:
    """Readings of one interval on their way to the store, with arrival and source of each."""

    readings: list[Reading] = field(default_factory=list)
    arrived: list[int] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Exploded:
    """What one frame came to.

    Attributes:
        cn: command code.
        interval: interval of its readings; empty when it carries none.
        start: begin of its span, seconds of the wall clock.
        seconds: length of the span.
        count: number of readings.
        problems: what makes no sense and was left out.
    """

    cn: str = ""
    interval: str = ""
    start: int = 0
    seconds: int = 0
    count: int = 0
    problems: list[Problem] = field(default_factory=list)


class Exploder:
    """Explodes the frames of all devices; what is worked out once per device and shape is remembered.

    Args:
        store: where series are numbered.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = -1
        self._wanted: dict[PlanKey, Wanted] = {}
        self._made: dict[PlanKey, Plan] = {}
        self._devices: dict[str, tuple[Device, int, str]] = {}
        self._parts: OrderedDict[tuple[str, str, str, str], str] = OrderedDict()

    def refresh(self) -> None:
        """Read the devices again when the catalogue has changed; plans of devices that changed are made anew."""
        version = self._store.catalogue.version()
        if version == self._version:
            return
        networks = {point.code: point.network for point in self._store.catalogue.points()}
        before = self._devices
        self._devices = {}
        for device in self._store.catalogue.devices():
            network = networks.get(device.point, "")
            known = before.get(device.mn)
            if known is None or known[0] != device or known[2] != network:
                known = (device, next(_generations), network)
            self._devices[device.mn] = known
        self._version = version

    def device(self, mn: str) -> Device | None:
        """The device of an MN."""
        known = self._devices.get(mn)
        return known[0] if known else None

    def explode(self, mn: str, frame: bytes, arrived: int, source: int, into: dict[str, Batch], *, plain: bool = False) -> Exploded:
        """Turn one frame into readings; to be done again when `complete` then says that a plan was missing.

        Args:
            mn: the device whose frame it is.
            frame: from ``##`` to the check sum.
            arrived: wall time of arrival [s].
            source: position of the frame in the journal.
            into: batches by interval; the readings are appended.
            plain: the frame is not encrypted, whatever the device usually does.
        """
        known = self._devices.get(mn)
        if known is None:
            return Exploded(problems=[Problem("gateway.unknown_device", {"mn": mn})])
        device, generation, network = known
        segment = frame[6:-4] if plain else segment_of(frame, device)
        if segment is None:
            return Exploded(problems=[Problem("ingest.unreadable", {"mn": mn, "bytes": len(frame)})])
        head = read_header(segment)
        span = span_of(head.cn, device)
        if span is None:
            return Exploded(head.cn)
        if not device.point:
            return Exploded(head.cn, problems=[Problem("ingest.no_point", {"mn": mn})])
        numbers = read_numbers(segment, device.charset)
        result = Exploded(head.cn, span[0], 0, span[1])
        start = self._start(head, numbers, result)
        if start is not None:
            plan = self._plan(head.cn, span, numbers.shape, (device, generation, network))
            if plan is None:
                return result
            result.start = start - plan.back
            if numbers.problems:
                result.problems += [problem for problem in numbers.problems if problem.code == "hj212.not_a_number"]
            _append(plan, numbers, result, arrived, source, into.setdefault(plan.interval, Batch()))
        return result

    def _start(self, head: Header, numbers: Numbers, result: Exploded) -> int | None:
        """Time of the data; a later part of a split telegram may leave it to the first one."""
        stamp = numbers.data_time
        if head.pnum:
            part = (head.mn, head.st, head.cn, head.pnum)
            if stamp:
                self._parts[part] = stamp
                if len(self._parts) > PARTS:
                    self._parts.popitem(last=False)
            else:
                stamp = self._parts.get(part, "")
        if not stamp:
            result.problems.append(Problem("ingest.no_time", {"cn": head.cn}))
            return None
        start = _seconds(stamp)
        if start is None:
            result.problems.append(Problem("value.not_a_time", {"value": stamp[:32]}))
        return start

    def _plan(self, cn: str, span: tuple[str, int], shape: Shape, known: tuple[Device, int, str]) -> Plan | None:
        device, generation, network = known
        key = (generation, cn)
        plan: Plan | None = shape.plans.get(key)
        if plan is None:
            wanted = (generation, cn, shape.columns)
            plan = self._made.get(wanted)
            if plan is None:
                self._wanted[wanted] = Wanted(span, shape, device, network)
            else:
                shape.plans[key] = plan
        return plan

    def complete(self) -> bool:
        """Work out the plans that were missing, all series in one go.

        Returns:
            Whether there were none; otherwise the same frames must be exploded again.
        """
        if not self._wanted:
            self._made.clear()
            return True
        wanted, self._wanted = self._wanted, {}
        meanings = {key: _meanings(want) for key, want in wanted.items()}
        units = {series: meaning.unit_of(series.statistic) for chosen in meanings.values() for series, (_, meaning) in chosen.items()}
        ids = dict(zip(units, self._store.catalogue.series_ids(list(units), list(units.values())), strict=True))
        for key, want in wanted.items():
            interval, seconds = want.span
            picks = tuple(
                Pick(place, ids[series], meaning.times, meaning.over, series.statistic.startswith("converted"))
                for series, (place, meaning) in meanings[key].items()
            )
            careful = any(pick.converted or pick.times != pick.over for pick in picks)
            plain = () if careful else tuple((pick.place, pick.series) for pick in picks)
            self._made[key] = Plan(interval, seconds, seconds if want.device.labels == "end" else 0, picks, plain)
        return False


class Wanted(NamedTuple):
    """A plan that has to be worked out."""

    span: tuple[str, int]
    shape: Shape
    device: Device
    network: str


def _meanings(want: Wanted) -> dict[SeriesKey, tuple[int, Word]]:
    """Series of a shape's numbers, with the place of the number and what its factor code stands for."""
    meant = statistics()
    chosen: dict[SeriesKey, tuple[int, Word]] = {}
    for place, column in enumerate(want.shape.columns):
        statistic = meant.get(column.tag)
        if statistic and column.factor.isascii() and column.factor.isalnum() and len(column.factor) <= LONGEST_CODE:
            meaning = word(column.factor, want.device.codes, want.network)
            chosen[SeriesKey(want.device.point, meaning.parameter, statistic, want.span[0], meaning.occurrence)] = (place, meaning)
    return chosen


def _append(plan: Plan, numbers: Numbers, result: Exploded, arrived: int, source: int, batch: Batch) -> None:
    start, seconds = result.start, plan.seconds
    values, marks = numbers.values, numbers.marks
    if plan.plain and _is_ordinary(numbers):
        added = [_reading((series, start, seconds, values[place], marks[place][:8] or NORMAL, 0)) for place, series in plan.plain]
    else:
        added = list(_carefully(plan, numbers, result))
    result.count = len(added)
    batch.readings += added
    batch.arrived += [arrived] * result.count
    batch.sources += [source] * result.count


def _is_ordinary(numbers: Numbers) -> bool:
    """Whether every value is there and possible, and every mark can be printed."""
    if numbers.problems or None in numbers.values or not "".join(numbers.marks).isprintable():
        return False
    values = cast("Sequence[float]", numbers.values)
    return min(values) > -IMPOSSIBLE and max(values) < IMPOSSIBLE


def _carefully(plan: Plan, numbers: Numbers, result: Exploded) -> Iterator[Reading]:
    """Readings of a frame of which a value is missing, is impossible, or comes in another unit."""
    for place, series, times, over, converted in plan.picks:
        value = numbers.values[place]
        flag = _flag(numbers.marks[place])
        if value is not None and not -IMPOSSIBLE < value < IMPOSSIBLE:
            column = numbers.shape.columns[place]
            result.problems.append(Problem("ingest.impossible", {"key": f"{column.factor}-{column.tag}", "value": value}))
        elif value is not None:
            uncomputable = converted and value in UNCOMPUTABLE
            yield Reading(series, result.start, plan.seconds, None if uncomputable else value * times / over, flag)
        elif flag != NORMAL:
            yield Reading(series, result.start, plan.seconds, None, flag)


def _flag(text: str) -> str:
    """Data mark as stored.

    Examples:
        >>> _flag(""), _flag("D"), _flag("\\x00")
        ('N', 'D', '?')
    """
    return "".join(char if char.isprintable() else "?" for char in text[:8]) or NORMAL


@lru_cache(maxsize=50_000)
def _seconds(stamp: str) -> int | None:
    """Read a time of the protocol; None when it is none.

    Examples:
        >>> _seconds("19700101010000"), _seconds("19701301000000")
        (3600, None)
    """
    try:
        return clock.seconds(clock.parse_stamp(stamp))
    except ValueError:
        return None

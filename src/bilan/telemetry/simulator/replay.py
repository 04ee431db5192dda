"""Recorded hours sent as devices: over TCP, in HJ 212, at any speed, each kept until it is acknowledged."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from bilan.telemetry.clock import moment
from bilan.telemetry.hj212 import Framer, Packet, answered, build, parse
from bilan.telemetry.hj212.qn import RequestNumbers, stamp
from bilan.telemetry.ingest.translation import word
from bilan.telemetry.model import Device, Point
from bilan.telemetry.simulator.recorded import Recording
from bilan.telemetry.store import Store

WINDOW = 64
"""Telegrams of one device that may wait for their acknowledgement."""

PATIENCE = 10.0
FIRST_PATIENCE = 2.0
"""Wait for the first confirmation: the host may still have to read the new devices [s]."""

REPEATS = 6
PAUSE = 0.5
SYSTEMS = {"air": "22", "surface_water": "21"}
PREFIXES = {"air": "AQ-R", "surface_water": "SW-R"}
KEYS = ("name", "city", "start")


@dataclass(frozen=True, slots=True)
class Station:
    """One recorded station or section as a device.

    Attributes:
        telegrams: (begin of the hour [s], frame without request number, readings in it), in the order of time.
    """

    point: Point
    device: Device
    telegrams: list[tuple[int, Packet, int]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a replay sends.

    Attributes:
        stations: every device with its telegrams.
        recordings: what they were made from, with the official results beside.
    """

    stations: list[Station]
    recordings: list[Recording]

    @property
    def points(self) -> list[Point]:
        """Points to be registered."""
        return [station.point for station in self.stations]

    @property
    def devices(self) -> list[Device]:
        """Devices to be registered."""
        return [station.device for station in self.stations]

    @property
    def codes(self) -> dict[tuple[str, str], str]:
        """(name, city) as recorded → code of the point."""
        return {(str(station.point.attributes["recorded_name"]), str(station.point.attributes["city"])): station.point.code
                for station in self.stations}  # fmt: skip

    def packets(self) -> Iterator[Packet]:
        """Every telegram, device by device."""
        for station in self.stations:
            for _, packet, _ in station.telegrams:
                yield packet


@dataclass(slots=True)
class Outcome:
    """What became of a replay.

    Attributes:
        telegrams, readings: how many were to be sent.
        sent: telegrams sent at least once.
        acknowledged: telegrams that the host confirmed; `readings_acknowledged` the readings in them.
        repeated: further sendings of unconfirmed telegrams.
        unconfirmed: telegrams given up.
        seconds: how long it took [s].
    """

    devices: int = 0
    telegrams: int = 0
    readings: int = 0
    sent: int = 0
    acknowledged: int = 0
    readings_acknowledged: int = 0
    repeated: int = 0
    unconfirmed: int = 0
    seconds: float = 0.0


def plan(
    recordings: Sequence[Recording],
    section_types: Mapping[str, str] | None = None,
    positions: Mapping[tuple[str, str], tuple[float, float]] | None = None,
) -> Plan:
    """Make a device of every recorded station.

    Parameters:
        recordings: from `recorded.read`.
        section_types: section → ``river`` or ``lake``; rivers by default.
        positions: (city without its level, name) → longitude and latitude [deg].
    """
    stations = [station for recording in recordings for station in _stations(recording, section_types or {}, positions or {})]
    return Plan(stations, list(recordings))


def _stations(
    recording: Recording, section_types: Mapping[str, str], positions: Mapping[tuple[str, str], tuple[float, float]]
) -> Iterator[Station]:
    groups = recording.frame.partition_by("city", "name", as_dict=True)
    named = sorted((str(city or ""), str(name)) for city, name in groups)
    by_name = {(str(city or ""), str(name)): rows for (city, name), rows in groups.items()}
    for number, (city, name) in enumerate(named, start=1):
        code = f"{PREFIXES[recording.network]}{number:03d}"
        attributes = {"recorded_name": name, "city": city, "recorded": True}
        if recording.network == "air":
            attributes["kind"] = "city"
        else:
            attributes |= {"section_type": section_types.get(name, "river"), "target_class": 3, "carry_hours": 0}
        label = f"{city}{name}"
        lon, lat = positions.get((city.removesuffix("市"), name), (None, None))
        point = Point(code, recording.network, label, label, lon=lon, lat=lat, attributes=attributes)
        mn = hashlib.sha256(f"replay/{city}/{name}".encode()).hexdigest()[:24].upper()
        device = Device(mn, point=code, password=mn[-6:], system=SYSTEMS[recording.network])
        columns = [column for column in recording.frame.columns if column not in KEYS]
        yield Station(point, device, list(_telegrams(device, recording.network, by_name[city, name].sort("start"), columns)))


def _telegrams(device: Device, network: str, frame: pl.DataFrame, codes: Sequence[str]) -> Iterator[tuple[int, Packet, int]]:
    for row in frame.iter_rows(named=True):
        values = {code: {"Avg": _text(value, code, network), "Flag": "N"} for code in codes if (value := row[code]) is not None}
        start = int(row["start"] or 0)
        fields = {"DataTime": stamp(moment(start))}
        packet = Packet(st=device.system, cn="2061", pw=device.password, mn=device.mn, flag="5", fields=fields, values=values)
        if values:
            yield start, packet, len(values)


def _text(value: float, code: str, network: str) -> str:
    """The number with all its recorded digits, in the unit that the code implies."""
    meant = word(code, "2017", network)
    shown = value * meant.over / meant.times
    return str(np.format_float_positional(shown, trim="-"))


def register(store: Store, planned: Plan) -> None:
    """Enter the points and devices of a replay into the catalogue; those that are there stay as they are."""
    points = {point.code for point in store.catalogue.points()}
    devices = {device.mn for device in store.catalogue.devices()}
    store.catalogue.put_points([point for point in planned.points if point.code not in points])
    store.catalogue.put_devices([device for device in planned.devices if device.mn not in devices])


async def run(
    planned: Plan,
    host: str,
    port: int,
    *,
    speed: float | None = None,
    window: int = WINDOW,
    patience: float = PATIENCE,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Send a plan to a gateway, every station on a connection of its own.

    Parameters:
        speed: recorded seconds sent in a second; None for as fast as the host confirms.
        window: telegrams of one station that may be unconfirmed.
        patience: wait before a telegram is repeated [s].
        progress: told the number of confirmed telegrams and of all.
    """
    outcome = Outcome(
        devices=len(planned.stations),
        telegrams=sum(len(station.telegrams) for station in planned.stations),
        readings=sum(readings for station in planned.stations for _, _, readings in station.telegrams),
    )
    begun = time.monotonic()
    first = min((station.telegrams[0][0] for station in planned.stations if station.telegrams), default=0)
    async with asyncio.TaskGroup() as tasks:
        for station in planned.stations:
            sender = _Sender(station, outcome, window, patience, progress)
            tasks.create_task(sender.run(host, port, speed, first, begun))
    outcome.seconds = time.monotonic() - begun
    return outcome


@dataclass(slots=True)
class _Waiting:
    packet: Packet
    readings: int
    frame: bytes
    deadline: float
    attempts: int = 1


@dataclass(slots=True)
class _Sender:
    """One station on its way to the gateway."""

    station: Station
    outcome: Outcome
    window: int
    patience: float
    progress: Callable[[int, int], None]
    numbers: RequestNumbers = field(default_factory=RequestNumbers)
    waiting: dict[str, _Waiting] = field(default_factory=dict)
    known: bool = False
    """Whether the host has confirmed anything: until then one telegram is tried alone."""

    async def run(self, host: str, port: int, speed: float | None, first: int, begun: float) -> None:
        left = deque(self.station.telegrams)
        failures = 0
        while (left or self.waiting) and failures <= REPEATS:
            try:
                reader, writer = await asyncio.open_connection(host, port)
            except OSError:
                failures += 1
                await asyncio.sleep(PAUSE * 2**failures)
                continue
            try:
                await self._converse(reader, writer, left, speed, first, begun)
            except (OSError, EOFError):
                failures += 1
                await asyncio.sleep(PAUSE)
            finally:
                writer.close()
        self.outcome.unconfirmed += len(self.waiting) + len(left)

    async def _converse(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        left: deque[tuple[int, Packet, int]],
        speed: float | None,
        first: int,
        begun: float,
    ) -> None:
        framer = Framer()
        for waiting in self.waiting.values():
            writer.write(waiting.frame)
        while left or self.waiting:
            pause = self._send_due(writer, left, speed, first, begun)
            await writer.drain()
            if not self.waiting:
                await asyncio.sleep(pause)
                continue
            try:
                chunk = await asyncio.wait_for(reader.read(65536), min(pause, self._wait) if left else self._wait)
            except TimeoutError:
                self._repeat(writer)
                continue
            if not chunk:
                raise EOFError
            for frame in framer.feed(chunk):
                if not frame.error:
                    self._heard(parse(frame.segment))

    def _send_due(
        self, writer: asyncio.StreamWriter, left: deque[tuple[int, Packet, int]], speed: float | None, first: int, begun: float
    ) -> float:
        """Send what the window and the speed allow; how long to wait for the next one [s]."""
        while left and len(self.waiting) < (self.window if self.known else 1):
            if speed is not None:
                early = begun + (left[0][0] - first) / speed - time.monotonic()
                if early > 0:
                    return early
            start, packet, readings = left.popleft()
            qn = self.numbers.take(moment(start))
            frame = build(_numbered(packet, qn))
            self.waiting[qn] = _Waiting(packet, readings, frame, time.monotonic() + self._wait)
            writer.write(frame)
            self.outcome.sent += 1
        return self._wait

    @property
    def _wait(self) -> float:
        return self.patience if self.known else min(self.patience, FIRST_PATIENCE)

    def _heard(self, packet: Packet) -> None:
        waiting = self.waiting.pop(answered(packet), None) if packet.cn == "9014" else None
        if waiting is not None:
            self.known = True
            self.outcome.acknowledged += 1
            self.outcome.readings_acknowledged += waiting.readings
            self.progress(self.outcome.acknowledged, self.outcome.telegrams)

    def _repeat(self, writer: asyncio.StreamWriter) -> None:
        """Send again what was not confirmed in time; what was repeated often enough is given up."""
        now = time.monotonic()
        for qn, waiting in list(self.waiting.items()):
            if waiting.deadline > now:
                continue
            if waiting.attempts > REPEATS:
                del self.waiting[qn]
                self.outcome.unconfirmed += 1
                continue
            waiting.attempts += 1
            waiting.deadline = now + self._wait
            writer.write(waiting.frame)
            self.outcome.repeated += 1


def _numbered(packet: Packet, qn: str) -> Packet:
    return Packet(qn, packet.st, packet.cn, packet.pw, packet.mn, packet.flag, fields=packet.fields, values=packet.values)

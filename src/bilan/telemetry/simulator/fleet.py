"""Every device of a city as a logger of its own, all in one process."""

from __future__ import annotations

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Sequence

from bilan.pack.city import City
from bilan.problems import BilanError, Problem
from bilan.telemetry.clock import DAY
from bilan.telemetry.model import Device
from bilan.telemetry.simulator.events import Window
from bilan.telemetry.simulator.logger import Logger, Tally
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.orders import Orders, orders_file
from bilan.telemetry.simulator.sampler import Sampler
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.simulator.silence import Silenced, silence_file
from bilan.telemetry.simulator.telegrams import Telegrams
from bilan.telemetry.simulator.timing import FleetClock
from bilan.telemetry.store import Store

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
STAGGER_SECONDS = 15.0
WATCH_SECONDS = 1.0
LOOK_AHEAD = DAY


class Fleet:
    """Simulated loggers that report to a gateway.

    Parameters:
        devices: loggers; those without a known point stay away.
        signals: what they measure.
        host, port: the gateway.
        clock: the devices' clock.
        silenced: devices that must not report.
        orders: who has to cheat, beside what the schedule has planned.
    """

    def __init__(
        self,
        devices: Sequence[Device],
        signals: Signals,
        host: str,
        port: int,
        clock: FleetClock,
        silenced: Silenced,
        orders: Orders | None = None,
    ) -> None:
        self.tally = Tally()
        self._address = (host, port)
        self._clock = clock
        self._silenced = silenced
        self._orders = orders
        self._sampler = Sampler(Observer(signals))
        self._outages: dict[tuple[str, int], list[Window]] = {}
        self._outages_until = 0.0
        self.loggers = [self._logger(device, signals) for device in devices if _known(device, signals)]

    @classmethod
    def of(cls, city: City, seed: int = 0, speed: float = 1.0, begin: float | None = None) -> Fleet:
        """The fleet of a city folder.

        Raises:
            BilanError: the city has no device that can be simulated.
        """
        store = Store.open(city)
        try:
            points, devices = store.catalogue.points(), [device for device in store.catalogue.devices() if device.state == "active"]
        finally:
            store.close()
        clock = FleetClock(city.timezone, speed, begin)
        silenced = Silenced(silence_file(city))
        orders = Orders(orders_file(city), clock.now)
        fleet = cls(devices, Signals(points, seed), city.gateway_host, city.gateway_port, clock, silenced, orders)
        if not fleet.loggers:
            raise BilanError(Problem("simulate.no_devices", {"value": str(city.folder)}))
        return fleet

    def _logger(self, device: Device, signals: Signals) -> Logger:
        network, row = signals.position(device.point)
        point = signals.models[network].points[row]
        return Logger(Telegrams(device, point, signals, row), self._sampler, self._clock, self.tally)

    async def run(self) -> None:
        """Keep every logger reporting until cancelled."""
        self._silenced.refresh()
        self._obey()
        self._plan_outages()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch())
            for logger in self.loggers:
                tasks.create_task(self._connect(logger))
                tasks.create_task(self._beat(logger))

    async def _watch(self) -> None:
        """Look at the files of silenced devices and of orders, at planned outages and at what was not acknowledged."""
        loop = asyncio.get_running_loop()
        while True:
            self._silenced.refresh()
            self._obey()
            if self._clock.now() > self._outages_until - LOOK_AHEAD / 2:
                self._plan_outages()
            now = loop.time()
            for logger in self.loggers:
                if logger.transport is not None:
                    if self._off(logger)[0]:
                        logger.hang_up()
                    else:
                        logger.chase(now)
            await asyncio.sleep(WATCH_SECONDS)

    def _obey(self) -> None:
        """Take over changed orders."""
        if self._orders is not None and self._orders.refresh():
            self._sampler.order(self._orders)

    def _plan_outages(self) -> None:
        begin = int(self._clock.now())
        self._outages_until = begin + LOOK_AHEAD
        found = defaultdict(list)
        for network in self._sampler.observer.signals.models:
            for window in self._sampler.observer.silences(network, begin, begin + LOOK_AHEAD):
                found[network, window.row].append(window)
        self._outages = dict(found)

    def _off(self, logger: Logger) -> tuple[bool, bool]:
        """Whether a logger may not connect now, and whether it has no power either."""
        now = self._clock.now()
        windows = self._outages.get((logger.telegrams.network, logger.telegrams.row), ())
        names = {window.kind.name for window in windows if window.begin <= now < window.end}
        return bool(names) or logger.device in self._silenced, "loss" in names

    async def _connect(self, logger: Logger) -> None:
        """Connect, and again with growing pauses after a failure or an outage."""
        luck = zlib.crc32(logger.device.mn.encode()) / 2**32
        await asyncio.sleep(luck * min(STAGGER_SECONDS, logger.realtime_seconds / self._clock.speed))
        loop = asyncio.get_running_loop()
        pause = FIRST_PAUSE
        while True:
            if self._off(logger)[0]:
                await asyncio.sleep(WATCH_SECONDS)
                continue
            begun = loop.time()
            try:
                await loop.create_connection(lambda: logger, *self._address)
            except OSError:
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                await logger.closed.wait()
                pause = FIRST_PAUSE if loop.time() - begun > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause * (0.7 + 0.6 * luck))

    async def _beat(self, logger: Logger) -> None:
        """Let a logger do what is due once in each real-time interval, at its own place within it."""
        luck = zlib.crc32(f"beat/{logger.device.mn}".encode()) / 2**32
        while True:
            interval = logger.realtime_seconds
            now = self._clock.now()
            place = luck * interval
            following = (now - place) // interval * interval + interval + place
            await asyncio.sleep(self._clock.real_seconds(following - now) + 0.001)
            logger.tick(*self._off(logger))


def _known(device: Device, signals: Signals) -> bool:
    try:
        signals.position(device.point)
    except KeyError:
        return False
    return True

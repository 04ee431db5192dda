"""Running a gateway: the listening sockets, the poll of the database, the clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from concurrent.futures import ThreadPoolExecutor

from bilan.pack.city import City
from bilan.problems import BilanError
from bilan.telemetry.gateway.admin import Admin
from bilan.telemetry.gateway.commands import queued
from bilan.telemetry.gateway.connection import Connection
from bilan.telemetry.gateway.events import Event
from bilan.telemetry.gateway.orders import Order
from bilan.telemetry.gateway.server import Gateway
from bilan.telemetry.gateway.settings import STREAM, Settings
from bilan.telemetry.gateway.table import DeviceTable
from bilan.telemetry.store import Store

log = logging.getLogger("bilan.gateway")

BACKLOG = 4096


class Poll:
    """Looks at the database in a thread of its own: devices that changed, commands that wait.

    Commands are taken once the ingest has projected everything from before this run, so that none is sent a second time
    because its first sending was not in the table yet.
    """

    def __init__(self, store: Store, table: DeviceTable, begin: int) -> None:
        self._store = store
        self._table = table
        self._begin = begin
        self._projected = False
        self.failing = ""

    def once(self) -> list[Order]:
        """Read devices when they changed, and give the commands that wait."""
        try:
            self._table.refresh()
            self._projected = self._projected or self._store.offsets.get(STREAM) >= self._begin
            orders = queued(self._store) if self._projected else []
        except BilanError as error:
            if not self.failing:
                log.warning("%s · %s", error.text("en"), error.text())
            self.failing = error.text("en")
            return []
        self.failing = ""
        return orders


async def serve(city: City, settings: Settings, ready: asyncio.Event | None = None, stop: asyncio.Event | None = None) -> None:
    """Run the gateway of a city until SIGTERM, SIGINT or `stop`.

    Args:
        city: whose devices report.
        settings: limits and pauses.
        ready: set when connections are accepted.
        stop: ends the gateway when set.
    """
    loop = asyncio.get_running_loop()
    stop = stop or asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop.set)
    with ThreadPoolExecutor(1, "poll") as thread:
        store = await _open_store(city, loop, thread, stop)
        if store is not None:
            await _run(city, settings, store, thread, ready or asyncio.Event(), stop)
            await loop.run_in_executor(thread, store.close)


async def _open_store(city: City, loop: asyncio.AbstractEventLoop, thread: ThreadPoolExecutor, stop: asyncio.Event) -> Store | None:
    """Open the store, waiting for a database that cannot be reached yet."""

    def attempt() -> Store:
        store = Store.open(city)
        store.migrate()
        return store

    while not stop.is_set():
        try:
            return await loop.run_in_executor(thread, attempt)
        except BilanError as error:
            log.error("%s · %s", error.text("en"), error.text())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 2)
    return None


async def _run(city: City, settings: Settings, store: Store, thread: ThreadPoolExecutor, ready: asyncio.Event, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    table = DeviceTable(store)
    gateway = Gateway(city, table, settings, loop)
    poll = Poll(store, table, gateway.journal.begin)
    await loop.run_in_executor(thread, poll.once)
    gateway.gate.start()
    admin = await loop.create_server(lambda: Admin(gateway.status, gateway.scrape), "127.0.0.1", city.admin_port)
    door = await loop.create_server(lambda: Connection(gateway), city.gateway_host, city.gateway_port, backlog=BACKLOG)
    gateway.note(Event.STARTED, port=city.gateway_port)
    log.info("listening on %s:%s · 网关已启动", city.gateway_host, city.gateway_port)
    rounds = [asyncio.create_task(_sweeping(gateway)), asyncio.create_task(_polling(gateway, poll, thread, settings.poll_seconds))]
    ready.set()
    try:
        await stop.wait()
    finally:
        for task in rounds:
            task.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)
        door.close()
        admin.close()
        gateway.gate.stop()
        for connection in list(gateway.connections):
            gateway.drop(connection, "stopping")
        await asyncio.sleep(0)
        gateway.note(Event.STOPPED)
        await loop.run_in_executor(None, gateway.journal.close)
        log.info("stopped · 网关已停止")


async def _sweeping(gateway: Gateway) -> None:
    while True:
        await asyncio.sleep(1.0)
        gateway.sweep()


async def _polling(gateway: Gateway, poll: Poll, thread: ThreadPoolExecutor, pause: float) -> None:
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(pause)
        gateway.dispatcher.offer(await loop.run_in_executor(thread, poll.once))

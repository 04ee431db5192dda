"""Commands to devices: one at a time for each device, repeated, followed to the answer; every step is journaled."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.gateway.events import Event
from bilan.telemetry.gateway.orders import NOTICES, Order, State
from bilan.telemetry.gateway.wire import Header, printable
from bilan.telemetry.hj212.building import build
from bilan.telemetry.hj212.crc import STANDARD, VARIANTS
from bilan.telemetry.hj212.qn import RequestNumbers
from bilan.telemetry.hj212.requests import request
from bilan.telemetry.model import Device

if TYPE_CHECKING:
    from bilan.telemetry.gateway.server import Gateway

SET_CLOCK = "1012"
GATEWAY = "gateway"
ANSWER_LENGTH = 500
DONE = "1"


class Dispatcher:
    """Sends queued commands to the devices that are connected and follows them.

    Reference: HJ 212-2017 6.4; timeouts and repeats as in its section on communication.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._queues: dict[str, deque[Order]] = {}
        self._active: dict[str, Order] = {}
        self._taken: dict[int, int] = {}
        self._numbers = RequestNumbers()

    def open_commands(self) -> int:
        """Number of commands that are not finished."""
        return len(self._active) + sum(len(queue) for queue in self._queues.values())

    def busy(self, mn: str) -> bool:
        """Whether an answer of this device is awaited."""
        return mn in self._active

    def offer(self, orders: Iterable[Order]) -> None:
        """Take the commands that the table holds as queued; those already taken are passed over."""
        for order in orders:
            if order.id not in self._taken:
                self._taken[order.id] = order.expires
                self._queues.setdefault(order.mn, deque()).append(order)
                self._next(order.mn)

    def set_clock(self, mn: str) -> None:
        """Set the clock of a device: it asked, or it has just connected."""
        now = self._gateway.arrived() // 1000
        order = Order(time.time_ns() // 1000, mn, SET_CLOCK, {"SystemTime": ""}, now + 600, GATEWAY)
        self._note(order, fields=order.fields, person=GATEWAY, expires=order.expires)
        self.offer([order])

    def joined(self, mn: str) -> None:
        """A device connected: its clock comes first, then what waits for it."""
        if self._gateway.settings.set_clock:
            self.set_clock(mn)
        self._next(mn)

    def left(self, mn: str) -> None:
        """A device is gone: what was under way waits for it to come back, as far as its deadline allows."""
        order = self._active.get(mn)
        if order and order.state == State.SENT:
            order.deadline = min(order.deadline, self._gateway.clock() + self._gateway.settings.answer_seconds)

    def heard(self, mn: str, head: Header, segment: bytes) -> None:
        """A frame came from a device that a command is under way to."""
        order = self._active.get(mn)
        if order is None:
            return
        cn = head.cn.decode("ascii", "replace")
        mine = head.qn.decode("ascii", "replace") == order.qn
        if cn == order.cn:
            self._received(order, segment)
        elif not mine:
            return
        elif cn == "9011":
            self._accepted(order, _field(segment, b"QnRtn="))
        elif cn == "9012":
            result = _field(segment, b"ExeRtn=")
            self._finish(order, State.EXECUTED if result == DONE else State.FAILED, result)
        elif cn == "9013" and order.cn in NOTICES:
            self._finish(order, State.EXECUTED, "")

    def sweep(self, now: float) -> None:
        """Repeat what was not answered in time, give up what was repeated often enough, forget what has expired."""
        for order in list(self._active.values()):
            if now >= order.deadline:
                self._overdue(order)
        wall = self._gateway.arrived() // 1000
        for mn in list(self._queues):
            for order in [entry for entry in self._queues[mn] if entry.expires <= wall]:
                self._queues[mn].remove(order)
                self._finish(order, State.EXPIRED, "")
            self._next(mn)
        self._taken = {order: expires for order, expires in self._taken.items() if expires + clock.DAY > wall}

    def _next(self, mn: str) -> None:
        queue = self._queues.get(mn)
        if not queue:
            self._queues.pop(mn, None)
        elif mn not in self._active and self._gateway.gate.open and self._gateway.sessions.get(mn):
            self._send(queue.popleft())

    def _send(self, order: Order) -> None:
        """Send an order for the first time, or again exactly as before."""
        session = self._gateway.sessions.get(order.mn)
        profile = self._gateway.table.get(order.mn.encode())
        if profile is None:
            self._finish(order, State.FAILED, "unknown")
            return
        if not order.frame:
            device = profile.device
            order.qn = self._numbers.take(clock.EPOCH + timedelta(milliseconds=self._gateway.arrived()))
            try:
                order.frame = self._frame(order, device)
            except BilanError as error:
                self._finish(order, State.FAILED, error.text("en"))
                return
        self._active[order.mn] = order
        order.state = State.SENT
        order.attempts += 1
        order.deadline = self._gateway.clock() + self._gateway.settings.answer_seconds
        if session and not session.newest.transport.is_closing():
            session.newest.transport.write(order.frame)
        self._note(order)

    def _overdue(self, order: Order) -> None:
        if order.state == State.SENT and order.attempts <= self._gateway.settings.answer_repeats:
            self._send(order)
        else:
            self._finish(order, State.TIMEOUT, "")

    def _accepted(self, order: Order, result: str) -> None:
        if result not in (DONE, ""):
            self._finish(order, State.REFUSED, result)
        elif order.state == State.SENT:
            order.state = State.ACCEPTED
            order.deadline = self._gateway.clock() + self._gateway.settings.execution_seconds
            self._note(order)

    def _received(self, order: Order, segment: bytes) -> None:
        """Data came with the command's own CN: the time for its execution begins anew."""
        if order.state == State.ACCEPTED:
            order.deadline = self._gateway.clock() + self._gateway.settings.execution_seconds
        if not order.answer:
            order.answer.append(printable(segment.partition(b"CP=&&")[2], ANSWER_LENGTH))

    def _finish(self, order: Order, state: State, result: str) -> None:
        order.state = state
        self._gateway.metrics.commands.labels(state.value).inc()
        if self._active.get(order.mn) is order:
            del self._active[order.mn]
        self._note(order, result=result, answer="".join(order.answer))
        self._next(order.mn)

    def _note(self, order: Order, **values: object) -> None:
        step = {"id": order.id, "cn": order.cn, "state": order.state.value, "qn": order.qn, "attempts": order.attempts}
        self._gateway.note(Event.COMMAND, order.mn, "", **step, **values)

    def _frame(self, order: Order, device: Device) -> bytes:
        fields = {name: value or self._system_time() if name == "SystemTime" else value for name, value in order.fields.items()}
        packet = request(order.cn, fields, qn=order.qn, mn=device.mn, pw=device.password, st=device.system, edition=device.edition)
        return build(packet, device.charset, device.crc if device.crc in VARIANTS else STANDARD)

    def _system_time(self) -> str:
        return f"{clock.moment(self._gateway.arrived() // 1000):%Y%m%d%H%M%S}"


def _field(segment: bytes, name: bytes) -> str:
    """Value of a field in the data area; empty when it is not there."""
    _, found, rest = segment.partition(name)
    return printable(rest.split(b"&&")[0].split(b";")[0].split(b",")[0].strip(), 16) if found else ""

"""Commands to devices: queued by people and by the gap finder, sent by the gateway, followed to their answer."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry import clock
from bilan.telemetry.gateway.catalogue import offers
from bilan.telemetry.gateway.orders import Order, State
from bilan.telemetry.hj212.requests import request
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store

AT_ONCE = 2000
CLOCK = "SystemTime"
ANY_NUMBER = "20260101000000000"
RANGED = ("2051", "2061", "2031", "2041")
"""Commands that ask for the periods of a time range again."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command as people see it.

    Attributes:
        id, mn, cn, fields: what was ordered from whom.
        person: who ordered it.
        created, expires, sent, finished: wall time [s]; 0 when it has not happened.
        state: see `orders.State`.
        result: QnRtn or ExeRtn of the device.
        answer: begin of the data that came back.
    """

    id: int
    mn: str
    cn: str
    fields: dict[str, str]
    person: str
    created: int
    expires: int
    state: str
    qn: str
    attempts: int
    sent: int
    finished: int
    result: str
    answer: str


_COLUMNS = "id, mn, cn, fields, person, created, expires, state, qn, attempts, sent, finished, result, answer"


def queue(
    store: Store, mn: str, cn: str, fields: Mapping[str, str] | None = None, person: str = "", *, valid_seconds: int = clock.DAY,
    zone: str = "Asia/Shanghai",
) -> int:  # fmt: skip
    """Queue a command; the gateway sends it as soon as the device is connected.

    Args:
        mn: the device.
        cn: command code, see `catalogue.offers`.
        fields: data area; an empty SystemTime is filled in at sending.
        person: who orders it.
        valid_seconds: how long it may wait for the device [s].

    Returns:
        Id of the command.

    Raises:
        BilanError: the device or the command is unknown, a field is missing, unknown or out of its range.
    """
    values = dict(fields or {})
    _check(cn, values, store.catalogue.device(mn))
    now = clock.now(zone)
    number = time.time_ns() // 1000
    row = (number, mn, cn, json.dumps(values, ensure_ascii=False), person, now, now + valid_seconds)
    store.database.execute("INSERT INTO command (id, mn, cn, fields, person, created, expires) VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return number


def resend(store: Store, mn: str, cn: str, begin: datetime, end: datetime, person: str = "", *, valid_seconds: int = clock.DAY) -> int:
    """Queue the request to send the periods from `begin` to `end` again, both given as period starts."""
    fields = {"BeginTime": f"{begin:%Y%m%d%H%M%S}", "EndTime": f"{end:%Y%m%d%H%M%S}"}
    return queue(store, mn, cn, fields, person, valid_seconds=valid_seconds)


def listed(store: Store, mn: str = "", states: Sequence[str] = (), limit: int = 200) -> list[Command]:
    """Commands, newest first."""
    conditions = ["mn = ?"] if mn else []
    if states:
        conditions.append(f"state IN ({', '.join('?' * len(states))})")
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    params = ([mn] if mn else []) + list(states)
    rows = store.database.query(f"SELECT {_COLUMNS} FROM command {where} ORDER BY id DESC LIMIT ?", [*params, limit])
    return [Command(row[0], row[1], row[2], json.loads(row[3]), *row[4:]) for row in rows]


def queued(store: Store) -> list[Order]:
    """Commands that wait to be sent, oldest first."""
    sql = "SELECT id, mn, cn, fields, expires, person FROM command WHERE state = ? ORDER BY id LIMIT ?"
    rows = store.database.query(sql, [State.QUEUED.value, AT_ONCE])
    return [Order(number, mn, cn, json.loads(fields), expires, person) for number, mn, cn, fields, expires, person in rows]


def _check(cn: str, fields: dict[str, str], device: Device) -> None:
    known = offers()
    offer = known.get(cn)
    if offer is None:
        raise BilanError(Problem("gateway.unknown_command", {"value": cn, "nearest": nearest(cn, known), "allowed": list(known)}))
    if CLOCK in offer.fields:
        fields.setdefault(CLOCK, "")
    absent = [name for name in offer.fields if not fields.get(name) and name != CLOCK]
    if absent:
        raise BilanError(*(Problem("gateway.missing_field", {"cn": cn, "name": name}) for name in absent))
    given = {name: value for name, value in fields.items() if value}
    request(cn, given, qn=ANY_NUMBER, mn=device.mn, pw=device.password, st=device.system, edition=device.edition)
    if cn in RANGED and fields["BeginTime"] > fields["EndTime"]:
        raise BilanError(Problem("gateway.bad_range", {"begin": fields["BeginTime"], "end": fields["EndTime"]}))

"""What a simulated logger does when the host commands it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from bilan.telemetry.clock import DAY, HOUR, parse_stamp, seconds
from bilan.telemetry.hj212 import Packet
from bilan.telemetry.hj212.packet import flag_bits
from bilan.telemetry.simulator.sampler import BATCH

if TYPE_CHECKING:
    from bilan.telemetry.simulator.logger import Logger

ACCEPTED, REFUSED, WRONG_PASSWORD, WRONG_CN = 1, 2, 3, 8
DONE, CONDITIONS, NO_DATA = 1, 3, 100
LONGEST_RANGE = 4000
"""Periods sent for one request at most."""

CALIBRATION_SECONDS = 600
MINUTE_INTERVALS = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
PAUSE = 0.05


def obey(logger: Logger, packet: Packet) -> None:
    """Answer a request with 9011, do it, report with 9012; notices are answered with 9013.

    Reference: HJ 212-2017 6.6 and annex C.
    """
    if packet.pw != logger.telegrams.password:
        logger.reply(packet, "9011", WRONG_PASSWORD)
    elif packet.cn in _NOTICES:
        _NOTICES[packet.cn](logger)
        logger.reply(packet, "9013")
    elif packet.cn in _RANGES and "BeginTime" in packet.fields:
        logger.reply(packet, "9011", ACCEPTED)
        _start(logger, packet)
    elif packet.cn in _REQUESTS:
        logger.reply(packet, "9011", ACCEPTED)
        logger.reply(packet, "9012", DONE if _REQUESTS[packet.cn](logger, packet) else CONDITIONS)
    else:
        logger.reply(packet, "9011", WRONG_CN)


def _number(packet: Packet, name: str, low: int, high: int) -> int | None:
    text = packet.fields.get(name, "")
    return int(text) if text.isdigit() and len(text) < 6 and low <= int(text) <= high else None


def _set_patience(logger: Logger, packet: Packet) -> bool:
    wait, repeats = _number(packet, "OverTime", 1, 99), _number(packet, "ReCount", 1, 99)
    if wait is None or repeats is None:
        return False
    logger.patience, logger.repeats = float(wait), repeats
    return True


def _set_realtime(logger: Logger, packet: Packet) -> bool:
    wanted = _number(packet, "RtdInterval", 30, 3600)
    logger.realtime_seconds = wanted or logger.realtime_seconds
    return wanted is not None


def _set_minutes(logger: Logger, packet: Packet) -> bool:
    wanted = _number(packet, "MinInterval", 1, 30)
    if wanted not in MINUTE_INTERVALS:
        return False
    logger.set_minute_interval(wanted)
    return True


def _set_password(logger: Logger, packet: Packet) -> bool:
    wanted = packet.fields.get("NewPW", "")
    if not wanted or len(wanted) > 9:
        return False
    logger.telegrams.password = wanted
    return True


def _set_clock(logger: Logger, packet: Packet) -> bool:
    """The simulated clock is never wrong; a time that cannot be read is refused."""
    return bool(logger) and _stamp(packet, "SystemTime") is not None


def _upload(logger: Logger, packet: Packet, fields: dict[str, str]) -> bool:
    flag = str(flag_bits(logger.device.edition))
    said = Packet(st=logger.device.system, cn=packet.cn, pw=packet.pw, mn=packet.mn, flag=flag, fields=fields)
    for _, frame in logger.telegrams.frames(said, logger.clock.moment()):
        logger.write(frame)
    return True


def _tell_clock(logger: Logger, packet: Packet) -> bool:
    return _upload(logger, packet, {"SystemTime": logger.local_time})


def _tell_realtime(logger: Logger, packet: Packet) -> bool:
    return _upload(logger, packet, {"RtdInterval": str(logger.realtime_seconds)})


def _tell_minutes(logger: Logger, packet: Packet) -> bool:
    return _upload(logger, packet, {"MinInterval": str(logger.minute_seconds // 60)})


def _tell_identity(logger: Logger, packet: Packet) -> bool:
    name = packet.fields.get("PolId", "")
    key = f"{name}-SN" if name else "SN"
    return _upload(logger, packet, {"PolId": name, key: logger.device.mn[:24].rjust(24, "0")} if name else {key: logger.device.mn})


def _tell_site(logger: Logger, packet: Packet) -> bool:
    fields = {"DataTime": logger.local_time, "PolId": packet.fields.get("PolId", ""), "i12001-Info": "0"}
    return _upload(logger, packet, {name: value for name, value in fields.items() if value})


def _start_realtime(logger: Logger, packet: Packet) -> bool:
    logger.realtime_on = True
    now = int(logger.clock.now())
    return logger.send_period((packet.cn, now // logger.realtime_seconds * logger.realtime_seconds, 0))


def _calibrate(logger: Logger, packet: Packet) -> bool:
    logger.calibrating_until = logger.clock.now() + CALIBRATION_SECONDS
    return bool(packet.cn)


def _nothing(logger: Logger, packet: Packet) -> bool:
    return bool(logger) and bool(packet)


def _stop_realtime(logger: Logger) -> None:
    logger.realtime_on = False


def _ignore(logger: Logger) -> None:
    logger.realtime_on = bool(logger.realtime_on)


_NOTICES: dict[str, Callable[[Logger], None]] = {"2012": _stop_realtime, "2022": _ignore}
_REQUESTS: dict[str, Callable[[Logger, Packet], bool]] = {
    "1000": _set_patience,
    "1011": _tell_clock,
    "1012": _set_clock,
    "1061": _tell_realtime,
    "1062": _set_realtime,
    "1063": _tell_minutes,
    "1064": _set_minutes,
    "1072": _set_password,
    "2011": _start_realtime,
    "2021": _nothing,
    "3011": _calibrate,
    "3012": _nothing,
    "3013": _nothing,
    "3014": _nothing,
    "3015": _nothing,
    "3019": _tell_identity,
    "3020": _tell_site,
    "3021": _nothing,
    "3022": _nothing,
    "3024": _calibrate,
}
_RANGES = {"2031": DAY, "2051": 0, "2061": HOUR}
_running: set[asyncio.Task[None]] = set()
"""Requests under way; the event loop itself holds tasks only weakly."""


def _start(logger: Logger, packet: Packet) -> None:
    task = asyncio.get_running_loop().create_task(_send_again(logger, packet))
    _running.add(task)
    task.add_done_callback(_running.discard)


async def _send_again(logger: Logger, packet: Packet) -> None:
    """Send the periods of a range, BeginTime and EndTime both being period starts."""
    length = _RANGES[packet.cn] or logger.minute_seconds
    begin, end = _stamp(packet, "BeginTime"), _stamp(packet, "EndTime")
    if begin is None or end is None or begin > end or (packet.cn == "2031" and not logger.telegrams.network.startswith("source_")):
        logger.reply(packet, "9012", CONDITIONS)
        return
    shift = length if logger.device.labels == "end" else 0
    first = -(-(begin - shift) // length) * length
    last = min(end - shift, int(logger.clock.now()) - length)
    starts = list(range(first, last + 1, length))[:LONGEST_RANGE]
    found = False
    for place, start in enumerate(starts):
        if logger.transport is None:
            return
        if place % BATCH == 0:
            logger.sampler.prepare(logger.telegrams.network, starts[place : place + BATCH], length)
            await asyncio.sleep(PAUSE)
        found |= logger.send_period((packet.cn, start, length), late=True)
    logger.reply(packet, "9012", DONE if found else NO_DATA)


def _stamp(packet: Packet, name: str) -> int | None:
    try:
        return seconds(parse_stamp(packet.fields.get(name, "")))
    except ValueError:
        return None

"""Telegrams of one device: which factor carries which tags, in the device's dialect."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import isnan, log10
from typing import NamedTuple

import numpy as np

from bilan.pack.vocab import networks, vocabulary
from bilan.telemetry.clock import DAY, HOUR, moment
from bilan.telemetry.hj212 import Packet, build
from bilan.telemetry.hj212.building import segment
from bilan.telemetry.hj212.packet import flag_bits
from bilan.telemetry.hj212.qn import RequestNumbers, stamp
from bilan.telemetry.hj212.sm4 import build_encrypted, covers
from bilan.telemetry.hj212.splitting import split
from bilan.telemetry.ingest import translation
from bilan.telemetry.model import Device, Point
from bilan.telemetry.simulator.observing import Observed
from bilan.telemetry.simulator.plant import profile_of
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.simulator.species import PAMS

REALTIME, MINUTES, HOURS, DAYS = "2011", "2051", "2061", "2031"
HEARTBEAT = "9015"
UNCOMPUTABLE = "9999.99"
SPREAD = {HOUR: 0.12, DAY: 0.25}
STEADY = {"w01001": 0.12, "w01010": 0.15, "a01012": 0.2, "a19001": 0.25}
"""Share of the usual spread between minimum and maximum for items that hardly move within a span."""

_HOURLY_ONLY = frozenset(entry.code for entry in PAMS)


class Item(NamedTuple):
    """One factor of a device.

    Attributes:
        code: as in the signal.
        wire: as on the wire, in the device's code generation.
        row: where it stands among the rows of the signal that measure it.
        decimals: digits after the point.
        scale: from the stored unit to the unit that the code implies.
    """

    code: str
    wire: str
    row: int
    decimals: int
    scale: float


class Telegrams:
    """Writes what one device has to say.

    Parameters:
        device: whose dialect is spoken.
        point: what it measures.
        signals: knows which parameters there are.
        row: position of the point among those of its network.
    """

    def __init__(self, device: Device, point: Point, signals: Signals, row: int) -> None:
        self.device = device
        self.network = point.network
        self.row = row
        self.password = device.password
        self._source = networks()[point.network].unit_kind == "emission"
        self._items = self._menu(point, signals)
        kind = profile_of(point) if point.network == "source_gas" else None
        self._pollutants = frozenset(item.parameter for item in kind.items) if kind else frozenset()
        self._sends_uncomputable = device.edition == "2025" and kind is not None and kind.reference_o2 is not None
        self._numbers = RequestNumbers()
        self._key = bytes.fromhex(device.sm4_key) if device.sm4_key else b""

    def _menu(self, point: Point, signals: Signals) -> list[Item]:
        known = vocabulary().by_code
        rows = signals.rows(point.network)
        items = []
        for code in signals.parameters(point):
            word = known[code]
            decimals = word.emission_decimals if self._source else word.decimals
            meant = translation.word(code, "2017", point.network)
            wire = word.old_code if self.device.codes == "2005" and word.old_code else code
            place = int(np.flatnonzero(rows[code] == self.row)[0]) if code in rows else self.row
            shown = decimals + round(log10(meant.times / meant.over))
            items.append(Item(code, wire, place, max(shown, 0), meant.over / meant.times))
        return items

    def data(self, cn: str, observed: Observed, start: int, seconds: int, now: datetime, *, late: bool = False) -> list[tuple[str, bytes]]:
        """Telegrams of one span: request number and frame of each part; none when there is no reading.

        Parameters:
            observed: the span, all points of the network.
            start, seconds: the span [s of the wall clock].
            now: the device's clock.
            late: a supplementary upload.
        """
        if observed.absent[self.row, 0]:
            return []
        mark = chr(observed.flags[self.row, 0])
        values = {}
        for item in self._items:
            if cn != HOURS and item.code in _HOURLY_ONLY:
                continue
            tags = self._tags(cn, item, observed, start, seconds)
            if tags:
                values[item.wire] = {**tags, "Flag": mark}
        shown = start + seconds if self.device.labels == "end" else start
        packet = Packet(
            st=self.device.system,
            cn=cn,
            pw=self.password,
            mn=self.device.mn,
            flag=str(flag_bits(self.device.edition, acknowledge=True)),
            rf="1" if late and self.device.edition == "2025" else "",
            fields={"DataTime": stamp(moment(shown))},
            values=values,
        )
        return self.frames(packet, now)

    def _tags(self, cn: str, item: Item, observed: Observed, start: int, seconds: int) -> dict[str, str]:
        values = observed.block.values
        noise = values.get((item.code, "value"))
        if noise is not None:
            return {"Rtd" if cn == REALTIME else "Data": _text(float(noise[item.row, 0]), item)}
        mean = float(values[item.code, "mean"][item.row, 0])
        if isnan(mean):
            return {}
        converted_rows = values.get((item.code, "converted_mean"))
        converted = float(converted_rows[item.row, 0]) if converted_rows is not None else float("nan")
        if cn == REALTIME:
            return {"Rtd": _text(mean, item)} | self._converted(("ZsRtd",), (converted,), item)
        if not self._source:
            return {"Avg": _text(mean, item)}
        total = values.get((item.code, "total"))
        low, high = _range(f"{self.device.mn}{item.code}{start}", item.code, seconds)
        tags = {"Cou": f"{float(total[item.row, 0]):.4f}"} if total is not None else {}
        least, most = sorted((mean * low, mean * high))
        tags |= {"Min": _text(least, item), "Avg": _text(mean, item), "Max": _text(most, item)}
        return tags | self._converted(("ZsMin", "ZsAvg", "ZsMax"), (converted * low, converted, converted * high), item)

    def _converted(self, tags: Sequence[str], values: Sequence[float], item: Item) -> dict[str, str]:
        """Converted concentrations; what cannot be computed is left out, or sent as the largest value by the newest edition."""
        found = {tag: _text(value, item) for tag, value in zip(tags, values, strict=True) if not isnan(value)}
        if not found and self._sends_uncomputable and item.code in self._pollutants:
            return dict.fromkeys(tags, UNCOMPUTABLE)
        return found

    def heartbeat(self, now: datetime) -> list[tuple[str, bytes]]:
        """A sign of life of the newest edition."""
        flag = str(flag_bits(self.device.edition, acknowledge=True))
        return self.frames(Packet(st="91", cn=HEARTBEAT, pw=self.password, mn=self.device.mn, flag=flag), now)

    def frames(self, packet: Packet, now: datetime) -> list[tuple[str, bytes]]:
        """Number a packet, cut it when it is long, write it in the device's dialect."""
        first = replace(packet, qn=self._numbers.take(now))
        parts = split(first, self.device.charset)
        for _ in parts[1:]:
            self._numbers.take(now)
        return [(part.qn, self.write(part)) for part in parts]

    def write(self, packet: Packet) -> bytes:
        """Write one packet: character set, check sum, encryption."""
        if self._key and covers(packet.cn):
            return build_encrypted(segment(packet, self.device.charset), self._key)
        return build(packet, self.device.charset, self.device.crc if self.device.crc != "off" else "standard")


def _text(value: float, item: Item) -> str:
    return f"{value * item.scale:.{item.decimals}f}"


def _range(name: str, code: str, seconds: int) -> tuple[float, float]:
    """Minimum and maximum of a span as shares of its mean, always the same for the same span."""
    luck = zlib.crc32(name.encode())
    spread = SPREAD.get(seconds, 0.06) * STEADY.get(code, 1.0)
    return 1 - spread * (0.5 + (luck & 255) / 255), 1 + spread * (0.6 + (luck >> 8 & 255) / 255)

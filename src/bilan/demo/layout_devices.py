"""Loggers of the demo city: one for each automatic point, of three editions and with the dialects that are met in the field."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from bilan.telemetry.model import Device, Point

SYSTEM_OF_NETWORK = {
    "air": "22",
    "surface_water": "21",
    "drinking": "21",
    "sea": "26",
    "groundwater": "24",
    "noise": "23",
    "source_gas": "31",
    "source_water": "32",
}
OLD_EVERY, NEW_EVERY = 8, 16
GBK_EVERY = 40
ODD_CRC = {33: "modbus", 133: "modbus", 233: "modbus", 333: "modbus-swapped", 433: "modbus-swapped"}
LABELS_END = (57, 157, 257)
ENCRYPTED = (15, 95, 175, 255)


def devices_of(points: Sequence[Point], seed: int) -> list[Device]:
    """A device for every point that is measured automatically, in the order of the points.

    Surface-water stations speak their own dialect; the first sources of each dialect are found by their number.
    """
    automatic = [point for point in points if not (point.network == "sea" and point.attributes.get("kind") == "manual")]
    sources = [point.code for point in automatic if point.network.startswith("source_")]
    number = {code: place for place, code in enumerate(sources)}
    return [_device(point, number.get(point.code), place, seed) for place, point in enumerate(automatic)]


def _device(point: Point, source: int | None, place: int, seed: int) -> Device:
    secret = hashlib.sha256(f"{seed}/{point.code}".encode()).hexdigest()
    plain = Device(mn=secret[:24].upper(), point=point.code, password=secret[24:30], system=SYSTEM_OF_NETWORK[point.network])
    if point.network == "surface_water":
        return replace(plain, mn=f"A350500_{place + 1:04d}")
    if source is None:
        return plain
    if source in ODD_CRC:
        return replace(plain, crc=ODD_CRC[source])
    if source in LABELS_END:
        return replace(plain, labels="end")
    if source % NEW_EVERY == NEW_EVERY - 1:
        return replace(plain, edition="2025", sm4_key=secret[32:64] if source in ENCRYPTED else "")
    if source % OLD_EVERY == 0:
        charset = "gbk" if source % GBK_EVERY == 0 else "utf-8"
        return replace(plain, mn=f"{point.district}{source + 1:08d}", edition="2005", codes="2005", charset=charset)
    return plain

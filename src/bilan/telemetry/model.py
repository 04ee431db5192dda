"""The nouns of monitoring: points, devices, series and readings."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class Interval(StrEnum):
    """How long the span of a value is; the member's value is what the store and the addresses carry."""

    INSTANT = "instant"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    SAMPLE = "sample"


class Statistic(StrEnum):
    """What a value says about its span."""

    VALUE = "value"
    MEAN = "mean"
    MINIMUM = "min"
    MAXIMUM = "max"
    TOTAL = "total"
    CONVERTED = "converted"
    CONVERTED_MEAN = "converted_mean"
    CONVERTED_MINIMUM = "converted_min"
    CONVERTED_MAXIMUM = "converted_max"
    STATE = "state"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Point:
    """A place where something is measured: a station, section, well, outlet.

    Attributes:
        code: the point's own code, unique in the city; also the code of its register entry.
        network: the network it belongs to (`pack/vocab/networks.csv`).
        district: six-digit administrative code of the county-level district.
        lon, lat: CGCS2000 [deg].
        attributes: what the network needs to know (section type, target class, noise zone, station kind, owner …).
    """

    code: str
    network: str
    name_zh: str
    name_en: str = ""
    district: str = ""
    lon: float | None = None
    lat: float | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Device:
    """A logger that reports over HJ 212 for one point, with the dialect it speaks.

    Attributes:
        mn: identity on the wire.
        point: code of the point; empty while the device is still to be claimed.
        password: PW on the wire.
        edition: ``2005``, ``2017`` or ``2025``.
        system: ST on the wire, for commands to it.
        crc: ``standard``, ``modbus``, ``modbus-swapped`` or ``off``.
        codes: factor-code generation, ``2005`` or ``2017``.
        charset: ``utf-8`` or ``gbk``.
        acknowledge: ``flag`` (only when asked), ``always`` or ``never``.
        labels: whether DataTime names the ``start`` or the ``end`` of a period.
        sm4_key: 32 hex digits, or empty for no encryption.
        address: the only source address accepted; empty for any.
        state: ``active``, ``claimable`` or ``blocked``.
        realtime_seconds, minute_interval: what is expected of it [s], [min].
    """

    mn: str
    point: str = ""
    password: str = ""
    edition: str = "2017"
    system: str = "31"
    crc: str = "standard"
    codes: str = "2017"
    charset: str = "utf-8"
    acknowledge: str = "flag"
    labels: str = "start"
    sm4_key: str = ""
    address: str = ""
    state: str = "active"
    realtime_seconds: int = 60
    minute_interval: int = 10


class SeriesKey(NamedTuple):
    """What identifies a series of values."""

    point: str
    parameter: str
    statistic: str
    interval: str
    occurrence: int = 1


class Reading(NamedTuple):
    """One value on its way to the store.

    Attributes:
        series: id of the series.
        start: begin of the span, seconds of the wall clock.
        seconds: length of the span; 0 for a moment.
        value: the number; None when the device sent a mark and no value.
        flag: data mark of HJ 212, ``N`` for normal.
        quality: bits of `bilan.telemetry.quality.Check`.
    """

    series: int
    start: int
    seconds: int
    value: float | None
    flag: str = "N"
    quality: int = 0

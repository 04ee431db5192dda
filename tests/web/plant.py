"""Devices that really report: a gateway on free ports, telegrams good and bad, the ingest behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bilan.pack.city import City
from bilan.telemetry import clock
from bilan.telemetry.hj212 import Packet, build
from tests.telemetry.gateway.kit import Client, free_port, gateway, ingest_all

PASSWORD = "123456"
UNKNOWN = "UNKNOWN0001"
KNOWN = "MN-AIR1"
OUTSIDE = "MN-AIR2"


def with_ports(city: City) -> City:
    """The same city with ports that nobody else uses."""
    return replace(city, gateway_port=free_port(), admin_port=free_port())


def telegram(mn: str, start: datetime, *, cn: str = "2061", pw: str = PASSWORD, flag: str = "5", **values: str) -> bytes:
    """An upload of PM2.5 and ozone that begins at `start`."""
    data = {"a34004": {"Avg": values.get("pm25", "35.0"), "Flag": "N"}, "a05024": {"Avg": "88.0", "Flag": "N"}}
    header = {"qn": f"{start:%Y%m%d%H%M%S}001", "st": "22", "cn": cn, "pw": pw, "mn": mn, "flag": flag}
    return build(Packet(fields={"DataTime": f"{start:%Y%m%d%H%M%S}"}, values=data, **header))


def spoiled(frame: bytes) -> bytes:
    """The telegram with a check sum that fits no variant."""
    body = frame.rstrip(b"\r\n")
    return body[:-4] + (b"0000" if body[-4:] != b"0000" else b"1111") + b"\r\n"


def report(city: City) -> None:
    """Let a known device report, well and badly, and an unknown one too."""
    hour = clock.moment(clock.now(city.timezone) // clock.HOUR * clock.HOUR - 2 * clock.HOUR)
    with gateway(city), Client(city) as known, Client(city) as unknown, Client(city) as outside:
        known.send(telegram(KNOWN, hour))
        known.receive()
        known.send(spoiled(telegram(KNOWN, hour.replace(minute=0), pm25="41.0")))
        known.send(telegram(KNOWN, datetime(2099, 1, 1)))
        known.receive()
        outside.send(spoiled(telegram(OUTSIDE, hour)))
        outside.send(telegram(OUTSIDE, hour))
        outside.receive()
        unknown.send(telegram(UNKNOWN, hour))
        assert unknown.silent()
    ingest_all(city).store.close()

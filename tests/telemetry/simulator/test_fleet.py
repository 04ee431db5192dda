"""Simulated loggers in conversation with a host over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from bilan.telemetry.clock import HOUR, moment, seconds
from bilan.telemetry.hj212 import Framer, Packet, answer, build, parse
from bilan.telemetry.hj212.sm4 import decrypt
from bilan.telemetry.model import Device, Point
from bilan.telemetry.simulator.fleet import Fleet
from bilan.telemetry.simulator.orders import Orders
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.simulator.silence import Silenced
from bilan.telemetry.simulator.timing import FleetClock

BEGIN = seconds(datetime(2026, 5, 12, 9, 58))
PATIENCE = 60.0
KEY = "00112233445566778899aabbccddeeff"


@dataclass
class Host:
    """A host that keeps every packet and answers data, unless told not to."""

    acknowledge: bool = True
    key: bytes = b""
    variant: str = "standard"
    packets: list[Packet] = field(default_factory=list)
    writers: dict[str, asyncio.StreamWriter] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer(decrypt=(lambda segment: decrypt(segment, self.key)) if self.key else None)
        while chunk := await reader.read(65536):
            for frame in framer.feed(chunk):
                assert not frame.error or frame.variant == self.variant, frame
                packet = parse(frame.segment)
                self.packets.append(packet)
                self.writers[packet.mn] = writer
                if self.acknowledge and packet.wants_answer:
                    writer.write(build(answer(packet, "9014"), variant=self.variant))
        writer.close()

    def of(self, cn: str) -> list[Packet]:
        return [packet for packet in self.packets if packet.cn == cn]

    def order(self, mn: str, password: str, cn: str, qn: str, fields: dict[str, str] | None = None) -> None:
        self.writers[mn].write(build(Packet(qn=qn, st="31", cn=cn, pw=password, mn=mn, flag="5", fields=fields or {})))


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


OUTLET = Point("E1-DA001", "source_gas", "演示", attributes={"profile": "ceramics", "enterprise": "E1"})
STATION = Point("AQ-1", "air", "演示", lon=118.6, lat=24.9, attributes={"kind": "super"})
PLAIN = Device("A" * 24, point="E1-DA001", password="123456")


@asynccontextmanager
async def conversation(
    device: Device, folder: Path, host: Host | None = None, speed: float = 60.0, begin: int = BEGIN
) -> AsyncIterator[tuple[Host, Fleet, Path]]:
    host = host or Host()
    server = await asyncio.start_server(host.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    path = folder / "silenced.txt"
    clock = FleetClock("Asia/Shanghai", speed, float(begin))
    orders = Orders(folder / "orders.csv", clock.now)
    fleet = Fleet([device], Signals([OUTLET, STATION]), "127.0.0.1", port, clock, Silenced(path), orders)
    task = asyncio.create_task(fleet.run())
    try:
        yield host, fleet, path
    finally:
        task.cancel()
        server.close()
        await asyncio.gather(task, return_exceptions=True)


def run(case: Callable[[], object]) -> None:
    asyncio.run(case())  # type: ignore[arg-type]


def test_a_device_sends_moments_minutes_and_hours_with_their_tags(tmp_path: Path) -> None:
    async def case() -> None:
        async with conversation(PLAIN, tmp_path) as (host, fleet, _):
            await until(lambda: any(packet.data_time == "20260512090000" for packet in host.of("2061")) and len(host.of("2011")) > 3)
            await until(lambda: bool(host.of("2051")))
            await until(lambda: fleet.tally.acknowledged > 4)
            hour = host.of("2061")[-1].values["a21002"]
            assert {"Min", "Avg", "Max", "Cou", "ZsMin", "ZsAvg", "ZsMax", "Flag"} >= set(hour) >= {"Min", "Avg", "Max", "Cou", "Flag"}
            assert float(hour["Min"]) <= float(hour["Avg"]) <= float(hour["Max"])
            assert {"Rtd", "Flag"} <= set(host.of("2011")[0].values["a21002"])
            assert [packet.data_time for packet in host.of("2011")] == sorted({packet.data_time for packet in host.of("2011")})

    run(case)


@pytest.mark.parametrize(
    ("device", "host"),
    [
        (replace(PLAIN, crc="modbus"), Host(variant="modbus")),
        (replace(PLAIN, crc="modbus-swapped"), Host(variant="modbus-swapped")),
        (replace(PLAIN, edition="2025", sm4_key=KEY), Host(key=bytes.fromhex(KEY))),
        (replace(PLAIN, mn="35050200000001", edition="2005", codes="2005", charset="gbk"), Host()),
    ],
    ids=["modbus", "swapped", "sm4", "2005"],
)  # fmt: skip
def test_dialects_are_spoken(device: Device, host: Host, tmp_path: Path) -> None:
    async def case() -> None:
        async with conversation(device, tmp_path, host) as (_, fleet, _path):
            await until(lambda: bool(host.of("2011")) and fleet.tally.acknowledged > 0)
            packet = host.of("2011")[0]
            assert packet.edition == device.edition
            assert ("02" if device.codes == "2005" else "a21026") in packet.values

    run(case)


def test_long_hours_come_in_parts_that_each_fit_a_frame(tmp_path: Path) -> None:
    async def case() -> None:
        async with conversation(replace(PLAIN, point="AQ-1", system="22"), tmp_path) as (host, _, _path):
            await until(lambda: bool(host.of("2061")) and host.of("2061")[-1].pno == host.of("2061")[-1].pnum)
            parts = host.of("2061")
            assert parts[0].is_part
            assert len({factor for part in parts for factor in part.values}) == 13 + 57

    run(case)


def test_what_is_not_acknowledged_is_repeated_and_then_sent_again_on_a_new_connection(tmp_path: Path) -> None:
    async def case() -> None:
        async with conversation(PLAIN, tmp_path, Host(acknowledge=False)) as (host, fleet, _):
            logger = fleet.loggers[0]
            logger.patience, logger.repeats = 0.2, 1
            await until(lambda: fleet.tally.given_up > 0)
            assert fleet.tally.repeated > 0
            frames = [packet.qn for packet in host.packets]
            assert len(frames) > len(set(frames))
            host.acknowledge = True
            await until(lambda: fleet.tally.acknowledged > 0)

    run(case)


def test_a_silenced_device_hangs_up_and_sends_its_hours_later(tmp_path: Path) -> None:
    async def case() -> None:
        device = replace(PLAIN, edition="2025")
        async with conversation(device, tmp_path, speed=1800.0) as (host, fleet, path):
            await until(lambda: fleet.tally.acknowledged > 0)
            path.write_text("E1-DA001\n")
            await until(lambda: fleet.tally.connected == 0)
            silent_at = int(fleet.loggers[0].clock.now())
            await until(lambda: fleet.loggers[0].kept > 3 and fleet.loggers[0].clock.now() > silent_at + 3 * HOUR)
            path.write_text("")
            wanted = f"{moment((silent_at // HOUR + 1) * HOUR):%Y%m%d%H%M%S}"
            await until(lambda: any(packet.data_time == wanted and packet.rf == "1" for packet in host.of("2061")))

    run(case)


def test_an_outlet_begins_and_stops_to_exceed_its_limit_when_ordered(tmp_path: Path) -> None:
    async def case() -> None:
        async with conversation(PLAIN, tmp_path) as (host, _fleet, _):

            def exceeds() -> bool:
                return float(host.of("2011")[-1].values["a21026"]["ZsRtd"]) > 50

            await until(lambda: bool(host.of("2011")))
            assert not exceeds()
            (tmp_path / "orders.csv").write_text("point,kind,begin,end\nE1-DA001,exceedance,,\n")
            await until(exceeds)
            (tmp_path / "orders.csv").unlink()
            await until(lambda: not exceeds())

    run(case)


def test_the_host_is_obeyed(tmp_path: Path) -> None:
    async def case() -> None:
        async with conversation(PLAIN, tmp_path) as (host, fleet, _):
            await until(lambda: bool(host.of("2011")))
            asked = {"BeginTime": "20260511000000", "EndTime": "20260511050000"}
            host.order(PLAIN.mn, "123456", "2061", "20260512100000001", asked)
            await until(lambda: any(packet.qn == "20260512100000001" for packet in host.of("9012")))
            sent = {packet.data_time for packet in host.of("2061")}
            assert {f"20260511{hour:02d}0000" for hour in range(6)} <= sent
            host.order(PLAIN.mn, "123456", "1062", "20260512100000002", {"RtdInterval": "30"})
            host.order(PLAIN.mn, "123456", "1011", "20260512100000003")
            host.order(PLAIN.mn, "wrong", "1011", "20260512100000004")
            host.order(PLAIN.mn, "123456", "1062", "20260512100000005", {"RtdInterval": "5"})
            await until(lambda: len(host.of("9011")) >= 5 and len(host.of("9012")) >= 4)
            results = {packet.qn[-1]: packet.fields for packet in (*host.of("9011"), *host.of("9012"))}
            assert results["4"] == {"QnRtn": "3"}
            assert results["5"] == {"ExeRtn": "3"}
            assert fleet.loggers[0].realtime_seconds == 30
            assert "SystemTime" in host.of("1011")[0].fields

    run(case)

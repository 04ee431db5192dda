"""Recorded data becomes devices that deliver every reading, whatever the host does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import polars as pl
import pytest

from bilan.problems import BilanError
from bilan.telemetry.clock import moment
from bilan.telemetry.hj212 import Framer, Packet, answer, build, parse
from bilan.telemetry.simulator import recorded, replay
from tests.shared import shared_data

AIR = """Date,Hour,city,WatchPoint,AQI,Level,PrimaryPollution,PM2.5,PM10,CO,NO2,O3_1h,SO2
20200326,18,泉州,万安,37,优,,9,37,0.8,19,57,4
20200326,18,泉州,津头埔,32,优,,12,32,0.7,24,54,5
20200326,19,泉州,万安,,,,,,,,,
20200326,20,泉州,万安,60,良,细颗粒物(PM2.5),43,49,0.55,11,93,4
20200326,20,泉州,万安,61,良,细颗粒物(PM2.5),44,50,0.5,12,94,4
"""
WATER = """省份,流域,断面名称,监测时间,水质类别,水温(℃),pH(无量纲),溶解氧(mg/L),高锰酸盐指数(mg/L),氨氮(mg/L),总磷(mg/L)
福建省,浙闽片河流,甲桥,2026-07-09 20:00,3,28.12,6.96,5.62,1.57,0.024,0.051
福建省,浙闽片河流,甲桥,2026-07-09 21:05,2,28.1,6.97,7.6201,1.57,,0.05
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "air").mkdir()
    (tmp_path / "air" / "station_hourly_x.csv").write_text(AIR, encoding="utf-8")
    (tmp_path / "fujian_x.csv").write_text(WATER, encoding="utf-8")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    return tmp_path


def test_recordings_keep_hours_and_official_results_side_by_side(folder: Path) -> None:
    air, water = recorded.read(folder)
    assert (air.network, water.network) == ("air", "surface_water")
    assert air.frame.height == 3 and air.dropped == 1
    assert air.official.select("aqi", "level", "primary").rows()[-1] == ("60", "良", "细颗粒物(PM2.5)")
    assert water.official["class"].to_list() == ["3", "2"]
    assert [moment(start).hour for start in water.frame["start"]] == [20, 21]
    assert air.frame.select("name", "city", "start").equals(air.official.select("name", "city", "start"))


def test_numbers_go_out_with_all_their_digits(folder: Path) -> None:
    planned = replay.plan(recorded.read(folder), {"甲桥": "lake"})
    sent = {(packet.st, packet.data_time, code): tags["Avg"] for packet in planned.packets() for code, tags in packet.values.items()}
    assert sent["22", "20200326200000", "a21005"] == "0.55"
    assert sent["21", "20260709210000", "w01009"] == "7.6201"
    assert ("21", "20260709210000", "w21003") not in sent
    assert next(point for point in planned.points if point.network == "surface_water").attributes["section_type"] == "lake"


def test_an_empty_folder_is_said_to_hold_nothing(tmp_path: Path) -> None:
    with pytest.raises(BilanError) as caught:
        recorded.read(tmp_path)
    assert caught.value.problems[0].code == "replay.nothing"


class Host:
    """A host that keeps what comes, and may ignore or cut off the first so many telegrams."""

    def __init__(self, ignore: int = 0, cut_after: int = 0) -> None:
        self.ignore, self.cut_after = ignore, cut_after
        self.packets: list[Packet] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        while chunk := await reader.read(65536):
            for frame in framer.feed(chunk):
                packet = parse(frame.segment)
                self.packets.append(packet)
                if len(self.packets) == self.cut_after:
                    writer.close()
                    return
                if len(self.packets) > self.ignore:
                    writer.write(build(answer(packet, "9014")))
        writer.close()


@pytest.mark.parametrize("host", [Host(), Host(ignore=2), Host(cut_after=2)], ids=["polite", "forgetful", "rude"])
def test_every_reading_arrives_and_is_counted_once(folder: Path, host: Host) -> None:
    planned = replay.plan(recorded.read(folder))

    async def case() -> replay.Outcome:
        server = await asyncio.start_server(host.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            return await replay.run(planned, "127.0.0.1", port, patience=0.2)

    outcome = asyncio.run(case())
    wanted = {(packet.mn, packet.data_time) for packet in planned.packets()}
    assert {(packet.mn, packet.data_time) for packet in host.packets} == wanted
    assert (outcome.acknowledged, outcome.unconfirmed) == (outcome.telegrams, 0) == (len(wanted), 0)
    assert outcome.readings_acknowledged == outcome.readings == sum(len(packet.values) for packet in planned.packets())


def test_the_real_recordings_are_found() -> None:
    air, water = recorded.read(shared_data())
    assert set(air.frame["city"].unique()) == {"厦门", "泉州"}
    assert air.frame.select("city", "name").n_unique() == 8
    assert water.frame["name"].n_unique() >= 44
    assert water.official["class"].is_in([str(grade) for grade in range(-1, 7)]).all()
    assert isinstance(air.frame, pl.DataFrame)
    assert len(recorded.positions(shared_data())) > 1000

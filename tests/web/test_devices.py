"""Devices, quarantine and imports as the server answers: who sees what, who may do what, what it comes to."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bilan.pack.city import City
from bilan.telemetry import clock
from bilan.telemetry.gateway import commands
from bilan.telemetry.ingest import quarantine
from bilan.telemetry.model import Device
from bilan.web.areas.devices import condition
from bilan.web.areas.devices.traffic import recent
from bilan.web.areas.imports import running
from bilan.web.jobs import Cancelled
from tests.telemetry.gateway.kit import gateway, wait_for
from tests.web import plant
from tests.web.running import Site

Clients = Callable[[str], Client]


@pytest.fixture(scope="module")
def reported(site: Site) -> City:
    """The site's city after its devices reported, well and badly."""
    city = plant.with_ports(site.city)
    plant.report(city)
    return city


def entry_of(site: Site, code: str, mn: str) -> quarantine.Entry:
    return quarantine.listed(site.store, code=code, mn=mn)[0]


def test_a_device_shows_its_telegrams_decoded_and_never_its_secrets(site: Site, reported: City, client_of: Clients) -> None:
    page = client_of("viewer").get(f"/devices/{plant.KNOWN}").content.decode()
    assert plant.PASSWORD not in page
    traffic = client_of("viewer").get(f"/devices/{plant.KNOWN}?part=traffic").content.decode()
    assert "小时" in traffic
    assert "PM2.5" in traffic
    assert f"PW={plant.PASSWORD}" not in traffic
    assert f"PW={plant.PASSWORD}" in client_of("operator").get(f"/devices/{plant.KNOWN}?part=traffic").content.decode()


def test_recent_traffic_is_found_from_the_middle_of_the_journal(site: Site, reported: City) -> None:
    device = site.store.catalogue.device(plant.KNOWN)
    whole = recent(site.store, reported.journal, device)
    assert len(whole.frames) == 3
    assert [entry.connected for entry in whole.connections][-1] is True
    part = recent(site.store, reported.journal, Device(plant.KNOWN), span=1500)
    assert set(part.frames) < set(whole.frames)


def test_a_district_sees_its_own_quarantine_and_no_unknown_device(site: Site, reported: City, client_of: Clients) -> None:
    inside = client_of("inside-operator")
    page = inside.get("/quarantine").content.decode()
    assert plant.KNOWN in page
    assert plant.OUTSIDE not in page
    assert plant.UNKNOWN not in page
    assert plant.UNKNOWN not in inside.get("/claims").content.decode()
    outside = entry_of(site, "gateway.bad_crc", plant.OUTSIDE)
    assert inside.get(f"/quarantine/{outside.id}").status_code == 404
    assert inside.post(f"/quarantine/{outside.id}", {"do": "dismiss"}).status_code == 404
    assert inside.get(f"/claims/{plant.UNKNOWN}").status_code == 404


def test_a_district_cannot_replay_into_another_district(site: Site, reported: City, client_of: Clients) -> None:
    entry = entry_of(site, "gateway.future_time", plant.KNOWN)
    hour = clock.moment(clock.now() // clock.HOUR * clock.HOUR - 5 * clock.HOUR)
    foreign = plant.telegram(plant.OUTSIDE, hour, pm25="199.0").decode()
    client = client_of("inside-operator")
    assert "没有设备" in client.post(f"/quarantine/{entry.id}", {"do": "replay", "text": foreign, "mn": plant.OUTSIDE}).content.decode()
    client.post(f"/quarantine/{entry.id}", {"do": "replay", "text": foreign})
    stored = site.store.latest(points=["AIR2"], parameters=["a34004"])
    assert 199.0 not in stored["value"].to_list()
    ids = site.store.catalogue.series_frame(points=["AIR1"], parameters=["a34004"], interval="hour")["id"].to_list()
    assert 199.0 in site.store.scan(ids, clock.seconds(hour), clock.seconds(hour) + 1, "hour")["value"].to_list()


def test_a_spoiled_telegram_is_tried_then_replayed(site: Site, reported: City, client_of: Clients) -> None:
    entry = entry_of(site, "gateway.bad_crc", plant.KNOWN)
    client = client_of("operator")
    tried = client.post(f"/quarantine/{entry.id}", {"do": "try", "text": entry.text.replace("41.0", "43.5")})
    assert "43.5" in tried.content.decode()
    assert quarantine.entry(site.store, entry.id).state == "open"
    replayed = client.post(f"/quarantine/{entry.id}", {"do": "replay", "text": entry.text.replace("41.0", "43.5"), "note": "typing"})
    assert replayed.status_code == 302
    settled = quarantine.entry(site.store, entry.id)
    assert (settled.state, settled.person, settled.note) == ("replayed", "operator", "typing")


def test_reasons_are_told_in_both_languages(reported: City, client_of: Clients) -> None:
    client = client_of("viewer")
    assert "校验码错误" in client.get("/quarantine?state=all").content.decode()
    assert "Check sum wrong" in client.get("/quarantine?state=all", headers={"accept-language": "en"}).content.decode()


def test_a_command_is_checked_and_queued(site: Site, reported: City, client_of: Clients) -> None:
    client = client_of("operator")
    wrong = client.post(f"/devices/{plant.KNOWN}", {"do": "command", "cn": "1062", "field-RtdInterval": "7"})
    assert wrong.status_code == 200
    assert "30" in wrong.content.decode()
    assert not commands.listed(site.store, plant.KNOWN)
    sent = {"do": "command", "cn": "2061", "field-BeginTime": "2026-03-01T08:00:00", "field-EndTime": "2026-03-01T10:00:00"}
    assert client.post(f"/devices/{plant.KNOWN}", sent).status_code == 302
    (queued,) = commands.listed(site.store, plant.KNOWN)
    assert queued.fields == {"BeginTime": "20260301080000", "EndTime": "20260301100000"}
    assert queued.person == "operator"
    back = {"do": "command", "cn": "2061", "field-BeginTime": "2026-03-01T10:00:00", "field-EndTime": "2026-03-01T08:00:00"}
    assert client.post(f"/devices/{plant.KNOWN}", back).status_code == 200
    assert client_of("viewer").post(f"/devices/{plant.KNOWN}", sent).status_code == 403


ASKED = [("hour", "2061", "20260301110000"), ("minute", "2051", "20260301115000"), ("day", "2031", "20260301120000")]


@pytest.mark.parametrize(("kind", "cn", "end"), ASKED)
def test_a_period_is_asked_for_again(site: Site, reported: City, client_of: Clients, kind: str, cn: str, end: str) -> None:
    sent = {"do": "resend", "kind": kind, "begin": "2026-03-01T08:00", "end": "2026-03-01T12:00"}
    assert client_of("operator").post("/devices/MN-RIVER1", sent).status_code == 302
    newest = commands.listed(site.store, "MN-RIVER1")[0]
    assert (newest.cn, newest.fields["BeginTime"], newest.fields["EndTime"]) == (cn, "20260301080000", end)


DIALECT = "point edition system crc codes charset acknowledge labels realtime_seconds minute_interval state"


def dialect(device: Device, **changed: str) -> dict[str, str]:
    return {"do": "dialect", **{name: str(getattr(device, name)) for name in DIALECT.split()}, **changed}


def test_only_an_administrator_changes_a_dialect_and_secrets_stay(site: Site, client_of: Clients) -> None:
    device = Device("MN-NOISE1", "NOISE1", password="654321", sm4_key="0" * 32)
    site.store.catalogue.put_devices([device])
    assert client_of("operator").post("/devices/MN-NOISE1", dialect(device, crc="modbus")).status_code == 403
    assert client_of("administrator").post("/devices/MN-NOISE1", dialect(device, crc="modbus", minute_interval="5")).status_code == 302
    changed = site.store.catalogue.device("MN-NOISE1")
    assert (changed.crc, changed.minute_interval, changed.password, changed.sm4_key) == ("modbus", 5, "654321", "0" * 32)
    assert client_of("administrator").post("/devices/MN-NOISE1", dialect(changed, without_key="on")).status_code == 302
    assert site.store.catalogue.device("MN-NOISE1").sm4_key == ""
    wrong = client_of("administrator").post("/devices/MN-NOISE1", dialect(changed, point="NOWHERE"))
    assert "没有该点位" in wrong.content.decode()


def test_a_gateway_that_is_away_or_broken_is_told(site: Site, reported: City, client_of: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(condition, "KEPT_SECONDS", -1.0)
    monkeypatch.setattr(condition.site, "city", lambda: reported)
    client = client_of("viewer")
    assert "网关没有响应" in client.get("/devices").content.decode()
    with gateway(reported):
        page = client.get("/devices").content.decode()
        assert "网关没有响应" not in page
        assert "停止应答" not in page.split("chips")[0]
        lake = reported.lake
        lake.mkdir(parents=True, exist_ok=True)
        moved = lake.rename(lake.with_name("lake-away"))
        lake.write_text("not a folder")
        try:
            told = wait_for(lambda: (text := client.get("/devices").content.decode()) and "网关已停止应答报文" in text and text)
            assert "数据湖文件夹无法写入" in told
            assert (
                "The lake folder cannot be written".lower()
                in client.get("/devices", headers={"accept-language": "en"}).content.decode().lower()
            )
        finally:
            lake.unlink()
            moved.rename(lake)


def test_an_unknown_device_is_claimed_with_its_telegrams(site: Site, reported: City, client_of: Clients) -> None:
    client = client_of("administrator")
    assert client_of("operator").post(f"/claims/{plant.UNKNOWN}", {"do": "claim"}).status_code == 403
    guess = {
        "do": "claim",
        "edition": "2017",
        "system": "22",
        "crc": "standard",
        "codes": "2017",
        "charset": "utf-8",
        "acknowledge": "flag",
    }
    guess |= {"labels": "start", "realtime_seconds": "60", "minute_interval": "10", "password": plant.PASSWORD, "replay": "1"}
    assert "请选择" in client.post(f"/claims/{plant.UNKNOWN}", guess).content.decode()
    assert client.post(f"/claims/{plant.UNKNOWN}", {**guess, "point": "AIR3"}).status_code == 302
    assert site.store.catalogue.device(plant.UNKNOWN).point == "AIR3"
    assert not quarantine.listed(site.store, mn=plant.UNKNOWN)


def upload(client: Client, text: str, name: str = "读数.csv", **settings: str) -> str:
    """Send a file, wait for its dry run, and give the address of the import."""
    response = client.post("/imports", {"file": SimpleUploadedFile(name, text.encode()), "labels": "start", **settings})
    assert response.status_code == 302, response.content.decode()
    address = response.headers["Location"]
    finished(client, address)
    return address


def finished(client: Client, address: str) -> str:
    def state() -> str:
        found = re.search(r'data-state="(\w+)"', client.get(f"{address}?part=body").content.decode())
        return found[1] if found and found[1] not in {"planning", "applying"} else ""

    return wait_for(state)


HOUR = f"{clock.moment(clock.now() // clock.HOUR * clock.HOUR - 30 * clock.DAY):%Y-%m-%d %H:%M}"
READINGS = f"点位,时间,PM2.5(μg/m³),O3\nAIR1,{HOUR},12.5,80\nAIR1,2026-02-31 08:00,13,81\n无此点,{HOUR},14,82\nAIR3,{HOUR},abc,83\n"


def test_an_import_is_tried_applied_and_its_refused_rows_corrected(site: Site, client_of: Clients) -> None:
    client = client_of("operator")
    address = upload(client, READINGS, network="air", interval="hour")
    page = client.get(address).content.decode()
    assert "2026-02-31 08:00" in page
    assert "无此点" in page
    errors = b"".join(client.get(f"{address}/errors.xlsx").streaming_content)
    table = pl.read_excel(io.BytesIO(errors))
    assert table.height == 3
    assert any("原因" in name for name in table.columns)
    assert not site.store.catalogue.series_frame(points=["AIR1"], interval="hour").is_empty()
    assert client.post(address, {"do": "apply"}).status_code == 302
    assert finished(client, address) == "done"
    rows = client.get("/quarantine/rows").content.decode()
    numbers = re.findall(r'href="/quarantine/rows/(\d+)"', rows)
    assert len(numbers) == 3
    wrong = next(number for number in numbers if "无此点" in client.get(f"/quarantine/rows/{number}").content.decode())
    assert client.post(f"/quarantine/rows/{wrong}", {"do": "replay", "cell-0": "还是没有"}).status_code == 200
    assert client.post(f"/quarantine/rows/{wrong}", {"do": "replay", "cell-0": "AIR2"}).status_code == 302
    ids = site.store.catalogue.series_frame(points=["AIR2"], parameters=["a34004"], interval="hour")["id"].to_list()
    start = clock.seconds(datetime.fromisoformat(HOUR))
    assert site.store.scan(ids, start, start + 1, "hour")["value"].to_list() == [14.0]


def test_an_import_of_a_district_takes_its_own_points_only(client_of: Clients) -> None:
    client = client_of("inside-operator")
    address = upload(client, READINGS.replace("无此点", "AIR2"), "mine.csv", network="air", interval="hour")
    page = client.get(address).content.decode()
    assert "AIR2" in page
    assert "没有点位" in page
    assert "乙区" not in page
    assert client_of("operator").get(address).status_code == 200
    assert client_of("inside-viewer").get(address).status_code == 404


def test_a_file_that_cannot_be_read_says_why(client_of: Clients) -> None:
    client = client_of("operator")
    address = upload(client, "a,b\n1,2\n", "strange.csv")
    assert "notice-error" in client.get(address).content.decode()
    refused = client.post("/imports", {"file": SimpleUploadedFile("x.exe", b"MZ"), "labels": "start"})
    assert "不支持" in refused.content.decode()


def test_a_running_import_is_cancelled_and_a_dead_one_is_told(site: Site, client_of: Clients) -> None:
    client = client_of("operator")
    address = upload(client, READINGS, "later.csv", network="air", interval="hour")
    jobs = running.jobs()
    job = jobs.get(address.rpartition("/")[2])
    jobs.cancel(job.id)
    with pytest.raises(Cancelled):
        jobs.check(job.id)
    jobs.put(replace(job, state="applying"))
    (jobs.folder / job.id / "pulse").unlink()
    assert jobs.get(job.id).state == "interrupted"
    assert "中止" in client.get(address).content.decode()

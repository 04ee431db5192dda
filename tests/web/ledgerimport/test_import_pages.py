"""The pages of an import: a dirty file is understood, tried, corrected in the browser and written; others see nothing of it."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bilan.registers.models import ColumnMapping, Entry
from bilan.tabular.sheets import read_sheet
from bilan.web.areas.ledgerimport import running
from tests.registers.importing.helping import HEADS, emptied, plants
from tests.web.running import Site

Clients = Callable[[str], Client]
ROWS = [
    ["甲厂", "甲区", "C26", "很多", 100.5, "118°30′00″", "24°51′00″"],
    ["乙厂", "甲区", "C26", 12, 3, 118.521, 24.861],
    ["丙厂", "乙区", "C26", 12, 3, 118.622, 24.862],
]


@pytest.fixture(autouse=True)
def _fresh(site: Site) -> None:
    site.renew()
    emptied()


def settled(client: Client, address: str) -> str:
    """The page once nothing runs any more."""
    job = address.rstrip("/").rpartition("/")[2]
    for _ in range(200):
        found = running.jobs().get(job)
        if found is not None and not found.running:
            return str(client.get(address).content.decode())
        time.sleep(0.05)
    raise AssertionError("still running")


def uploaded(client: Client, path: Path, register: str = "test-plant") -> str:
    response = client.post(f"/registers/{register}/import", {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    assert response.status_code == 302, response.content.decode()
    return str(response["Location"])


def test_from_the_file_to_the_register(client_of: Clients, tmp_path: Path) -> None:
    client = client_of("operator")
    address = uploaded(client, plants(tmp_path / "企业.xlsx", ROWS))
    text = settled(client, address)
    assert "不是数字" in text and 'name="fix-2-D"' in text
    assert not Entry.objects.exists()
    client.post(address, {"do": "again", "fix-2-D": "20", "was-2-D": "很多"})
    assert "不是数字" not in settled(client, address)
    client.post(address, {"do": "apply", "reason": "年度更新"})
    text = settled(client, address)
    assert "已写入" in text
    assert sorted(Entry.objects.values_list("name", flat=True)) == sorted(["甲厂", "乙厂", "丙厂"])
    assert Entry.objects.get(name="甲厂").revisions.get().change.reason == "年度更新"
    assert ColumnMapping.objects.get().mapping["职工人数"] == "staff"


def test_refused_rows_stay_and_can_be_corrected_after_the_others_are_written(client_of: Clients, tmp_path: Path) -> None:
    client = client_of("inside-operator")
    address = uploaded(client, plants(tmp_path / "a.xlsx", ROWS))
    settled(client, address)
    client.post(address, {"do": "apply", "reason": "x"})
    text = settled(client, address)
    assert list(Entry.objects.values_list("name", flat=True)) == ["乙厂"]
    assert "超出" in text or "权限" in text or "范围" in text
    refused = client.get(f"{address}/refused.xlsx")
    (tmp_path / "back.xlsx").write_bytes(b"".join(refused.streaming_content))
    assert read_sheet(tmp_path / "back.xlsx").cells["c0"].to_list() == ["甲厂", "丙厂"]
    client.post(address, {"do": "again", "fix-2-D": "20", "was-2-D": "很多"})
    settled(client, address)
    client.post(address, {"do": "apply", "reason": "更正"})
    settled(client, address)
    assert sorted(Entry.objects.values_list("name", flat=True)) == sorted(["乙厂", "甲厂"])


def test_what_a_column_is_can_be_chosen(client_of: Clients, tmp_path: Path) -> None:
    client = client_of("operator")
    heads = [*HEADS[:3], "神秘列", *HEADS[4:]]
    address = uploaded(client, plants(tmp_path / "a.xlsx", [["甲厂", "甲区", "C26", 7, 1, None, None]], heads))
    settled(client, address)
    client.post(address, {"do": "again", "column-3": "staff", "system": "gcj02", "policy": "fill"})
    settled(client, address)
    client.post(address, {"do": "apply", "reason": "x"})
    settled(client, address)
    assert Entry.objects.get().data["staff"] == 7


def test_a_reason_is_asked_for_and_settings_are_checked(client_of: Clients, tmp_path: Path) -> None:
    client = client_of("operator")
    address = uploaded(client, plants(tmp_path / "a.xlsx", ROWS))
    settled(client, address)
    assert "原因" in client.post(address, {"do": "apply", "reason": " "}).content.decode()
    assert client.post(address, {"do": "again", "system": "mars"}).status_code == 400
    assert not Entry.objects.exists()


def test_nobody_else_sees_an_import_and_viewers_cannot_import(client_of: Clients, tmp_path: Path) -> None:
    address = uploaded(client_of("inside-operator"), plants(tmp_path / "a.xlsx", ROWS))
    settled(client_of("inside-operator"), address)
    for other in ("operator", "administrator"):
        assert client_of(other).get(address).status_code == 404
    assert client_of("viewer").get(address).status_code == 403
    assert client_of("viewer").get("/registers/test-plant/import").status_code == 403


def test_the_template_of_a_register_comes_with_the_citys_districts(client_of: Clients) -> None:
    response = client_of("viewer").get("/registers/test-plant/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    texts = {str(cell.value) for row in book["词表"].iter_rows() for cell in row}
    assert {"甲区", "乙区", "丙市"} <= texts
    assert str(book["数据"]["B1"].value) == "*名称"


def test_a_file_that_cannot_be_read_says_why(client_of: Clients, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 nothing")
    client = client_of("operator")
    assert "notice-error" in settled(client, uploaded(client, tmp_path / "a.xlsx"))
    refused = client.post("/registers/test-plant/import", {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert refused.status_code == 200 and "不支持" in refused.content.decode()


@pytest.mark.parametrize("kind", ["geojson", "kml"])
def test_map_files_go_the_same_way(client_of: Clients, tmp_path: Path, kind: str) -> None:
    texts = {
        "geojson": '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"甲厂","行业":"C26","县区":"甲区"},'
        '"geometry":{"type":"Point","coordinates":[118.51,24.86]}}]}',
        "kml": '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>甲厂</name><ExtendedData>'
        '<Data name="行业"><value>C26</value></Data><Data name="县区"><value>甲区</value></Data></ExtendedData>'
        "<Point><coordinates>118.51,24.86</coordinates></Point></Placemark></Document></kml>",
    }
    path = tmp_path / f"a.{kind}"
    path.write_text(texts[kind], encoding="utf-8")
    client = client_of("operator")
    address = uploaded(client, path)
    settled(client, address)
    client.post(address, {"do": "apply", "reason": "x"})
    settled(client, address)
    assert (Entry.objects.get().lon, Entry.objects.get().lat) == (118.51, 24.86)

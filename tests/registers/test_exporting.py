"""Lists as files: every form holds the entries asked for, masked, harmless to spreadsheets, and told to the audit log."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import shapely
from django.core.management import call_command
from django.test import Client

from bilan.people.models import AuditEntry
from bilan.registers import lake
from bilan.registers.exporting import FORMS
from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, write, write_one
from bilan.tabular.places.files import read_features
from bilan.tabular.sheets import read_sheet
from tests.registers.importing.helping import emptied, written
from tests.web.running import Site

Clients = Callable[[str], Client]
PLATFORM = Author.platform("test")


@pytest.fixture(autouse=True)
def _entries(site: Site) -> None:
    site.renew()
    emptied()
    drafts = [
        Draft(
            {
                "name": name,
                "district": district,
                "trade": "C26",
                "staff": staff,
                "water": 1.5,
                "opened": "2020-03-01",
                "key": False,
                "contact": {"name": "王小明", "phone": "13812345678"},
                "geometry": {"type": "Point", "coordinates": [118.5, 24.8 + staff / 1000]},
            }
        )
        for name, district, staff in (("甲厂", "350502", 20), ("=cmd|x", "350502", 30), ("丙厂", "350503", 40))
    ]
    write("test-plant", drafts, PLATFORM)


def taken(client: Client, form: str, query: str = "") -> bytes:
    response = client.get(f"/registers/test-plant?export={form}&{query}")
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_holds_what_the_reader_sees(client_of: Clients, tmp_path: Path, form: str) -> None:
    content = taken(client_of("inside-operator"), form, "sort=-staff")
    path = tmp_path / f"a.{FORMS[form].suffix}"
    path.write_bytes(content)
    if form == "parquet":
        found = pl.read_parquet(path)["staff"].to_list()
    elif FORMS[form].worded:
        sheet = read_sheet(path)
        staff = next(column.index for column in sheet.columns if column.title == "职工人数")
        found = [int(text) for text in sheet.cells.to_series(staff)]
    else:
        found = [int(feature.attributes["staff"]) for feature in read_features(path)]
    assert found == [30, 20]


@pytest.mark.parametrize("form", ["csv", "csv-gb18030", "xlsx"])
def test_formulas_stay_text(client_of: Clients, form: str) -> None:
    content = taken(client_of("inside-operator"), form, "columns=code,name")
    if form == "xlsx":
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows() for cell in row]
        assert all(cell.data_type != "f" for cell in cells)
    else:
        assert "'=cmd|x" in content.decode("utf-8-sig" if form == "csv" else "gb18030")


def test_what_may_not_be_read_is_masked_and_others_districts_stay_away(client_of: Clients) -> None:
    text = taken(client_of("inside-operator"), "geojson").decode()
    assert "丙厂" not in text and "13812345678" not in text
    assert json.loads(text)["features"][0]["geometry"]["type"] == "Point"


def test_an_exported_file_comes_back_unchanged(site: Site, client_of: Clients, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(taken(client_of("administrator"), "xlsx"))
    assert written(path, site.person("administrator")).counts == {"unchanged": 3}


def test_a_past_day_is_exported_as_it_was(client_of: Clients) -> None:
    text = taken(client_of("operator"), "csv", "as_of=2020-01-01&columns=name").decode("utf-8-sig")
    assert text.strip() == "名称"


def test_exports_are_written_down(client_of: Clients) -> None:
    taken(client_of("operator"), "gpkg", "trade=C26")
    entry = AuditEntry.objects.filter(action="register.export").latest("number")
    assert (entry.who, entry.about) == ("operator", "test-plant")
    assert "trade=C26" in entry.detail


def test_a_form_that_is_not_known_is_refused(client_of: Clients) -> None:
    assert client_of("operator").get("/registers/test-plant?export=dwg").status_code == 400


def test_a_shapefile_keeps_chinese_and_the_key_of_its_names(client_of: Clients) -> None:
    archive = zipfile.ZipFile(io.BytesIO(taken(client_of("operator"), "shapefile")))
    assert "fields.csv" in archive.namelist()


def test_the_lake_has_typed_columns_without_personal_data(site: Site) -> None:
    call_command("registers_lake")
    frame = pl.read_parquet(lake.path_of("test-plant"))
    assert frame.schema["staff"] == pl.Int64 and frame.schema["opened"] == pl.Date and frame.schema["topics"] == pl.List(pl.String)
    assert frame["name"].sort().to_list() == sorted(["甲厂", "=cmd|x", "丙厂"])
    assert not {"contact", "secret"} & set(frame.columns)
    placed = frame.drop_nulls("longitude")
    assert [(shape.x, shape.y) for shape in shapely.from_wkb(placed["geometry"].to_list())] == placed.select("longitude", "latitude").rows()
    assert pl.read_parquet(lake.path_of("test-outfall")).height == 0


def test_the_lake_is_written_when_its_register_changed_and_never_goes_back(site: Site) -> None:
    lake.refresh()
    assert not any(lake.refresh().values())
    entry = Entry.objects.get(name="甲厂")
    write_one("test-plant", Draft({"staff": 21}, code=entry.code), PLATFORM)
    assert not lake.is_current("test-plant")
    assert lake.refresh()["test-plant"] is True
    assert 21 in pl.read_parquet(lake.path_of("test-plant"))["staff"]

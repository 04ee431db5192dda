"""Forms of entries: what is sent becomes what is kept, mistakes lose nothing, two writers do not overwrite each other."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from bilan.registers.models import Attachment, Entry, Revision
from bilan.registers.writing import Author, Draft, write
from tests.web import tiny
from tests.web.running import Site

pytestmark = pytest.mark.usefixtures("filled")
Clients = Callable[[str], Client]
NEW = "/registers/test-plant/new"
FULL = {
    "name": "新建企业",
    "district": tiny.INSIDE,
    "aliases": "旧名甲；旧名乙",
    "geometry": "118°30′00″E 24°51′00″N",
    "trade": "C26",
    "topics": ["industrial", "rain"],
    "staff": "1,200",
    "water": "33.5",
    "opened": "2020-05-01",
    "permit.from": "2024-01-01",
    "permit.to": "2026-12-31",
    "key": "true",
    "remark": "大户",
    "contact.name": "李四",
    "contact.phone": "13900001111",
    "secret": "内",
    "site": "https://video.example.org/1",
    "limits[0].parameter": "w21003",
    "limits[0].limit": "5",
    "limits[0].unit": "mg/L",
    "lines[7].label": "二号线",
    "lines[7].capacity": "10",
    "lines[2].label": "一号线",
    "lines[2].since": "2019-01-01",
}


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def plant(number: int = 1) -> Entry:
    return Entry.objects.get(register="test-plant", name=f"{'甲乙丙'[number % 3]}区演示企业{number}")


def form_of(entry: Entry, **changes: Any) -> dict[str, Any]:
    """What the form of an entry sends when nothing but `changes` is changed."""
    data = entry.data
    sent = {
        "version": str(entry.version),
        "name": entry.name,
        "district": entry.district,
        "status": entry.status,
        "geometry": json.dumps(entry.geometry) if entry.geometry else "",
        "trade": data["trade"],
        "topics": data.get("topics", []),
        "staff": str(data["staff"]),
        "water": str(data.get("water", "")),
        "opened": data["opened"],
        "key": "true" if data.get("key") else "false",
        "remark": data.get("remark", ""),
        "contact.name": "张三丰",
        "contact.phone": "13812345678",
        "secret": data.get("secret", ""),
        "reason": "现场核实",
    }
    return {**sent, **changes}


def address(entry: Entry) -> str:
    return f"/registers/test-plant/entries/{entry.code}/edit"


def test_a_new_entry_keeps_every_type_of_field(client_of: Clients) -> None:
    response = client_of("administrator").post(NEW, FULL)
    assert response.status_code == 302, text_of(response)[:3000]
    entry = Entry.objects.get(name="新建企业")
    assert entry.code.startswith(f"TP-{tiny.INSIDE}-") and entry.aliases == ["旧名甲", "旧名乙"]
    assert entry.geometry == {"type": "Point", "coordinates": [118.5, 24.85]}
    assert entry.data["staff"] == 1200 and entry.data["key"] is True and entry.data["topics"] == ["industrial", "rain"]
    assert entry.data["permit"] == ["2024-01-01", "2026-12-31"]
    assert entry.data["contact"] == {"name": "李四", "phone": "13900001111"}
    assert entry.data["limits"] == [{"parameter": "w21003", "limit": 5.0, "unit": "mg/L", "clause": ""}]
    assert [row["label"] for row in entry.data["lines"]] == ["二号线", "一号线"]
    assert entry.data["intensity"] == pytest.approx(0.03)


def test_mistakes_are_told_beside_their_fields_and_nothing_is_lost(client_of: Clients) -> None:
    wrong = {**FULL, "name": "", "staff": "many", "lines[2].label": "", "geometry": "somewhere", "trade": "X", "opened": "2020-13-01"}
    response = client_of("administrator").post(NEW, wrong)
    text = text_of(response)
    for name in ("name", "staff", "lines", "geometry", "trade", "opened"):
        assert re.search(rf'class="field field-wrong[^"]*" id="field-{name}"', text), name
    for kept in ('value="many"', "somewhere", 'value="二号线"', 'value="w21003"', 'value="李四"', "大户", 'value="2024-01-01"'):
        assert kept in text, kept
    assert "第 2 行" in text or "row 2" in text


def test_a_rule_across_fields_is_told(client_of: Clients) -> None:
    text = text_of(client_of("administrator").post(NEW, {**FULL, "staff": "3", "remark": "x"}))
    assert "重点单位职工人数应不少于 10 人" in text


def test_a_condition_is_enforced_by_the_server(client_of: Clients) -> None:
    text = text_of(client_of("administrator").post(NEW, {**FULL, "remark": ""}))
    assert re.search(r'field-wrong wide" id="field-remark"', text)
    client_of("administrator").post(NEW, {**FULL, "name": "电力企业", "trade": "D"})
    assert "limits" not in Entry.objects.get(name="电力企业").data


def test_a_change_asks_why_and_keeps_what_was_typed(client_of: Clients) -> None:
    entry = plant(1)
    response = client_of("administrator").post(address(entry), form_of(entry, staff="77", reason=" "))
    assert 'value="77"' in text_of(response) and "请写明原因" in text_of(response)
    assert client_of("administrator").post(address(entry), form_of(entry, staff="77")).status_code == 302
    entry.refresh_from_db()
    revision = Revision.objects.get(entry=entry, version=2)
    assert entry.data["staff"] == 77
    assert (revision.change.reason, revision.change.author, revision.change.source) == ("现场核实", "administrator", "form")


def test_what_the_writer_may_not_read_stays_as_it_is(client_of: Clients) -> None:
    entry = plant(2)
    form = text_of(client_of("operator").get(address(entry)))
    assert "13812345678" not in form and "密-2" not in form and "138****5678" in form
    sent = form_of(entry, **{"contact.phone": "13900000000", "secret": "changed", "staff": "55"})
    assert client_of("operator").post(address(entry), sent).status_code == 302
    entry.refresh_from_db()
    assert entry.data["contact"]["phone"] == "13812345678" and entry.data["secret"] == "密-2" and entry.data["staff"] == 55


def test_a_form_without_a_version_is_refused(client_of: Clients) -> None:
    entry = plant(3)
    sent = form_of(entry)
    del sent["version"]
    assert client_of("administrator").post(address(entry), sent).status_code == 400


def test_two_writers_choose_field_by_field(client_of: Clients) -> None:
    entry = plant(4)
    sent = form_of(entry, staff="500", remark="我的备注", water="9.5")
    write("test-plant", [Draft({"staff": 600, "opened": "2021-01-01"}, code=entry.code)], Author.platform("theirs"))
    client = client_of("administrator")
    response = client.post(address(entry), sent)
    text = text_of(response)
    assert response.status_code == 409
    assert 'name="take-staff"' in text and 'name="take-remark"' not in text
    assert "我的备注" in text and "500" in text and "600" in text and "2021-01-01" in text
    merge = re.search(r'name="merge" value="([^"]*)"', response.content.decode())
    assert merge
    chosen = {"version": "2", "merge": unescape(merge[1]), "take-staff": "theirs", "reason": "合并"}
    assert client.post(address(entry), chosen).status_code == 302
    entry.refresh_from_db()
    assert (entry.data["staff"], entry.data["remark"], entry.data["water"], entry.data["opened"]) == (600, "我的备注", 9.5, "2021-01-01")
    assert entry.version == 3


def test_an_entry_is_archived_with_a_reason_and_comes_back(client_of: Clients) -> None:
    entry = plant(5)
    client = client_of("administrator")
    without = {"version": "1", "action": "archive"}
    client.post(address(entry), without)
    entry.refresh_from_db()
    assert not entry.archived
    client.post(address(entry), {**without, "reason": "重复登记"})
    entry.refresh_from_db()
    assert entry.archived
    client.post(address(entry), {"version": "2", "action": "restore", "reason": "误操作"})
    entry.refresh_from_db()
    assert not entry.archived and entry.version == 3


def test_who_may_not_write_gets_no_form(client_of: Clients) -> None:
    inside, outside = plant(3), plant(1)
    assert client_of("viewer").get(NEW).status_code == 403
    assert client_of("inside-operator").get(address(inside)).status_code == 200
    assert client_of("inside-operator").get(address(outside)).status_code == 404
    response = client_of("inside-operator").post(NEW, {**FULL, "district": tiny.OUTSIDE})
    assert response.status_code == 200 and "不在您可修改的范围内" in text_of(response)
    assert client_of("operator").get(f"{NEW}?as_of=2026-01-01").status_code == 403


def picture() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (900, 600), "#0f766e").save(content, "PNG")
    return content.getvalue()


def upload(client: Client, name: str, content: bytes) -> Any:
    return client.post("/registers/test-plant/upload/papers", {"file": SimpleUploadedFile(name, content)})


def test_a_file_is_kept_once_shown_small_and_only_to_those_who_see_the_entry(client_of: Clients, site: Site) -> None:
    client = client_of("operator")
    answer = upload(client, "现场.png", picture()).json()
    assert (answer["mime"], len(answer["digest"])) == ("image/png", 64)
    assert client_of("viewer").get(answer["href"]).status_code == 404
    entry = plant(1)
    assert client.post(address(entry), form_of(entry, papers=[str(answer["id"])])).status_code == 302
    entry.refresh_from_db()
    assert entry.data["papers"][0]["digest"] == answer["digest"]
    whole = client_of("viewer").get(answer["href"])
    assert b"".join(whole.streaming_content) == picture()
    assert whole.headers["Content-Disposition"].startswith("attachment") and whole.headers["X-Content-Type-Options"] == "nosniff"
    small = client_of("viewer").get(f"{answer['href']}?small=1")
    with Image.open(io.BytesIO(b"".join(small.streaming_content))) as image:
        assert image.format == "WEBP" and image.size == (480, 320)
    assert client_of("inside-viewer").get(answer["href"]).status_code == 404
    again = upload(client, "again.png", picture()).json()
    assert again["digest"] == answer["digest"]
    assert len([path for path in (site.city.data / "files").rglob("*") if path.is_file() and path.suffix != ".webp"]) == 1
    assert client.post(address(entry), form_of(entry, version=str(entry.version), papers=[])).status_code == 302
    assert Attachment.objects.get(pk=answer["id"]).removed is not None


@pytest.mark.parametrize(
    ("name", "content"),
    [("run.exe", b"MZ"), ("page.html", b"<script>"), ("x.png", b"<script>alert(1)</script>"), ("x.pdf", picture()), ("empty.txt", b"")],
)
def test_files_that_are_not_what_they_say_are_refused(name: str, content: bytes, client_of: Clients) -> None:
    before = Attachment.objects.count()
    response = upload(client_of("operator"), name, content)
    assert response.status_code == 400 and response.json()["message"]
    assert Attachment.objects.count() == before


def test_a_file_of_another_entry_cannot_be_taken_over(client_of: Clients) -> None:
    mine = upload(client_of("administrator"), "我的.txt", "内容".encode()).json()
    entry = plant(3)
    client_of("operator").post(address(entry), form_of(entry, papers=[str(mine["id"])]))
    entry.refresh_from_db()
    assert not entry.data.get("papers")


def test_places_are_read_in_any_notation_and_from_files(client_of: Clients) -> None:
    client = client_of("operator")
    found = client.post("/registers/test-plant/place", {"coordinates": "E118°30′36″ N24°51′36″"}).json()
    assert found["geometry"] == {"type": "Point", "coordinates": [118.51, 24.86]}
    assert client.post("/registers/test-plant/place", {"coordinates": "nowhere"}).status_code == 400
    features = [{"type": "Feature", "properties": {"名称": "甲"}, "geometry": {"type": "Point", "coordinates": [118.5, 24.8]}}]
    file = SimpleUploadedFile("a.geojson", json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert client.post("/registers/test-plant/place", {"file": file}).json()["shapes"][0]["name"] == "甲"
    line = {"type": "FeatureCollection", "features": [{**features[0], "geometry": {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}}]}
    assert (
        client.post("/registers/test-plant/place", {"file": SimpleUploadedFile("a.geojson", json.dumps(line).encode())}).status_code == 400
    )

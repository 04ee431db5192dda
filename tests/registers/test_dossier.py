"""What a dossier says of an entry, to whom, and what is computed when it is read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import docx
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bilan.people.monitoring import Monitoring
from bilan.people.visibility import visible_to
from bilan.registers import histories
from bilan.registers.computing import Computing
from bilan.registers.dossier import Dossier, build
from bilan.registers.ledger import Ledger
from bilan.registers.models import Entry
from bilan.registers.printing import FORMS, Printed
from bilan.registers.writing import Author, Draft, write, write_one
from tests.registers.entries import PLATFORM, outfall, plant, point
from tests.web.running import Site

LIMIT = {"parameter": "w21003", "limit": 25, "unit": "mg/L", "clause": "第二条"}


@pytest.fixture(scope="module")
def firm(site: Site) -> Iterator[Entry]:
    """A firm with outfalls, a stream, a permit, a gauge on it, a reserve around it and a neighbour in another district."""
    made = plant(
        staff=600,
        water=1500.0,
        geometry=point(118.5, 24.85),
        contact={"name": "张三丰", "phone": "13812345678"},
        secret="内情",
        limits=[LIMIT],
    )
    line = {"type": "LineString", "coordinates": [[118.4, 24.8], [118.6, 24.9]]}
    write("test-stream", [Draft({"name": "演示溪", "geometry": line}, code="S1")], PLATFORM)
    for number in (1, 2):
        outfall(f"O{number}", plant=made.code, stream="S1", flow=50.0 * number, geometry=point(118.5 + 0.0005 * number, 24.85))
    ring = [[118.49, 24.84], [118.51, 24.84], [118.51, 24.86], [118.49, 24.86], [118.49, 24.84]]
    reserve = Draft({"name": "演示保护区", "level": 1, "geometry": {"type": "Polygon", "coordinates": [ring]}}, code="Z1")
    write("test-reserve", [reserve], PLATFORM)
    gauge = {"name": "演示断面", "stream": "S1", "district": "350502", "geometry": point(118.52, 24.83)}
    write("test-gauge", [Draft(gauge, code="RIVER1")], PLATFORM)
    rows = [{"number": number, "item": {**LIMIT, "limit": limit}} for number, limit in (("O1", 8), ("O2", 15))]
    permit = {"name": "演示许可证", "plant": made.code, "gauge": "RIVER1", "district": "350502", "limits": [LIMIT], "by_outfall": rows}
    write("test-permit", [Draft({**permit, "expires": (timezone.localdate() + timedelta(days=40)).isoformat()}, code="P1")], PLATFORM)
    plant(district="350503", name="乙区演示邻厂", geometry=point(118.5, 24.8505))
    yield made


def doors(site: Site, username: str, as_of: datetime | None = None) -> tuple[Ledger, Monitoring]:
    scope = visible_to(site.person(username))
    return Ledger(scope, as_of=as_of), Monitoring(site.store, scope)


def dossier(site: Site, username: str, register: str, code: str, language: str = "en") -> Dossier:
    ledger, monitoring = doors(site, username)
    return build(ledger, monitoring, ledger.entry(register, code), language)


def said(found: Dossier) -> dict[str, Any]:
    return {line.name: line for part in found.parts for line in part.lines}


def test_links_are_grouped_and_counted_and_lead_on(site: Site, firm: Entry) -> None:
    found = dossier(site, "viewer", "test-plant", firm.code)
    groups = {linked.title: (linked.count, linked.filtered) for linked in found.linked}
    assert groups == {"Outfalls": (2, f"plant={firm.code}"), "Permits": (1, "")}
    chain = {step.title: [(second.title, second.count) for second in step.following] for step in found.chain}
    assert chain["Outfalls"] == [("Receiving water", 1)]
    assert chain["Permits"] == [("Gauge", 1)]


def test_surroundings_hold_what_the_reader_may_see(site: Site, firm: Entry) -> None:
    near = {entry.record.name for entry in dossier(site, "viewer", "test-plant", firm.code).surroundings.near}
    assert {"演示排口O1", "演示排口O2", "演示溪", "乙区演示邻厂"} <= near
    found = dossier(site, "inside-viewer", "test-plant", firm.code).surroundings
    assert "乙区演示邻厂" not in {entry.record.name for entry in found.near}
    assert {zone.record.code for zone in found.zones} == {"Z1"}
    distances = {entry.record.code: entry.distance for entry in found.near}
    assert distances["O1"] == pytest.approx(50.6, abs=0.5)


def test_an_area_counts_what_lies_in_it(site: Site, firm: Entry) -> None:
    inside = dossier(site, "inside-viewer", "test-reserve", "Z1").surroundings.inside
    counted = {register.name: count for register, count in inside}
    assert counted["test-outfall"] == 2
    assert counted["test-plant"] == 1


def test_personal_and_restricted_values_are_masked(site: Site, firm: Entry) -> None:
    lines = said(dossier(site, "viewer", "test-plant", firm.code))
    assert lines["contact"].masked
    assert lines["contact"].said.text == "张** 138****5678"
    assert lines["secret"].masked
    assert "内情" not in lines["secret"].said.text
    known = said(dossier(site, "administrator", "test-plant", firm.code))
    assert known["contact"].said.text == "张三丰 13812345678"
    assert known["secret"].said.text == "内情"


def test_values_verdicts_and_limits_stand_together(site: Site, firm: Entry) -> None:
    gauge = dossier(site, "viewer", "test-gauge", "RIVER1").gauges[0]
    ammonia = next(value for value in gauge.values if value.parameter == "w21003")
    assert ammonia.limit is not None
    assert ammonia.limit.limit == 25
    assert ammonia.exceeds == (ammonia.value > 25)
    assert len(ammonia.trend) == 49
    assert [verdict["kind"] for verdict in gauge.verdicts] == ["water"]


def test_a_permit_says_of_an_outfall_what_it_says_of_that_one(site: Site, firm: Entry) -> None:
    found = dossier(site, "viewer", "test-outfall", "O1")
    assert [permit.record.code for permit in found.permits] == ["P1"]
    assert [(title, [row[0] for row in grid.rows]) for title, grid in found.permits[0].grids] == [("Limits by outfall", ["O1"])]
    assert [limit.limit for limit in found.limits] == [8]
    whole = dossier(site, "viewer", "test-plant", firm.code).permits[0]
    assert [len(grid.rows) for _title, grid in whole.grids] == [1, 2]


def test_what_is_missing_is_told(site: Site, firm: Entry) -> None:
    found = dossier(site, "viewer", "test-plant", firm.code)
    assert "uscc" in [gap.name for gap in found.gaps]
    assert 0 < found.completeness < 100


def test_fields_are_computed_when_read(site: Site, firm: Entry) -> None:
    lines = said(dossier(site, "viewer", "test-gauge", "RIVER1"))
    assert lines["permits"].said.text == "1"
    newest = site.store.latest(points=["RIVER1"], parameters=["w21011"]).filter(interval="hour")["value"][0]
    assert lines["phosphorus"].said.text == f"{newest:,.3f} mg/L"
    assert lines["worse"].said.text == ("Yes" if int(lines["grade"].said.text) > 3 else "No")
    permit = said(dossier(site, "viewer", "test-permit", "P1"))
    assert permit["left"].said.text == "40 d"
    assert permit["flow"].said.text == "1,500.0 t/d"
    assert permit["flow"].formula == "sum(linked('plant', 'water'))"
    assert "left" not in Entry.objects.get(register="test-permit", code="P1").data


def test_computing_costs_as_many_queries_for_one_as_for_many(site: Site, firm: Entry) -> None:
    write("test-gauge", [Draft({"name": f"断面{n}", "district": "350502"}, code=f"GAUGE{n}") for n in range(20)], PLATFORM)
    ledger, monitoring = doors(site, "viewer")
    records = sorted(ledger.entries("test-gauge"), key=lambda record: record.code != "RIVER1")
    counts = []
    for some in (records[:1], records):
        with CaptureQueriesContext(connection) as queries:
            assert len(Computing(ledger, monitoring).values(some)) == len(some)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_readings_are_absent_when_looking_at_the_past(site: Site, firm: Entry) -> None:
    ledger, monitoring = doors(site, "viewer", timezone.now())
    record = ledger.entry("test-gauge", "RIVER1")
    values = Computing(ledger, monitoring).values([record])[record.number]
    assert values["permits"] == 1
    assert values["phosphorus"] is None


def test_a_history_is_told_field_by_field(site: Site, firm: Entry) -> None:
    entry = plant(staff=20, geometry=point(118.5, 24.85))
    moved = {"staff": 30, "trade": "C17", "geometry": point(118.5, 24.851), "contact": {"name": "李四", "phone": "13800001111"}}
    write_one("test-plant", Draft(moved, code=entry.code), Author.platform("搬迁"))
    ledger, _monitoring = doors(site, "viewer")
    newest, first = histories.steps(ledger, ledger.entry("test-plant", entry.code), "en")
    told = {difference.name: difference for difference in newest.differences}
    assert (told["staff"].before, told["staff"].after) == ("20", "30")
    assert told["geometry"].note == "moved by 111 m"
    assert told["contact"].note == "changed (not shown to you)"
    assert "李四" not in told["contact"].after
    chinese = histories.steps(ledger, ledger.entry("test-plant", entry.code), "zh-hans")[0]
    trade = next(difference for difference in chinese.differences if difference.name == "trade")
    assert (trade.title, trade.before, trade.after) == ("行业", "化学原料和化学制品制造业", "纺织业")
    assert first.first


@pytest.mark.parametrize("username", ["viewer", "administrator"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_dossier_is_printed_from_the_masked_values(username: str, language: str, site: Site, firm: Entry) -> None:
    found = dossier(site, username, "test-plant", firm.code, language)
    printed = Printed(found, language, "演示市", "打印者", datetime(2026, 3, 1, 8, 30), "", demo=True)
    pages = pypdf.PdfReader(io.BytesIO(FORMS["pdf"](printed)[0])).pages
    document = docx.Document(io.BytesIO(FORMS["docx"](printed)[0]))
    word = "\n".join([*(paragraph.text for paragraph in document.paragraphs), document.sections[0].footer.paragraphs[0].text])
    word += "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for text in ("\n".join(page.extract_text() for page in pages), word):
        assert firm.name in text
        assert firm.code in text
        assert "2026-03-01 08:30" in text
        assert "打印者" in text
        assert ("Demo data" if language == "en" else "演示数据") in text
        assert ("13812345678" in text) == (username == "administrator")
        assert "演示许可证" in text
    assert document.styles["Normal"].element.rPr.rFonts.get(docx.oxml.ns.qn("w:eastAsia"))


def test_names_never_become_source_text_of_the_sheet(site: Site) -> None:
    entry = plant(name='#eval("1") *粗* $x$ \\ "引号" #image("/etc/passwd")', geometry=point(118.5, 24.85))
    found = dossier(site, "viewer", "test-plant", entry.code)
    printed = Printed(found, "en", "演示市", "打印者", datetime(2026, 3, 1, 8, 30))
    text = pypdf.PdfReader(io.BytesIO(FORMS["pdf"](printed)[0])).pages[0].extract_text()
    assert '#eval("1") *粗* $x$' in text.replace("\n", " ")

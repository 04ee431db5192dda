"""Pages of plans: from an own document to confirmed commitments, who may, being overtaken, comparing, files."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bilan.plans import confirming
from bilan.plans.columns import COLUMNS
from bilan.plans.histories import history
from bilan.plans.models import Commitment, Plan, Target
from bilan.web.areas.commitments import reading, text
from bilan.web.jobs import start
from tests.web.running import Site

ClientOf = Callable[[str], Client]
OWN = """某某市生态环境保护规划

规划期为2021—2025年，基准年为2020年。

第一章 总体要求

到2025年，市区空气质量优良天数比例达到97.5%以上，细颗粒物年均浓度控制在20微克/立方米以下。

第二章 重点任务

到2023年底前，新建污水管网800公里；到2025年，建成湿地公园5个。
"""
AHEAD = 60
JSON = {"accept": "application/json"}


def body(response: Any) -> str:
    return str(response.content.decode())


def handed_in(client: Client, name: str, content: bytes, **fields: str) -> str:
    """Hand a document in and wait until its reading has ended; gives the address of the reading."""
    response = client.post("/plans/new", {"file": SimpleUploadedFile(name, content), **fields})
    assert response.status_code == 302, body(response)
    return wait_for(str(response["Location"]))


def wait_for(where: str) -> str:
    """Wait until a reading has ended."""
    deadline = time.monotonic() + AHEAD
    while time.monotonic() < deadline:
        job = reading.jobs().get(where.rpartition("/")[2])
        assert job is not None
        if not job.running:
            return where
        time.sleep(0.05)
    raise AssertionError("the reading did not end")


@pytest.fixture(scope="module")
def plan(site: Site, _renewed: None) -> Plan:
    """An own document, handed in by its page."""
    client = Client()
    client.force_login(site.person("administrator"))
    where = handed_in(client, "规划.txt", OWN.encode(), code="own")
    page = client.get(where)
    assert "/plans/own" in body(page), body(page)
    return Plan.objects.get(code="own")


@pytest.fixture(scope="module")
def as_read(plan: Plan) -> list[Commitment]:
    """Its commitments before anybody decided anything."""
    plan.commitments.update(version=0)
    return list(plan.commitments.all())


@pytest.fixture
def fresh(plan: Plan, as_read: list[Commitment]) -> Plan:
    """The same plan with nothing decided."""
    Target.objects.filter(plan=plan).delete()
    plan.commitments.all().delete()
    Commitment.objects.bulk_create(as_read)
    return plan


def number_of(plan: Plan, words: str) -> int:
    found = next(held for held in plan.commitments.all() if words in held.metric + held.subject)
    return int(found.number)


def test_a_document_becomes_a_plan_with_its_commitments(plan: Plan) -> None:
    assert (plan.begin, plan.end, plan.file) == (2021, 2025, "规划.txt")
    said = {held.metric + held.subject: (held.comparator, held.value, held.unit, held.deadline) for held in plan.commitments.all()}
    assert any("优良天数" in name and value == (">=", 97.5, "%", "2025") for name, value in said.items()), said
    assert any("管网" in name and value[1] == 800 for name, value in said.items()), said


def test_every_commitment_is_marked_where_it_stands(plan: Plan, client_of: ClientOf) -> None:
    page = body(client_of("viewer").get("/plans/own"))
    for held in plan.commitments.all():
        assert re.search(rf'<mark class="open" data-c="[\d ]*\b{held.number}\b', page), held
        assert f'id="c{held.number}"' in page
        assert plan.blocks[held.block]["text"][held.begin : held.finish].strip("。；") in held.sentence
    assert "data-quick" not in page
    assert 'name="do"' not in page


def test_marks_overlap_and_leave_the_text_as_it_is() -> None:
    said = "达到80%<&，建成5个。"
    html = text.marked(said, [(0, 6, 1, "open"), (2, 11, 2, "confirmed")])
    assert re.sub(r"<[^>]+>", "", html) == "达到80%&lt;&amp;，建成5个。"
    assert 'data-c="1 2"' in html
    row = str(text.html([{"kind": "row", "text": "1 | 优良率 | 97", "level": 0}], [(0, 0, 12, 7, "open")]))
    assert re.sub(r"<[^>]+>", "", row) == "1 | 优良率 | 97"
    assert row.count('data-n="7"') == 1


def test_a_commitment_is_confirmed_beside_the_text(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    number = number_of(fresh, "优良天数")
    shown = client.get(f"/plans/own/commitments/{number}", headers=JSON).json()
    assert "97.5" in shown["detail"]
    answer = client.post(f"/plans/own/commitments/{number}", {"do": "confirm", "version": 0}, headers=JSON).json()
    assert answer["done"] == shown["done"] + 1
    assert 'data-state="confirmed"' in answer["line"]


def test_who_comes_too_late_sees_what_stands_there_now(fresh: Plan, client_of: ClientOf, site: Site) -> None:
    number = number_of(fresh, "优良天数")
    confirming.correct(fresh.commitments.get(number=number), {"value": "98"}, site.person("operator"))
    late = client_of("administrator").post(
        f"/plans/own/commitments/{number}", {"do": "correct", "version": 0, "value": "96", "comparator": ">="}, headers=JSON
    )
    assert late.status_code == 409
    assert "operator" in late.json()["error"]
    assert "98" in late.json()["line"]
    assert fresh.commitments.get(number=number).value == 98


def test_a_correction_is_refused_with_its_reason_and_without_script_too(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    where = f"/plans/own/commitments/{number_of(fresh, '优良天数')}"
    refused = client.post(where, {"do": "correct", "version": 0, "value": "很多", "comparator": ">="}, headers=JSON)
    assert refused.status_code == 400
    assert "很多" in refused.json()["error"]
    sent = client.post(where, {"do": "correct", "value": "很多"}, follow=True)
    assert "很多" in body(sent)


def test_many_are_confirmed_by_filter(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    targets = fresh.commitments.filter(kind="target").count()
    answer = client.post("/plans/own", {"do": "confirm", "kind": "target"}, headers=JSON).json()
    assert answer["count"] == targets
    assert fresh.commitments.filter(check_state="open").count() == fresh.commitments.count() - targets
    shown = body(client.get("/plans/own?state=open", headers={"hx-request": "true"}))
    assert 'data-state="confirmed"' not in shown
    assert "<html" not in shown


def test_viewers_and_those_of_one_district_change_nothing(fresh: Plan, client_of: ClientOf) -> None:
    for username in ("viewer", "inside-operator", "clerk", "analyst"):
        client = client_of(username)
        assert client.get("/plans/own").status_code == 200
        for where, data in (("/plans/own", {"do": "confirm"}), ("/plans/own/commitments/1", {"do": "confirm"}), ("/plans/new", {})):
            assert client.post(where, data).status_code == 403, (username, where)
    assert not fresh.commitments.exclude(check_state="open").exists()


def test_splitting_and_merging_by_their_forms(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    number = number_of(fresh, "湿地")
    assert body(client.get(f"/plans/own/commitments/{number}/split?parts=3")).count("of-metric") == 3
    parts = {"do": "split", "version": 0, "parts": 2}
    for at, name in enumerate(("湿地公园", "驿站")):
        parts |= {f"p{at}-kind": "project", f"p{at}-metric": name, f"p{at}-comparator": "=", f"p{at}-value": at + 1}
    go = client.post(f"/plans/own/commitments/{number}", parts, headers=JSON).json()["go"]
    made = list(fresh.commitments.filter(source__number=number))
    assert go == f"/plans/own?at={made[0].number}"
    assert [(part.metric, part.value, part.check_state) for part in made] == [("湿地公园", 1, "confirmed"), ("驿站", 2, "confirmed")]
    merging = {"do": "merge", "version": 0, "with": f"{made[1].number}:0"}
    assert client.post(f"/plans/own/commitments/{made[0].number}", merging, headers=JSON).json()["go"]
    assert fresh.commitments.get(number=made[1].number).check_state == "rejected"


def test_a_merge_is_refused_when_any_of_them_was_changed_meanwhile(fresh: Plan, client_of: ClientOf, site: Site) -> None:
    first, other = fresh.commitments.order_by("number")[:2]
    where = f"/plans/own/commitments/{first.number}"
    merging = {"do": "merge", "version": first.version, "with": f"{other.number}:{other.version}"}
    assert f'value="{other.number}:{other.version}"' in body(client_of("administrator").get(where))
    confirming.correct(other, {"owner": "大气科"}, site.person("operator"))
    before = list(fresh.commitments.order_by("number").values())
    late = client_of("administrator").post(where, merging, headers=JSON)
    assert late.status_code == 409
    assert "operator" in late.json()["error"]
    assert any("大气科" in line for line in late.json()["changed"])
    assert f'value="{other.number}:{other.version + 1}" checked' in late.json()["detail"]
    assert f'data-version="{other.version + 1}"' in late.json()["others"][str(other.number)]
    plain = client_of("administrator").post(where, merging)
    assert (plain.status_code, "大气科" in body(plain)) == (409, True)
    assert list(fresh.commitments.order_by("number").values()) == before
    for unsaid in ({"with": str(other.number)}, {"version": ""}):
        assert client_of("administrator").post(where, {**merging, **unsaid}, headers=JSON).status_code == 400
    assert client_of("administrator").post(where, {**merging, "with": f"{other.number}:{other.version + 1}"}, headers=JSON).json()["go"]


def test_a_split_that_comes_too_late_keeps_what_was_typed(fresh: Plan, client_of: ClientOf, site: Site) -> None:
    number = number_of(fresh, "湿地")
    confirming.correct(fresh.commitments.get(number=number), {"value": "8"}, site.person("operator"))
    parts = {"do": "split", "version": 0, "parts": 3}
    for at, name in enumerate(("湿地公园", "驿站", "观鸟屋")):
        parts |= {f"p{at}-kind": "project", f"p{at}-metric": name, f"p{at}-comparator": "=", f"p{at}-value": at + 1}
    count = fresh.commitments.count()
    late = client_of("administrator").post(f"/plans/own/commitments/{number}", parts)
    assert late.status_code == 409
    page = body(late)
    assert all(name in page for name in ("湿地公园", "驿站", "观鸟屋", "operator", "5 → 8"))
    assert 'name="version" value="1"' in page
    assert fresh.commitments.count() == count
    assert client_of("administrator").post(f"/plans/own/commitments/{number}", {**parts, "version": 1}).status_code == 302
    assert fresh.commitments.filter(source__number=number).count() == 3


def test_words_of_the_text_are_added_with_what_the_reader_makes_of_them(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    block = next(at for at, block in enumerate(fresh.blocks) if "湿地公园" in block["text"])
    begin = fresh.blocks[block]["text"].index("到2025年，建成")
    where = f"/plans/own/add?block={block}&begin={begin}&finish={len(fresh.blocks[block]['text'])}"
    page = body(client.get(where))
    assert 'value="5"' in page
    client.post(where, {"kind": "project", "metric": "湿地公园个数", "comparator": "=", "value": "5", "unit": "个"})
    made = fresh.commitments.get(metric="湿地公园个数")
    assert made.sentence == fresh.blocks[block]["text"][begin:]
    assert client.get(f"/plans/own/add?block={block}&begin=5&finish=99999").status_code == 400
    made.delete()


def test_a_link_and_a_target_of_it(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    number = number_of(fresh, "优良天数")
    where = f"/plans/own/commitments/{number}"
    fresh.commitments.update(indicator="", version=0)
    assert 'data-propose="good-days"' in client.get(where, headers=JSON).json()["detail"]
    unknown = client.post(where, {"do": "link", "version": 0, "indicator": "good-dayz"}, headers=JSON)
    assert "good-days" in unknown.json()["error"]
    client.post(where, {"do": "link", "version": 0, "indicator": "good-days"}, headers=JSON)
    assert "planbook" not in client.post(where, {"do": "target"}, headers=JSON).json()["error"]
    client.post(where, {"do": "confirm"}, headers=JSON)
    client.post(where, {"do": "target"}, headers=JSON)
    target = Target.objects.get(commitment__plan=fresh, commitment__number=number)
    assert (target.code, target.value) == ("good-days-2025", 97.5)
    assert target.changes.filter(field="value", document=fresh.title).exists()


def test_the_history_of_a_commitment_says_what_changed_by_whom(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    number = number_of(fresh, "优良天数")
    where = f"/plans/own/commitments/{number}"
    client.post("/plans/own", {"do": "confirm"}, headers=JSON)
    client.post(where, {"do": "correct", "value": "97.6"}, headers=JSON)
    client.post(where, {"do": "link", "indicator": "good-days"}, headers=JSON)
    page = body(client_of("viewer").get(where))
    told = page[page.index('id="history"') :]
    assert "97.5 → 97.6" in told
    assert "→ 空气质量优良天数比例" in told
    assert str(get_user_model().objects.get(username="administrator")) in told
    acts = [event.act for event in history(fresh.commitments.get(number=number))]
    assert acts[:3] == ["plan.link", "plan.correct", "plan.confirm"]
    assert acts[-1] == "plan.read"
    other = fresh.commitments.exclude(number=number).filter(kind="project").first()
    assert other is not None
    assert [event.act for event in history(other)] == ["plan.confirm", "plan.read"]


def test_all_that_leaves_no_doubt_is_linked_and_made_targets_at_once(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    client.post("/plans/own", {"do": "confirm"}, headers=JSON)
    assert fresh.commitments.filter(indicator="good-days").exists(), "what leaves no doubt is linked as the document is read"
    fresh.commitments.update(indicator="")
    assert client.post("/plans/own", {"do": "link"}, headers=JSON).json()["count"] >= 1
    made = client.post("/plans/own", {"do": "target"}, headers=JSON).json()["count"]
    assert made == Target.objects.filter(plan=fresh).count() >= 1
    assert client.post("/plans/own", {"do": "target"}, headers=JSON).json()["count"] == 0


def test_exports_have_the_columns_of_the_annotated_plans(fresh: Plan, client_of: ClientOf) -> None:
    client = client_of("analyst")
    table = list(csv.DictReader(io.StringIO(client.get("/plans/own/export?form=csv").content.decode("utf-8-sig"))))
    assert tuple(table[0]) == COLUMNS
    assert len(table) == fresh.commitments.count()
    best = next(entry for entry in table if "优良天数" in entry["metric_zh"] + entry["subject_zh"])
    assert (best["comparator"], best["value"], best["deadline"]) == (">=", "97.5", "2025")
    assert json.loads(client.get("/plans/own/export?form=json&kind=target").content)[0]["kind"] == "target"
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/plans/own/export?form=xlsx").streaming_content))).active
    assert sheet is not None
    assert tuple(cell.value for cell in sheet[1]) == COLUMNS
    assert client.get("/plans/own/export?form=pdf").status_code == 400
    assert client_of("viewer").get("/plans/own/export").status_code == 403


def test_two_plans_are_compared(fresh: Plan, client_of: ClientOf) -> None:
    stricter = OWN.replace("97.5%", "98%").replace("2021—2025年", "2026—2030年").replace("湿地公园5个", "湿地公园3个")
    stricter = stricter.replace("2025年", "2030年").replace("2023年底前，新建污水管网800公里", "2028年底前，新增公交车300辆")
    client = client_of("administrator")
    handed_in(client, "新规划.md", stricter.encode(), code="next")
    page = body(client.get("/plans/compare?a=own&b=next&columns=name,outcome"))
    counts = dict(re.findall(r"outcome=(\w+)\"><b>(\d+)</b>", page))
    assert int(counts["tighter"]) >= 1
    assert int(counts["looser"]) == 1
    assert int(counts["dropped"]) == int(counts["added"]) == 1
    assert client.get("/plans/compare?a=own&b=next&export=csv").status_code == 200


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("english.txt", b"By 2025 the share of good days shall reach 97.5 percent.\n" * 40, ""),
        ("empty.txt", b"\n\n  \n", ""),
        ("broken.docx", b"PK\x03\x04 this is no Word document", ""),
        ("scan.pdf", b"%PDF-1.4\n%%EOF\n", ""),
        ("noyears.txt", "第一章 目标\n\n优良天数比例达到97%。\n".encode() * 5, "规划期"),
    ],
)
def test_what_cannot_be_read_says_why_and_is_kept(name: str, content: bytes, said: str, client_of: ClientOf) -> None:
    client = client_of("administrator")
    before = Plan.objects.count()
    where = handed_in(client, name, content)
    page = body(client.get(where))
    assert 'role="alert"' in page
    assert said in page
    assert name in body(client.get("/plans/new"))
    assert b"".join(client.get(f"{where}?file=1").streaming_content) == content
    assert Plan.objects.count() == before
    assert client_of("operator").get(where).status_code == 403


def test_years_that_a_document_does_not_say_are_filled_in_and_it_is_read_again(client_of: ClientOf) -> None:
    client = client_of("administrator")
    where = handed_in(client, "无年份.txt", "第一章 目标\n\n空气质量优良天数比例达到97%以上。\n".encode(), code="said-later")
    assert not Plan.objects.filter(code="said-later").exists()
    client.post(where, {"do": "again", "begin": "2026", "end": "2030"})
    wait_for(where)
    assert Plan.objects.get(code="said-later").end == 2030


def test_a_reading_that_is_cancelled_writes_nothing_and_can_be_begun_again(client_of: ClientOf) -> None:
    job = reading.jobs().make("停.txt", "administrator", {"heading": {"code": "stopped"}})
    reading.jobs().source(job).write_bytes(OWN.encode())
    reading.jobs().cancel(job.id)
    start(reading.jobs(), job, reading._read)
    where = wait_for(f"/plans/new/{job.id}")
    client = client_of("administrator")
    assert reading.jobs().get(job.id).state == "cancelled"
    assert not Plan.objects.filter(code="stopped").exists()
    client.post(where, {"do": "again"})
    wait_for(where)
    assert Plan.objects.get(code="stopped").commitments.exists()


def test_a_wrong_ending_is_refused_at_the_door(client_of: ClientOf) -> None:
    sent = client_of("administrator").post("/plans/new", {"file": SimpleUploadedFile("plan.xlsx", b"x")})
    assert sent.status_code == 200
    assert ".docx" in body(sent)


def test_what_is_known_of_the_document_is_changed_once(plan: Plan, client_of: ClientOf) -> None:
    client = client_of("administrator")
    sent = {"title": plan.title, "begin": 2021, "end": 2025, "state": "running", "number": "市政〔2021〕1号", "version": 0}
    assert client.post("/plans/own/about", sent).status_code == 302
    assert Plan.objects.get(code="own").state == "running"
    overtaken = client.post("/plans/own/about", {**sent, "number": "x"})
    assert "市政〔2021〕1号" in body(client.get("/plans/own/about"))
    assert overtaken.status_code == 200
    assert b"".join(client.get("/plans/own/file").streaming_content) == OWN.encode()


def test_a_commitment_that_is_not_there_is_not_found(plan: Plan, client_of: ClientOf) -> None:
    client = client_of("viewer")
    for where in ("/plans/own/commitments/9999", "/plans/own/commitments/99999999999", "/plans/nothing", "/plans/nothing/export"):
        assert client.get(where).status_code in {403, 404}, where
    assert Commitment.objects.filter(plan=plan).exists()

"""Pages of cases: what is shown to whom, moving by form, being overtaken, files, many at once."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from bilan.casework import evidence, moving
from bilan.casework.evidence import Claim
from bilan.casework.models import Case, Drawing, Evidence, Step
from bilan.casework.moving import Move, Opening
from tests.web import tiny
from tests.web.running import Site

ClientOf = Callable[[str], Client]
OUTSIDE = next(district for district in tiny.DISTRICTS if district != tiny.INSIDE)


@pytest.fixture(scope="module")
def cases(site: Site, _renewed: None) -> dict[str, Case]:
    """A case in each of two districts, one of them with a photo."""
    by = site.person("administrator")
    made = {}
    for name, code in (("inside", "AIR1"), ("outside", "AIR2")):
        opening = Opening(title=f"{name} 超标", register="test-station", entry=code)
        made[name] = moving.open_case("alert-order", opening, by)
        picture = io.BytesIO()
        Image.new("RGB", (40, 30), "teal").save(picture, "JPEG")
        picture.seek(0)
        evidence.keep(made[name], picture, f"{name}.jpg", Claim("photo"), by)
    Case.objects.filter(pk=made["outside"].pk).update(due=timezone.now() - timedelta(days=2))
    return made


def fresh(site: Site, title: str = "新的办件", **more: Any) -> Case:
    return moving.open_case(
        "alert-order", Opening(title=title, register="test-station", entry="AIR1", **more), site.person("administrator")
    )


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize(
    "address", ["/cases?standing=all", "/cases/board", "/cases/calendar", "/cases/mine", "/cases/figures?by=owner", "/cases/flows"]
)
def test_pages_open_and_a_foreign_district_never_shows(address: str, cases: dict[str, Case], client_of: ClientOf) -> None:
    shown = client_of("administrator").get(address)
    assert shown.status_code == 200
    inside = client_of("inside-officer").get(address)
    assert inside.status_code == 200
    assert cases["outside"].code not in text(inside) and "outside 超标" not in text(inside)


def test_a_case_of_a_foreign_district_is_refused_everywhere(cases: dict[str, Case], client_of: ClientOf) -> None:
    code, piece = cases["outside"].code, Evidence.objects.get(case=cases["outside"]).pk
    client = client_of("inside-officer")
    for address in (f"/cases/{code}", f"/cases/{code}/move/accept", f"/cases/evidence/{piece}", f"/cases/evidence/{piece}?small=1"):
        assert client.get(address).status_code == 404, address
    for do in ("comment", "take", "withdraw", "transfer"):
        assert client.post(f"/cases/{code}", {"do": do, "note": "x"}).status_code == 404, do
    assert client.post(f"/cases/{code}/move/accept", {"version": "1", "key": "k" * 32}).status_code == 404
    assert client.get(f"/api/cases/{code}").status_code == 404
    assert all(item["code"] != code for item in client.get("/api/cases?standing=all").json()["items"])
    assert Case.objects.get(code=code).version == cases["outside"].version


def test_the_list_is_filtered_sorted_and_exported(cases: dict[str, Case], client_of: ClientOf) -> None:
    client = client_of("administrator")
    late = text(client.get("/cases?overdue=yes"))
    assert cases["outside"].code in late and cases["inside"].code not in late
    assert "超期 2 天" in late
    assert client.get("/cases?sort=nonsense").status_code == 400
    assert client.get("/cases?level=many").status_code == 400
    file = b"".join(client.get("/cases?export=csv&standing=all").streaming_content).decode("utf-8-sig")
    assert cases["inside"].code in file and "预警交办" in file
    assert client_of("viewer").get("/cases?export=csv").status_code == 403


def test_an_entry_shows_its_cases_and_opens_another(cases: dict[str, Case], client_of: ClientOf) -> None:
    dossier = text(client_of("administrator").get("/registers/test-station/entries/AIR1"))
    assert cases["inside"].title in dossier
    assert "/cases/new?register=test-station&amp;entry=AIR1" in dossier
    choice = text(client_of("administrator").get("/cases/new?register=test-station&entry=AIR1"))
    assert "flow=alert-order" in choice and cases["inside"].code in choice


def test_a_case_is_opened_by_form_once(site: Site, client_of: ClientOf) -> None:
    client = client_of("administrator")
    sent = {"title": "群众反映异味", "level": "3", "district": tiny.INSIDE, "place_name": "某处", "key": "a" * 32}
    first = client.post("/cases/new?flow=alert-order", sent)
    again = client.post("/cases/new?flow=alert-order", sent)
    assert first.status_code == 302 and first.headers["Location"] == again.headers["Location"]
    case = Case.objects.get(title="群众反映异味")
    assert (case.level, case.district, case.subject) == (3, tiny.INSIDE, "task")
    empty = client.post("/cases/new?flow=alert-order", {**sent, "title": "", "key": "b" * 32})
    assert empty.status_code == 422 and "field-wrong" in text(empty)


def test_a_move_that_lacks_something_says_what_and_keeps_what_was_brought(site: Site, client_of: ClientOf) -> None:
    case = fresh(site, "要证据的")
    moving.move(case, "accept", Move(), site.person("inside-officer"))
    client = client_of("inside-officer")
    form = client.get(f"/cases/{case.code}/move/submit")
    assert form.status_code == 200 and 'name="cause"' in text(form) and 'name="evidence.papers"' in text(form)
    papers = io.BytesIO("说明".encode())
    papers.name = "说明.txt"
    sent = {"version": str(case.version), "key": "c" * 32, "cause": "false-alarm", "evidence.papers": papers}
    refused = client.post(f"/cases/{case.code}/move/submit", sent)
    assert refused.status_code == 422
    assert "field-wrong" in text(refused) and "说明.txt" in text(refused)
    case.refresh_from_db()
    assert case.state == "handling"
    piece = Evidence.objects.get(case=case)
    done = client.post(
        f"/cases/{case.code}/move/submit",
        {"version": str(case.version), "key": "c" * 32, "cause": "false-alarm", "found": "探头污染", "loose": str(piece.pk)},
    )
    assert done.status_code == 302
    case.refresh_from_db()
    piece.refresh_from_db()
    assert case.state == "review" and piece.step is not None and piece.step.number == case.version
    shown = text(client.get(f"/cases/{case.code}"))
    assert "探头污染" in shown and "签名链校验通过" in shown and piece.digest[:12] in shown


def test_who_hands_in_does_not_approve_and_is_told_why(site: Site, client_of: ClientOf) -> None:
    case, person = fresh(site, "自己审自己"), site.person("administrator")
    moving.move(case, "accept", Move(), person)
    moving.move(case, "submit", Move(values={"cause": "false-alarm", "found": "无"}), person)
    page = text(client_of("administrator").get(f"/cases/{case.code}"))
    assert 'class="why-not"' in page
    form = text(client_of("administrator").get(f"/cases/{case.code}/move/approve"))
    assert "您现在不能办理此步骤" in form and 'name="version"' not in form


def test_two_people_move_one_case_at_once(site: Site, client_of: ClientOf) -> None:
    case = fresh(site, "两人同时")
    version = case.version
    first = client_of("inside-officer").post(f"/cases/{case.code}/move/accept", {"version": str(version), "key": "d" * 32, "note": "我来"})
    assert first.status_code == 302
    second = client_of("administrator").post(
        f"/cases/{case.code}/move/accept", {"version": str(version), "key": "e" * 32, "note": "还是我来"}
    )
    assert second.status_code == 409
    page = text(second)
    assert "已有他人先行办理" in page and "还是我来" in page and "inside-officer" in page
    assert Step.objects.filter(case=case, transition="accept").count() == 1
    twice = client_of("inside-officer").post(f"/cases/{case.code}/move/accept", {"version": str(version), "key": "d" * 32, "note": "我来"})
    assert twice.status_code == 302
    assert Step.objects.filter(case=case, transition="accept").count() == 1


def test_what_is_done_beside_moving_is_signed(site: Site, client_of: ClientOf) -> None:
    case = fresh(site, "其他操作")
    client = client_of("administrator")
    to = str(site.person("inside-officer").pk)
    for sent in (
        {"do": "comment", "note": "先联系企业"},
        {"do": "assign", "to": to},
        {"do": "suspend", "note": "等待检测报告"},
        {"do": "resume"},
        {"do": "urge", "note": "请尽快"},
        {"do": "withdraw", "note": "重复立件"},
    ):
        assert client.post(f"/cases/{case.code}", sent).status_code == 302, sent
    case.refresh_from_db()
    assert case.standing == "cancelled" and case.owner == site.person("inside-officer")
    actions = list(Step.objects.filter(case=case).order_by("number").values_list("action", flat=True))
    assert actions == ["open", "comment", "assign", "suspend", "resume", "remind", "withdraw"]
    assert moving.verify(case) is None
    page = text(client.get(f"/cases/{case.code}"))
    assert "等待检测报告" in page
    assert client.post(f"/cases/{case.code}", {"do": "explode"}).status_code == 404
    assert client_of("viewer").post(f"/cases/{case.code}", {"do": "comment", "note": "x"}).status_code == 403


def test_an_altered_step_is_seen(site: Site, client_of: ClientOf) -> None:
    case = fresh(site, "改过的")
    Step.objects.filter(case=case, number=1).update(note="后来改的")
    assert "第 1 步与签名不符" in text(client_of("administrator").get(f"/cases/{case.code}"))


def test_evidence_leaves_only_as_what_it_is(cases: dict[str, Case], client_of: ClientOf) -> None:
    piece = Evidence.objects.get(case=cases["inside"])
    client = client_of("inside-officer")
    address = f"/cases/evidence/{piece.pk}"
    with closing(client.get(address)) as whole:
        assert whole.headers["Content-Disposition"].startswith("attachment")
        assert whole.headers["X-Content-Type-Options"] == "nosniff" and "sandbox" in whole.headers["Content-Security-Policy"]
    with closing(client.get(f"{address}?small=1")) as small:
        assert small.headers["Content-Type"] == "image/webp"
    with closing(client.get(f"{address}?show=1")) as shown:
        assert "attachment" not in shown.headers.get("Content-Disposition", "")


def test_many_cases_are_given_to_one_person_after_a_look(site: Site, client_of: ClientOf) -> None:
    made = [fresh(site, f"批量{n}") for n in range(3)]
    client, to = client_of("administrator"), site.person("inside-officer")
    address = "/cases/bulk?" + "&".join(f"codes={case.code}" for case in made)
    look = client.post(address, {"do": "assign", "to": str(to.pk)})
    assert look.status_code == 200 and not Case.objects.filter(pk__in=[case.pk for case in made], owner=to).exists()
    done = client.post(address, {"do": "assign", "to": str(to.pk), "sure": "1"})
    assert done.status_code == 302
    assert Case.objects.filter(pk__in=[case.pk for case in made], owner=to).count() == 3
    moved = client.post(address, {"do": "move:accept", "sure": "1"})
    assert moved.status_code == 302
    assert set(Case.objects.filter(pk__in=[case.pk for case in made]).values_list("state", flat=True)) == {"handling"}
    assert client_of("inside-officer").get(address).status_code == 403


def test_entries_are_given_out_in_bulk_after_a_look(site: Site, client_of: ClientOf) -> None:
    client = client_of("administrator")
    address = "/cases/dispatch?source=test-station&flow=alert-order"
    before = Case.objects.count()
    look = client.post(address, {"title": "普查"})
    assert look.status_code == 200 and 'id="preview"' in text(look) and Case.objects.count() == before
    assert client.post(address, {"title": "普查", "sure": "1"}).status_code == 302
    assert Case.objects.filter(title__startswith="普查").count() == 3
    again = text(client.post(address, {"title": "普查"}))
    assert "<b>3</b> 已有在办办件" in again


def test_a_persons_work_goes_to_another(site: Site, client_of: ClientOf) -> None:
    giver, receiver = site.person("operator"), site.person("inside-officer")
    case = fresh(site, "交接", owner=giver)
    client = client_of("administrator")
    address = f"/cases/hand-over?person={giver.pk}"
    assert case.code in text(client.get(address))
    assert "field-wrong" not in text(client.post(address, {"to": str(receiver.pk), "note": "调离"}))
    assert Case.objects.get(pk=case.pk).owner == giver
    assert client.post(address, {"to": str(receiver.pk), "note": "调离", "sure": "1"}).status_code == 302
    assert Case.objects.get(pk=case.pk).owner == receiver


def test_flows_are_shown_with_who_may_do_what(client_of: ClientOf) -> None:
    page = text(client_of("viewer").get("/cases/flows/alert-order"))
    assert "<svg" in page and "预警交办" in page and "提交处置结果" in page
    assert client_of("viewer").get("/cases/flows/nothing").status_code == 404


def test_figures_add_up(cases: dict[str, Case], client_of: ClientOf) -> None:
    client = client_of("administrator")
    file = b"".join(client.get("/cases/figures?by=district&and=&export=csv").streaming_content).decode("utf-8-sig")
    assert sum(int(line.split(",")[1]) for line in file.strip().splitlines()[1:]) == Case.objects.count()
    months = client.get("/cases/figures?part=months").json()
    assert sum(count for _month, count in months["series"][0]["data"]) == Case.objects.count()
    assert client.get("/cases/figures?by=colour").status_code == 400


def test_the_interface_tells_of_steps(cases: dict[str, Case], client_of: ClientOf) -> None:
    told = client_of("inside-officer").get(f"/api/cases/{cases['inside'].code}").json()
    assert told["steps"][0]["action"] == "open" and told["steps"][0]["digest"]
    assert told["evidence"][0]["name"] == "inside.jpg"
    json.dumps(told)


def test_a_campaign_opens_a_case_a_target_and_tells_of_districts(site: Site, client_of: ClientOf) -> None:
    client = client_of("administrator")
    today = timezone.localdate()
    sent = {
        "name": "夏季检查",
        "flow": "alert-order",
        "register": "test-station",
        "begin": str(today),
        "end": str(today + timedelta(days=30)),
    }
    wrong = client.post("/cases/campaigns", {**sent, "end": str(today - timedelta(days=1))})
    assert wrong.status_code == 422 and not Case.objects.filter(campaign__name="夏季检查").exists()
    begun = client.post("/cases/campaigns", sent)
    assert begun.status_code == 302, text(begun)
    page = text(client.get(begun.headers["Location"]))
    assert "甲区" in page and "乙区" in page and "夏季检查" in page
    inside = text(client_of("inside-officer").get(begun.headers["Location"]))
    assert "乙区</a>" not in inside and "甲区</a>" in inside
    assert client.post(begun.headers["Location"], {"do": "end"}).status_code == 302
    assert "已结束" in text(client.get("/cases/campaigns" + begun.headers["Location"].removeprefix("/cases/campaigns")))


def test_a_draw_is_made_from_published_pools_and_checked_again(site: Site, client_of: ClientOf) -> None:
    client = client_of("administrator")
    sent = {"name": "十一月抽查", "seed": "2026-11-22", "register": "test-station", "share": "2", "team": "1", "role": "operator"}
    look = client.post("/cases/drawings", {**sent, "do": "look"})
    digest = text(look).partition('name="digest" value="')[2].partition('"')[0]
    assert look.status_code == 200 and len(digest) == 64 and not Drawing.objects.filter(seed="2026-11-22").exists()
    assert client.post("/cases/drawings", {**sent, "do": "draw", "digest": "0" * 64}).status_code == 422
    drawn = client.post("/cases/drawings", {**sent, "do": "draw", "digest": digest})
    assert drawn.status_code == 302, text(drawn)
    page = text(client.get(drawn.headers["Location"]))
    assert digest in page and "复算结果一致" in page
    Drawing.objects.filter(seed="2026-11-22").update(drawn=[])
    assert "复算结果不一致" in text(client.get(drawn.headers["Location"]))
    assert client_of("inside-officer").get(drawn.headers["Location"]).status_code == 404
    assert client.post("/cases/drawings", {**sent, "do": "look", "share": "many"}).status_code == 422

"""Pages about alerts as the server answers: what is shown to whom, what may be done, in both languages, and as files."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bilan.casework.models import Alert, AlertState, Notice, Window
from bilan.telemetry import clock
from bilan.web.areas.alerts import bench
from tests.web import tiny
from tests.web.running import Site

Clients = Callable[[str], Client]
EN = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _as_made(site: Site) -> Iterator[None]:
    """Every test finds the alerts as they were made."""
    yield
    site.renew()


def alert_of(code: str) -> Alert:
    found: Alert = Alert.objects.get(point=code)
    return found


def test_the_list_says_what_is_wrong_in_both_languages(site: Site, client_of: Clients) -> None:
    client = client_of("viewer")
    page = client.get("/alerts").content.decode()
    assert "甲区演示站PM2.5由 20.2 升至 91.5" in page
    assert "空气小时浓度突升" in page
    assert "重大" in page
    english = client.get("/alerts", headers=EN).content.decode()
    assert "PM2.5 at First District station rose from 20.2 to 91.5" in english
    assert "Critical" in english


def test_a_district_sees_its_own_alerts_only(site: Site, client_of: Clients) -> None:
    inside, outside = alert_of("AIR1"), alert_of("AIR2")
    client = client_of("inside-operator")
    page = client.get("/alerts").content.decode()
    assert "甲区演示站" in page
    assert "乙区演示站" not in page
    assert client.get(f"/alerts/{inside.pk}").status_code == 200
    assert client.get(f"/alerts/{outside.pk}").status_code == 404
    assert client.get(f"/alerts/{outside.pk}?part=proof").status_code == 404
    assert client.post(f"/alerts/{outside.pk}", {"do": "acknowledge"}).status_code == 404
    client.post(f"/alerts/together?codes={outside.pk}", {"do": "acknowledge", "text": ""})
    assert alert_of("AIR2").acknowledged is None
    assert [item["number"] for item in client.get("/api/alerts").json()["items"]] == [inside.pk]
    assert client.get(f"/api/alerts/{outside.pk}").status_code == 404


FILTERS = [
    ("level=2", {"AIR1"}),
    ("least=3", {"AIR2", "AIR3"}),
    ("q=AIR3", {"AIR3"}),
    ("network=air", {"AIR1", "AIR2", "AIR3"}),
    ("network=noise", set[str]()),
    (f"district={tiny.OUTSIDE}", {"AIR2"}),
    ("state=cleared", set[str]()),
    ("noted=yes", set[str]()),
    ("rule=air-hour-jump&noted=no", {"AIR1", "AIR2", "AIR3"}),
    ("level=nonsense", {"AIR1", "AIR2", "AIR3"}),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_the_list_is_filtered_and_leaves_as_a_file(site: Site, client_of: Clients, query: str, expected: set[str]) -> None:
    client = client_of("viewer")
    answer = client.get(f"/alerts?{query}&export=csv&table=alerts")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]
    told = {code for code in ("AIR1", "AIR2", "AIR3") for row in rows if f"{name_of(code)}PM2.5" in ",".join(row)}
    assert told == expected
    client.get("/alerts?district=")


def name_of(code: str) -> str:
    return f"{list(tiny.DISTRICTS.values())[int(code[-1]) - 1][0]}演示站"


def test_an_unknown_order_is_refused(site: Site, client_of: Clients) -> None:
    answer = client_of("viewer").get("/alerts?sort=colour")
    assert answer.status_code == 400
    assert "colour" in answer.content.decode()


def test_folded_alerts_stand_under_their_head_unless_the_head_is_hidden(site: Site, client_of: Clients) -> None:
    head, foreign = alert_of("AIR1"), alert_of("AIR2")
    Alert.objects.filter(pk=foreign.pk).update(folded=head)
    page = client_of("viewer").get("/alerts").content.decode()
    assert "同一起因另有 1 条" in page
    assert len(rows_of(client_of("viewer"), "/alerts")) == 2
    Alert.objects.filter(pk=foreign.pk).update(folded=None)
    Alert.objects.filter(pk=head.pk).update(folded=foreign)
    assert "甲区演示站" in client_of("inside-viewer").get("/alerts").content.decode()


def rows_of(client: Client, address: str) -> list[list[str]]:
    answer = client.get(f"{address}?export=csv")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]


def test_an_alert_is_proved_by_a_chart(site: Site, client_of: Clients) -> None:
    alert = alert_of("AIR1")
    Alert.objects.filter(pk=alert.pk).update(
        values={**alert.values, "limit": 75.0}, proof={"series": ["AIR1|a34004"], "marks": [alert.moment]}
    )
    page = client_of("viewer").get(f"/alerts/{alert.pk}").content.decode()
    assert 'data-kind="proof"' in page
    chart = client_of("viewer").get(f"/alerts/{alert.pk}?part=proof").json()
    (series,) = chart["series"]
    assert series["name"] == "甲区演示站 PM2.5"
    assert any(time == chart["marks"][0]["begin"] for time, *_rest in series["data"])
    assert chart["limits"][0]["value"] == 75.0


STRANGE_PROOFS: list[Any] = [
    {},
    {"series": "AIR1|a34004|mean|hour"},
    {"series": [{"point": "AIR1", "parameter": "pm25"}], "marks": [[0, 60], {"begin": "x"}, None]},
    {"series": ["AIR2|a34004"]},
    {"series": [None, 4, {}], "begin": "soon"},
]


@pytest.mark.parametrize("proof", STRANGE_PROOFS)
def test_no_proof_breaks_the_page_or_shows_what_is_hidden(site: Site, client_of: Clients, proof: Any) -> None:
    alert = alert_of("AIR1")
    Alert.objects.filter(pk=alert.pk).update(proof=proof)
    client = client_of("inside-viewer")
    assert client.get(f"/alerts/{alert.pk}").status_code == 200
    chart = client.get(f"/alerts/{alert.pk}?part=proof")
    assert chart.status_code == 200
    assert "AIR2" not in {series["point"] for series in chart.json()["series"]}


def test_an_operator_acknowledges_suppresses_and_notes(site: Site, client_of: Clients) -> None:
    number = alert_of("AIR1").pk
    client = client_of("inside-operator")
    assert client.post(f"/alerts/{number}", {"do": "acknowledge", "text": "去现场"}).status_code == 302
    assert alert_of("AIR1").acknowledged_by == site.person("inside-operator")
    page = client.get(f"/alerts/{number}").content.decode()
    assert "去现场" in page
    assert "已签收" in page
    late = {"do": "suppress", "suppress-until": "2020-01-01T00:00", "suppress-reason": "比对"}
    refused = client.post(f"/alerts/{number}", late)
    assert refused.status_code == 200
    assert "该时刻已过" in refused.content.decode()
    until = timezone.localtime(timezone.now() + timedelta(hours=5))
    good = {"do": "suppress", "suppress-until": f"{until:%Y-%m-%dT%H:%M}", "suppress-reason": "比对监测"}
    assert client.post(f"/alerts/{number}", good).status_code == 302
    assert alert_of("AIR1").suppressed_until is not None
    assert client.post(f"/alerts/{number}", {"do": "release"}).status_code == 302
    assert alert_of("AIR1").suppressed_until is None
    assert client.post(f"/alerts/{number}", {"do": "note", "note-text": "已电话联系"}).status_code == 302
    assert "已电话联系" in client.get(f"/alerts/{number}").content.decode()


def test_a_viewer_only_looks(site: Site, client_of: Clients) -> None:
    number = alert_of("AIR1").pk
    page = client_of("viewer").get(f"/alerts/{number}").content.decode()
    assert 'value="acknowledge"' not in page
    assert client_of("viewer").post(f"/alerts/{number}", {"do": "acknowledge"}).status_code == 403
    assert client_of("viewer").get("/alerts/together").status_code == 403
    assert client_of("viewer").post("/alerts/windows", {"do": "declare"}).status_code == 403


def test_many_are_acknowledged_together(site: Site, client_of: Clients) -> None:
    client = client_of("operator")
    codes = "&".join(f"codes={alert_of(code).pk}" for code in ("AIR1", "AIR2"))
    page = client.get(f"/alerts/together?{codes}").content.decode()
    assert "已选 2 条预警" in page
    assert client.post(f"/alerts/together?{codes}", {"do": "acknowledge", "text": ""}).status_code == 302
    assert Alert.objects.exclude(acknowledged=None).count() == 2
    assert client.post("/alerts/together?all=1&level=4", {"do": "acknowledge", "text": ""}).status_code == 302
    assert Alert.objects.exclude(acknowledged=None).count() == 3
    assert "未选择预警" in client.get("/alerts/together?codes=x&codes=99999").content.decode()


def test_a_declared_window_explains_an_alert(site: Site, client_of: Clients) -> None:
    alert = alert_of("AIR1")
    client = client_of("inside-operator")
    sent = {
        "do": "declare",
        "kind": "maintenance",
        "point": "AIR1",
        "begin": f"{clock.moment(alert.began - 3600):%Y-%m-%dT%H:%M}",
        "end": f"{clock.moment(alert.moment + 7200):%Y-%m-%dT%H:%M}",
        "note": "更换滤芯",
    }
    foreign = client.post("/alerts/windows", {**sent, "point": "AIR2"})
    assert foreign.status_code == 200
    assert "您的辖区内没有该点位" in foreign.content.decode()
    assert client.post("/alerts/windows", {**sent, "end": sent["begin"]}).status_code == 200
    assert client.post("/alerts/windows", sent).status_code == 302
    window = Window.objects.latest("pk")
    assert "更换滤芯" in client.get("/alerts/windows").content.decode()
    assert client.post(f"/alerts/{alert.pk}", {"do": "explain", "window": window.pk}).status_code == 302
    assert alert_of("AIR1").state == AlertState.EXPLAINED
    assert client.post("/alerts/windows", {"do": "withdraw", "window": window.pk}).status_code == 302
    assert Window.objects.latest("pk").withdrawn is not None


def test_windows_of_another_district_are_not_settled(site: Site, client_of: Clients) -> None:
    window = Window.objects.create(kind="stop", point="AIR2", district=tiny.OUTSIDE, begin=0, end=9)
    client = client_of("inside-operator")
    assert client.post("/alerts/windows", {"do": "withdraw", "window": window.pk}).status_code == 404
    assert Window.objects.latest("pk").withdrawn is None
    assert "乙区" not in client.get("/alerts/windows/points?q=站").content.decode()


def test_rules_are_shown_in_words_and_as_declared(site: Site, client_of: Clients) -> None:
    client = client_of("viewer")
    page = client.get("/alerts/rules").content.decode()
    assert "空气小时浓度突升" in page
    one = client.get("/alerts/rules/air-hour-jump").content.decode()
    assert "value &gt; 2 * before" in one
    assert "- rule: air-hour-jump" in one
    assert client.get("/alerts/rules/no-such-rule").status_code == 404


def test_mistakes_in_rule_files_are_shown_with_file_and_line(site: Site, client_of: Clients) -> None:
    folder = site.city.pack / "rules"
    folder.mkdir(exist_ok=True)
    path = folder / "wrong.yaml"
    path.write_text("rules:\n  - rule: bad\n    subject: series\n    conditon: value > 1\n", encoding="utf-8")
    try:
        page = client_of("viewer").get("/alerts/rules").content.decode()
        assert "pack/rules/wrong.yaml:" in page
        assert "空气小时浓度突升" in page
    finally:
        path.unlink()


def finished(client: Client, address: str) -> str:
    for _ in range(300):
        page: str = client.get(address).content.decode()
        if 'data-state="applying"' not in page:
            return page
        time.sleep(0.1)
    raise AssertionError(address)


def test_a_changed_rule_is_tried_on_the_past(site: Site, client_of: Clients) -> None:
    client = client_of("administrator")
    address = "/alerts/rules/air-hour-jump/test"
    now = clock.now(site.city.timezone)
    period = {"begin": f"{clock.moment(now - 2 * clock.DAY):%Y-%m-%dT%H:%M}", "end": f"{clock.moment(now):%Y-%m-%dT%H:%M}"}
    text = """- rule: air-hour-jump
  title: 高 · High
  about: 高 · High
  subject: series
  where: {networks: [air], parameters: [pm25]}
  condition: value > 15
  says: "{point}为 {value:.0f} · {point} is {value:.0f}"
"""
    wrong = client.post(address, {"do": "replay", **period, "text": text.replace("value >", "vlue >")})
    assert wrong.status_code == 200
    assert "第 6 行" in wrong.content.decode()
    assert client.post(address, {"do": "replay", **period, "text": text, "end": period["begin"]}).status_code == 200
    sent = client.post(address, {"do": "replay", **period, "text": text})
    assert sent.status_code == 302
    page = finished(client, sent.headers["Location"])
    assert "甲区演示站为" in page
    exported = client.get(f"{sent.headers['Location']}&export=csv&table=replay")
    assert exported.status_code == 200
    assert client_of("viewer").get(sent.headers["Location"]).status_code == 403


def test_a_trial_is_seen_by_who_began_it_only(site: Site, client_of: Clients) -> None:
    now = clock.now(site.city.timezone)
    job = bench.begin("air-hour-jump", "", (now - clock.DAY, now), "somebody", ["AIR1"])
    assert client_of("administrator").get(f"/alerts/rules/air-hour-jump/test?job={job.id}").status_code == 404


def notice(site: Site, username: str, **values: Any) -> Notice:
    usual = {"channel": "web", "kind": "alert.opened", "title_zh": "有一条预警", "title_en": "An alert", "link": "/alerts/1"}
    made: Notice = Notice.objects.create(person=site.person(username), **{**usual, **values})
    return made


def test_own_notices_are_read_and_counted(site: Site, client_of: Clients) -> None:
    own, foreign = notice(site, "viewer"), notice(site, "operator", title_zh="别人的通知")
    client = client_of("viewer")
    page = client.get("/notices").content.decode()
    assert "有一条预警" in page
    assert "别人的通知" not in page
    assert "An alert" in client.get("/notices", headers=EN).content.decode()
    assert client.get("/notices/count").json()["unread"] == 1
    client.post("/notices", {"do": "read", "notice": [own.pk, foreign.pk]})
    assert client.get("/notices/count").json()["unread"] == 0
    assert Notice.objects.get(pk=foreign.pk).read is None


def test_how_to_be_told_is_kept(site: Site, client_of: Clients) -> None:
    client = client_of("viewer")
    wrong = client.post("/notices", {"do": "channels", "mail": "nobody", "mail_from": "3", "push_from": "2", "digest_minutes": "0"})
    assert wrong.status_code == 200
    sent = {"do": "channels", "mail": "a@example.org", "mail_from": "4", "push_from": "5", "digest_minutes": "60"}
    assert client.post("/notices", sent).status_code == 302
    assert site.person("viewer").channels.mail == "a@example.org"


NO_SUBSCRIPTIONS = [
    b"",
    b"[]",
    b"{",
    b'{"endpoint": 3}',
    b'{"endpoint": "http://plain.example", "keys": {"p256dh": "a", "auth": "b"}}',
    b'{"endpoint": "x", "keys": {}}',
]


@pytest.mark.parametrize("body", NO_SUBSCRIPTIONS)
def test_only_push_services_are_subscribed(site: Site, client_of: Clients, body: bytes) -> None:
    assert client_of("viewer").post("/notices/push", body, content_type="application/json").status_code == 400


def test_the_interface_gives_alerts_by_page_and_filter(site: Site, client_of: Clients) -> None:
    client = client_of("viewer")
    answer = client.get("/api/alerts?limit=2&sort=-level").json()
    assert answer["count"] == 3
    assert [item["level"] for item in answer["items"]] == [4, 3]
    assert client.get("/api/alerts?level=4").json()["count"] == 1
    assert client.get("/api/alerts?points=AIR1,AIR2").json()["count"] == 2
    assert client.get("/api/alerts?acknowledged=true").json()["count"] == 0
    assert client.get("/api/alerts?state=open&sort=colour").status_code == 400
    one = client.get(f"/api/alerts/{alert_of('AIR1').pk}", headers=EN).json()
    assert one["events"][0]["kind"] == "opened"
    assert "rose from" in one["says"]
    assert client.get("/api/alerts/99999999").status_code == 404


def test_what_is_wrong_stands_on_the_pages_of_its_place(site: Site, client_of: Clients) -> None:
    client = client_of("viewer")
    number = alert_of("AIR1").pk
    for address in ("/points/AIR1", "/devices/MN-AIR1"):
        assert f'href="/alerts/{number}"' in client.get(address).content.decode(), address
    assert f'href="/alerts/{number}"' not in client.get("/points/AIR2").content.decode()
    Alert.objects.filter(pk=number).update(state=AlertState.CLEARED, cleared=timezone.now())
    assert "此处没有未解除预警" in client.get("/points/AIR1").content.decode()


def test_ten_thousand_alerts_do_not_bury_the_gravest(site: Site, client_of: Clients) -> None:
    like = alert_of("AIR1")
    values = {field.attname: getattr(like, field.attname) for field in Alert._meta.concrete_fields if field.attname not in {"id", "source"}}
    Alert.objects.bulk_create([Alert(**{**values, "source": f"AIR1|{at}", "level": 1}) for at in range(10_000)], batch_size=500)
    begun = time.perf_counter()
    page = client_of("viewer").get("/alerts").content.decode()
    assert time.perf_counter() - begun < 20
    assert page.index("丙市演示站") < page.index("甲区演示站")
    assert json.loads(client_of("viewer").get("/api/alerts?limit=1").content)["items"][0]["level"] == 4

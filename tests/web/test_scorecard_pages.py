"""Pages of targets, indicators and figures: what is shown to whom, in which order, and what may be changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import polars as pl
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bilan.plans.models import Figure, Odds, Target
from bilan.telemetry import clock
from bilan.web.areas.scorecard import behind
from tests.web import tiny
from tests.web.running import Site
from tests.web.tiny_plans import SPREAD

ClientOf = Callable[[str], Client]


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("address", ["/scorecard", "/scorecard?wall=1", "/scorecard?by=owner", "/scorecard?place=all&standing=risky"])
@pytest.mark.parametrize("username", ["administrator", "inside-viewer"])
def test_the_scorecard_opens(address: str, username: str, client_of: ClientOf) -> None:
    assert client_of(username).get(address).status_code == 200


def test_the_most_at_risk_comes_first_with_the_sentence_of_the_plan(client_of: ClientOf) -> None:
    page = text(client_of("administrator").get("/scorecard?place=all"))
    listed = page[page.index('id="list"') :]
    assert listed.index("/targets/AIR1") < listed.index("/targets/city")
    assert "到2030年，空气质量优良天数比例达到97%。" in listed
    assert "82 %" in listed


def test_filters_leave_what_they_name(client_of: ClientOf) -> None:
    page = text(client_of("administrator").get("/scorecard?place=all&owner=大气科"))
    assert "/targets/city" in page
    assert "/targets/AIR1" not in page
    assert "/targets/city" not in text(client_of("administrator").get("/scorecard?place=all&standing=unlikely"))


def test_targets_outside_do_not_show(client_of: ClientOf) -> None:
    assert Target.objects.filter(district=tiny.OUTSIDE).exists()
    page = text(client_of("inside-viewer").get("/scorecard?place=all"))
    assert "/targets/AIR1" in page
    assert "/targets/AIR2" not in page


def test_a_target_shows_what_the_rest_must_bring(client_of: ClientOf) -> None:
    page = text(client_of("administrator").get("/targets/city"))
    assert "82 %" in page
    assert "到2030年，空气质量优良天数比例达到97%。" in page
    assert "/targets/AIR2" in page
    assert "/targets/AIR2" not in text(client_of("inside-viewer").get("/targets/city"))
    path = client_of("viewer").get("/targets/city?part=path").json()
    assert path["bands"] == [{"year": "2030", "values": [95.0, 96.0, 96.5, 97.0, 97.5]}]
    assert path["series"][1]["data"][0] == ["2026", 95.4]
    odds = client_of("viewer").get("/targets/city?part=odds").json()["series"][0]["data"]
    assert odds[-1][1] == 82.0


def test_a_target_of_a_later_year_shows_this_year_and_what_each_district_must_do(client_of: ClientOf) -> None:
    newest = Odds.objects.filter(target__code="city").order_by("-day").first()
    assert newest is not None
    inside, outside = tiny.INSIDE, tiny.OUTSIDE
    year = newest.day.year
    weighs = [{"district": inside, "part": 0.4, "alone": 0.61}, {"district": outside, "part": 0.2, "alone": None}]
    day = {"day": f"{year}-02-27", "value": 131.0, "main": "PM2.5", "cost": 0.307}
    section = {"station": "AIR1", "good": 0.58, "value": 2.5, "samples": 2.0}
    way = {"year": year, "aim": 95.4, "probability": 0.42, "gap": 1.0, "needed": 99.0, "affordable": 2, "left": 40, "quantiles": SPREAD}
    newest.detail |= {
        "affordable": 7,
        "rank": {"place": 3, "of": 11},
        "deciding": {"cut": 0.237, "days": [day], "sections": [section], "districts": weighs},
        "this_year": way,
        "districts": [{"district": inside, "aim": 96.5, "gap": 1.5, "probability": 0.55, "affordable": 3, "why": ""}],
    }
    newest.save()
    Target.objects.filter(code="AIR1").delete()
    Target.objects.filter(code="city").update(shares={inside: 96.5})
    page = text(client_of("administrator").get("/targets/city"))
    for said in (
        "42 %",
        "达到今年路径 ≥ 95.4 的把握",
        "第 3 名（共 11）",
        "今后各日须降低 24 % 才有五成把握",
        "代价 0.31 个百分点",
        "58 %",
        "2 次平均类别 2.5",
    ):
        assert said in page, said
    rows = page[page.index('id="table-districts"') :]
    for said in ("61 %", "不够", "55 %", "1.5"):
        assert said in rows, said
    seen = text(client_of("inside-viewer").get("/targets/city"))
    assert "61 %" in seen
    assert "不够" not in seen
    bands = client_of("viewer").get("/targets/city?part=path").json()["bands"]
    assert [band["year"] for band in bands] == [str(year), "2030"]


def test_a_path_is_changed_by_form_and_the_second_is_told(client_of: ClientOf) -> None:
    planner, path = client_of("administrator"), "/targets/city/edit"
    sent = {"version": 0, "value": 97.0, "owner": "大气科", "published": "on", "path_2026": 95.5, "path_2030": 97.0, "reason": "分年度"}
    assert planner.post(path, sent).status_code == 302
    target = Target.objects.get(code="city")
    assert (target.path, target.version) == ({"2026": 95.5, "2030": 97.0}, 1)
    assert "2027 96.2 →" not in text(planner.get("/targets/city"))
    second = planner.post(path, {**sent, "path_2026": 95.6})
    assert second.status_code == 200
    assert "该目标已被他人改动" in text(second)
    refused = planner.post(path, {**sent, "version": 1, "value": 96.0})
    assert "改动目标值须写明依据的文件" in text(refused)
    assert client_of("viewer").get(path).status_code == 403
    assert client_of("viewer").post(path, sent).status_code == 403


def test_shares_outside_do_not_show_in_the_history(client_of: ClientOf) -> None:
    planner = client_of("administrator")
    version = Target.objects.get(code="city").version
    sent = {"version": version, "value": 97.0, "owner": "大气科", "published": "on", "reason": "分解"}
    sent |= {f"share_{code}": 96.0 + number for number, code in enumerate(tiny.DISTRICTS)}
    assert planner.post("/targets/city/edit", sent).status_code == 302
    name = tiny.DISTRICTS[tiny.OUTSIDE][0]
    assert f"{name} 97" in text(planner.get("/targets/city"))
    inside = text(client_of("inside-viewer").get("/targets/city"))
    assert f"{name} 97" not in inside
    assert f"{tiny.DISTRICTS[tiny.INSIDE][0]} 96" in inside


def test_an_indicator_says_how_it_is_counted_and_leads_to_its_rows(client_of: ClientOf) -> None:
    assert "/indicators/good-days" in text(client_of("viewer").get("/indicators"))
    page = text(client_of("viewer").get("/indicators/good-days"))
    assert "from air_days" in page
    year = timezone.localdate().year
    assert f"/indicators/good-days/rows?place={tiny.OUTSIDE}&amp;period={year}" in page
    inside = text(client_of("inside-viewer").get("/indicators/good-days"))
    assert f"place={tiny.INSIDE}&amp;" in inside
    assert tiny.OUTSIDE not in inside
    assert client_of("viewer").get("/indicators/good-days?part=chart").json()["series"][0]["data"]
    assert client_of("viewer").get("/indicators/none-such").status_code == 404


def test_an_indicator_of_a_template_shows_the_query_with_its_values(client_of: ClientOf) -> None:
    page = text(client_of("viewer").get("/indicators/cod-cut"))
    assert "where n.series = &#x27;cod-emissions&#x27; and n.day between $begin and $end" in page
    assert "cod-cut.yaml" in page
    assert "emission-cut.sql" in page
    bench = "/indicators/bench?from=cod-cut"
    sql = client_of("administrator").get(bench).context["form"].initial["sql"]
    assert "$series" in sql
    assert 'id="result"' in text(client_of("administrator").post(bench, {"sql": sql, "period": "2026"}))


def test_the_rows_behind_a_number_lead_to_verdicts(site: Site, client_of: ClientOf) -> None:
    year = timezone.localdate().year
    begin = clock.seconds(datetime(year, 1, 1))
    hours = site.store.verdicts.latest("air.hour", ["AIR1", "AIR2"])
    areas = {"AIR1": tiny.INSIDE, "AIR2": tiny.OUTSIDE}
    hours = hours.with_columns(pl.col("point").replace(areas))
    days = hours.with_columns(method=pl.lit("air.day"), start=pl.lit(begin), seconds=pl.lit(clock.DAY))
    site.store.verdicts.write(days.select(hours.columns))
    behind.forget()
    page = text(client_of("viewer").get(f"/indicators/good-days/rows?place={tiny.INSIDE}&period={year}"))
    assert f"/verdicts/air.day/{tiny.INSIDE}" in page
    assert client_of("inside-viewer").get(f"/indicators/good-days/rows?place={tiny.OUTSIDE}&period={year}").status_code == 404
    whole = text(client_of("inside-viewer").get(f"/indicators/good-days/rows?period={year}"))
    assert "/verdicts/air.day" not in whole
    assert client_of("viewer").get("/indicators/good-days/rows?period=never").status_code == 400


def test_tables_are_told_column_by_column(client_of: ClientOf) -> None:
    page = text(client_of("viewer").get("/indicators/tables?q=air_days"))
    assert "PM2.5 日均值" in page
    assert "water_months" not in page


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 1 as district\nfrom air_dayz", "air_days"),
        ("select district, dai from air_days", "day"),
        ("select * from read_csv('/etc/passwd')", "read_csv"),
        ("delete from air_days", "SELECT"),
        ("select count(*) from range(100000000000)", ""),
    ],
)
def test_a_wrong_query_is_told_and_runs_nothing(sql: str, said: str, client_of: ClientOf) -> None:
    page = client_of("administrator").post("/indicators/bench", {"sql": sql, "period": "2026"})
    assert page.status_code == 200
    assert 'class="wrong"' in text(page)
    assert said in text(page)


def test_a_query_is_tried_by_who_sees_the_city_and_checked_for_who_does_not(client_of: ClientOf) -> None:
    sent = {"sql": "select district, period_of(day) as period, count(*) as value from air_days group by all", "period": "2026"}
    assert 'id="result"' in text(client_of("administrator").post("/indicators/bench", sent))
    assert client_of("viewer").post("/indicators/bench", sent).status_code == 403


def test_a_figure_goes_from_form_to_signing_off_by_three_persons(site: Site, client_of: ClientOf) -> None:
    persons = get_user_model().objects
    persons.create_user("statistician", "a long test password", role="department", organisation="STAT")
    for name in ("first-planner", "second-planner"):
        persons.create_user(name, "a long test password", role="planner")
    year = timezone.localdate().year
    address = f"/figures/fill?series=gdp-constant&period={year}&place="
    assert "/figures/fill" in text(client_of("statistician").get("/figures"))
    assert "已签发" not in text(client_of("statistician").get(address))
    too_much = client_of("statistician").post(address, {"value": "-5"})
    assert "超出允许范围" in text(too_much)
    proof = SimpleUploadedFile("公报.txt", "统计公报".encode())
    sent = client_of("statistician").post(address, {"value": "1234.5", "file": proof})
    where = sent.headers["Location"]
    number = int(where.rpartition("/")[2])
    assert "gdp-constant</a>" not in text(client_of("viewer").get(f"/figures?year={year}")), "who fills nothing in sees titles too"
    assert b"".join(client_of("first-planner").get(f"{where}/evidence/0").streaming_content).decode() == "统计公报"
    assert client_of("statistician").post(where, {"do": "check", "version": 1}).status_code == 403
    assert client_of("first-planner").post(where, {"do": "check", "version": 1}).status_code == 302
    own = client_of("first-planner").post(where, {"do": "sign", "version": 2})
    assert (own.status_code, "须由不同的人办理" in text(own)) == (400, True)
    assert client_of("second-planner").post(where, {"do": "sign", "version": 2}).status_code == 302
    assert Figure.objects.get(pk=number).state == "signed"
    assert "直至更正值签发" in text(client_of("statistician").get(address))


def test_a_figure_of_another_district_is_not_there(client_of: ClientOf) -> None:
    outside = Figure.objects.get(series="sewage", district=tiny.OUTSIDE)
    assert client_of("viewer").get(f"/figures/{outside.pk}").status_code == 200
    assert client_of("inside-viewer").get(f"/figures/{outside.pk}").status_code == 404
    assert client_of("viewer").post(f"/figures/{outside.pk}", {"do": "sign"}).status_code == 403


def test_the_public_sees_published_targets_and_nothing_from_inside(client_of: ClientOf) -> None:
    page = text(client_of("").get("/public/scorecard"))
    assert "空气质量优良天数比例" in page
    assert "96.1" in page
    for inside in ("大气科", "82 %", "演示站", "AIR1", "/targets/"):
        assert inside not in page, inside
    Target.objects.filter(code="city").update(published=False)
    assert "空气质量优良天数比例" not in text(client_of("").get("/public/scorecard"))
    Target.objects.filter(code="city").update(published=True)

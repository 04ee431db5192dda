"""Pages of targets, indicators and figures: what is shown to whom, in which order, and what may be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bilan.plans.models import Target
from tests.web import tiny

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
    assert path["band"]["values"] == [95.0, 96.0, 96.5, 97.0, 97.5]
    assert path["series"][1]["data"][0] == ["2026", 95.4]
    odds = client_of("viewer").get("/targets/city?part=odds").json()["series"][0]["data"]
    assert odds[-1][1] == 82.0


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

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

"""What the public sees of cases: no name before the decision."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from bilan.casework.models import Case
from tests.web.running import Site

PAGE = "/public/decisions"


def test_no_name_is_public_before_the_decision(site: Site, client_of: Callable[[str], Client]) -> None:
    site.renew()
    case = Case.objects.get(code="AIR1")
    for query in ("", "?export=csv", "?q=演示", "?export=xlsx"):
        response = client_of("").get(PAGE + query)
        assert response.status_code == 200
        content = b"".join(response.streaming_content) if response.streaming else response.content
        assert case.place_name.encode() not in content and case.code.encode() not in content
    Case.objects.filter(pk=case.pk).update(published=timezone.now())
    page = client_of("").get(PAGE).content.decode()
    assert case.place_name in page and case.code in page
    assert Case.objects.get(code="AIR2").place_name not in page


def test_how_many_are_under_way_is_told(site: Site, client_of: Callable[[str], Client]) -> None:
    site.renew()
    assert "办理中：3 件" in client_of("").get(PAGE, headers={"Accept-Language": "zh-CN"}).content.decode()
    assert "Under way: 3" in client_of("").get(PAGE, headers={"Accept-Language": "en"}).content.decode()

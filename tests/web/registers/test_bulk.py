"""Changing many entries together: a trial first, one change set, nothing half done, nothing out of reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from bilan.registers.models import ChangeSet, Entry
from tests.web import tiny

pytestmark = pytest.mark.usefixtures("filled")
Clients = Callable[[str], Client]


def sent(**values: Any) -> dict[str, Any]:
    return {"field": ["key", "opened"], "key": "false", "opened": "2024-06-01", "reason": "年度核查", **values}


def address(query: str) -> str:
    return f"/registers/test-plant/bulk?{query}"


def test_a_trial_shows_before_and_after_and_writes_nothing(client_of: Clients) -> None:
    changes = ChangeSet.objects.count()
    text = client_of("administrator").post(address("all=1&trade=D&key=true"), sent()).content.decode()
    assert ChangeSet.objects.count() == changes
    assert re.search(r"<del>是</del> → <ins>否</ins>", text) and "2024-06-01" in text
    assert "data-sure" in text


def test_all_that_were_found_change_in_one_change_set(client_of: Clients) -> None:
    client = client_of("administrator")
    total = Entry.objects.filter(register="test-plant", data__trade="D").count()
    assert f"批量修改 {total} 条" in client.get(address("all=1&trade=D")).content.decode()
    response = client.post(address("all=1&trade=D"), sent(field=["opened"], sure="1"))
    assert response.status_code == 302
    change = ChangeSet.objects.latest("pk")
    assert (change.source, change.reason, sum(change.counts.values())) == ("bulk", "年度核查", total)
    assert Entry.objects.filter(register="test-plant", data__opened="2024-06-01").count() == total


def test_one_refusal_keeps_all_unless_the_others_are_asked_for(client_of: Clients) -> None:
    client = client_of("administrator")
    codes = list(Entry.objects.filter(register="test-plant", data__staff__lte=16).values_list("code", flat=True))
    query = "&".join(f"codes={code}" for code in codes)
    few = {"field": ["staff", "key"], "staff": "5", "key": "true", "reason": "x", "sure": "1"}
    text = client.post(address(query), few).content.decode()
    assert "重点单位职工人数应不少于 10 人" in text
    assert not Entry.objects.filter(register="test-plant", data__staff=5).exists()
    mixed = {"field": ["remark"], "remark": "改", "reason": "x", "sure": "1"}
    assert client.post(address(query), mixed).status_code == 302


def test_why_and_what_are_asked_for(client_of: Clients) -> None:
    client = client_of("administrator")
    assert "请写明原因" in client.post(address("all=1"), sent(reason="")).content.decode()
    assert "没有可处理的条目" in client.post(address("all=1"), {"reason": "x"}).content.decode()


def test_many_are_archived_and_brought_back(client_of: Clients) -> None:
    client = client_of("administrator")
    code = Entry.objects.filter(register="test-plant", archived=False).values_list("code", flat=True)[0]
    client.post(address(f"codes={code}"), {"archived": "archive", "reason": "注销", "sure": "1"})
    assert Entry.objects.get(register="test-plant", code=code).archived
    client.post(address(f"codes={code}"), {"archived": "restore", "reason": "恢复", "sure": "1"})
    assert not Entry.objects.get(register="test-plant", code=code).archived


def test_only_who_may_change_many_does_and_only_within_reach(client_of: Clients) -> None:
    for username in ("viewer", "operator", "inside-operator"):
        assert client_of(username).get(address("all=1")).status_code == 403
        assert client_of(username).post(address("all=1"), sent(sure="1")).status_code == 403
    outside = Entry.objects.filter(register="test-plant", district=tiny.OUTSIDE).values_list("code", flat=True)[0]
    assert client_of("administrator").get(address(f"codes={outside}")).status_code == 200
    assert client_of("administrator").get(address("codes=nothing")).status_code == 400

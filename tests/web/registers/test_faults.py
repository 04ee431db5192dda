"""Who may declare registers is told what is wrong with them; the site goes on with what was right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client

from tests.web.running import Site

Clients = Callable[[str], Client]


@pytest.fixture
def mistaken(site: Site) -> Iterator[Path]:
    path = site.city.pack / "registers" / "test-mistaken.yaml"
    path.write_text("register: test-mistaken\ntitle: 有错 · Mistaken\ngroup: wter\n", encoding="utf-8")
    yield path
    path.unlink()


def test_mistakes_are_told_to_who_may_declare(mistaken: Path, client_of: Clients) -> None:
    told = client_of("administrator").get("/registers")
    assert told.status_code == 200
    text = told.content.decode()
    assert "台账声明有错误" in text
    assert "最接近：water" in text
    assert "test-plant" in text


def test_mistakes_are_not_told_to_others(mistaken: Path, client_of: Clients) -> None:
    text = client_of("viewer").get("/registers").content.decode()
    assert "台账声明有错误" not in text
    assert "test-plant" in text


def test_nothing_is_told_when_all_is_right(client_of: Clients) -> None:
    assert "台账声明有错误" not in client_of("administrator").get("/registers").content.decode()

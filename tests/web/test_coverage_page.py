"""The page of what the plans call for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
from django.conf import settings
from django.test import Client

from bilan.web.areas.coverage.rows import counts, groups, items

ROOT = Path(__file__).resolve().parents[2]


def test_the_packaged_table_is_the_one_of_the_documentation() -> None:
    packaged = ROOT / "src" / "bilan" / "web" / "areas" / "coverage" / "coverage.csv"
    assert packaged.read_bytes() == (ROOT / "docs" / "coverage.csv").read_bytes()


def test_every_item_has_words_in_both_languages_and_a_group() -> None:
    assert len(items()) == 429
    assert all(item.title.complete and item.group in groups() for item in items())
    assert all(item.note.complete for item in items() if item.note.en)
    assert sum(sum(counted.values()) for _code, counted in counts(items())) == 429


def test_it_is_filtered_searched_and_taken_away(client_of: Callable[[str], Client]) -> None:
    client = client_of("clerk")
    text = client.get("/coverage", {"group": "G07", "status": "works"}).content.decode()
    assert "X28" in text and "X05" not in text and "空间分区与准入" in text
    assert "声环境功能区" in text
    found = client.get("/coverage", {"q": "尾矿"}).content.decode()
    assert "Q196" in found and "X28" not in found
    file = client.get("/coverage", {"status": "works", "export": "csv"})
    frame = pl.read_csv(b"".join(file.streaming_content))
    assert frame.height == sum(item.status == "works" for item in items())


def test_english_readers_read_english(client_of: Callable[[str], Client]) -> None:
    client = client_of("clerk")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    text = client.get("/coverage", {"q": "Acoustic"}).content.decode()
    assert "Acoustic functional zoning map" in text and "Zones and access" in text


def test_registers_that_a_reader_may_not_see_are_not_linked(client_of: Callable[[str], Client]) -> None:
    clerk, viewer = (client_of(name).get("/coverage", {"q": "Q182"}) for name in ("clerk", "viewer"))
    assert clerk.status_code == viewer.status_code == 200

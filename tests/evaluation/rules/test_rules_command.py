from __future__ import annotations

import json
from datetime import datetime

import pytest
from click.testing import CliRunner

from bilan.cli import bilan
from bilan.pack.city import City
from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.model import Point, Reading, SeriesKey
from bilan.telemetry.store import Store

DRAFT = """
rules:
  - rule: draft
    title: 试 · Draft
    about: 试 · Draft
    subject: series
    where: {networks: [source_gas], parameters: [so2]}
    condition: value > limit
    active: false
    says: "{point}{value:.0f}/{limit:.0f} · {point} {value:.0f} of {limit:.0f}"
"""


@pytest.fixture
def city(tmp_path):
    made = City(tmp_path / "city", "甲市", "A", "350500")
    made.write()
    store = Store.open(made)
    store.migrate()
    store.catalogue.put_points([Point("G1", "source_gas", "窑", "Kiln", attributes={"limits": {"so2": 50}})])
    (series,) = store.catalogue.series_ids([SeriesKey("G1", "a21026", "mean", "hour")], ["mg/m3"])
    begin = clock.seconds(datetime(2026, 3, 1))
    store.write("hour", [Reading(series, begin + at * 3600, 3600, 60.0 if at in (5, 6, 30) else 40.0) for at in range(48)], arrived=begin)
    store.close()
    return made


def run(*arguments: object, lang: str = "en"):
    return CliRunner().invoke(bilan, ["rules", *map(str, arguments)], env={"BILAN_LANG": lang}, catch_exceptions=False)


def test_a_draft_is_tried_over_the_past_before_it_goes_live(city, tmp_path):
    (tmp_path / "draft.yaml").write_text(DRAFT, encoding="utf-8")
    given = ("test", "draft", "--city", city.folder, "--file", tmp_path / "draft.yaml", "--from", "2026-03-01", "--to", "2026-03-03")
    shown = run(*given).output.splitlines()
    assert shown[0] == "2026-03-01 05:00 → 03-01 07:00  warning  G1|a21026  Kiln 60 of 50"
    assert shown[-1].startswith("2 episodes of 1 sources; 1 sources were looked at, 30.00 episodes")
    assert "窑60/50" in run(*given, lang="zh").output
    rows = [json.loads(line) for line in run(*given, "--json").output.splitlines()]
    assert [row["values"]["value"] for row in rows] == [60, 60]
    assert run(*given, "--most", "1").output.count("Kiln") == 1


def test_unknown_rules_and_empty_periods_are_told(city):
    with pytest.raises(BilanError, match="air-hour-heavy"):
        run("test", "air-hour-hevy", "--city", city.folder)
    with pytest.raises(BilanError, match="empty"):
        run("test", "air-hour-heavy", "--city", city.folder, "--from", "2026-03-03", "--to", "2026-03-01")


def test_check_says_what_is_wrong_and_where(city):
    assert run("check").exit_code == 0
    folder = city.pack / "rules"
    folder.mkdir(parents=True)
    (folder / "mine.yaml").write_text(DRAFT.replace("value > limit", "value > limti"), encoding="utf-8")
    found = run("check", "--city", city.folder)
    assert found.exit_code == 1
    assert "row 8" in found.output
    assert "the nearest is limit" in found.output
    assert "最接近的是 limit" in run("check", "--city", city.folder, lang="zh").output


def test_rules_and_functions_are_listed():
    assert "Surface-water class drops" in run("list").output
    assert "水质类别下降" in run("list", lang="zh").output
    assert "mean(x, n=24)" in run("list", "--functions").output

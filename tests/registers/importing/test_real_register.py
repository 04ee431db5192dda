"""A real register with its dirt, imported whole: what its publishers say is wrong with it is found, row by row."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bilan.registers.importing import Plan
from bilan.registers.models import Entry
from bilan.tabular.places.parsing import Box
from tests.registers.importing.helping import emptied, tried, written
from tests.shared import shared_data
from tests.web.running import Site

INDIA = Box(68.0, 6.0, 98.0, 38.0)
DECLARED = """register: monitored-industry
title: 在线监测企业 · Monitored industries
singular: 在线监测企业 · Monitored industry
group: sources
geometry: point
code: {matches: "[0-9]+"}
duplicates: [name, place]
sections:
  - title: 基本信息 · Basics
    fields:
      - {name: industry, type: text, title: 行业 · Industry, aliases: [industry_type], filter: true}
      - {name: category, type: text, title: 类别 · Category, aliases: [industry_type_description]}
      - {name: city, type: text, title: 城市 · City}
      - {name: state, type: text, title: 邦 · State name, aliases: [state_name]}
      - {name: ganges, type: boolean, title: 恒河流域 · In the Ganges basin, aliases: [is_ganga_basin]}
"""
MAPPING = {"status": "", "createddate": "", "consumerlastdataat": "", "id": "code"}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with gzip.open(shared_data("cems_source_register_india", "industries.csv.gz"), "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def file(rows: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("india") / "industries.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def planned(site: Site, _renewed: None, file: Path) -> Iterator[Plan]:
    declared = site.city.pack / "registers" / "monitored-industry.yaml"
    declared.write_text(DECLARED, encoding="utf-8")
    emptied()
    yield tried(file, site.person("administrator"), "monitored-industry", box=INDIA, mapping=MAPPING)
    declared.unlink()


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def test_every_row_is_accounted_for(planned: Plan, rows: list[dict[str, str]]) -> None:
    assert [result.row for result in planned.results] == list(range(2, len(rows) + 2))
    assert planned.counts.keys() == {"new", "refused"}


def test_the_columns_are_understood(planned: Plan) -> None:
    assert {entry.column.title: entry.target for entry in planned.mapping.proposals if entry.target} == {
        "id": "code",
        "name": "name",
        "latitude": "latitude",
        "longitude": "longitude",
        "city": "city",
        "industry_type": "industry",
        "industry_type_description": "category",
        "state_name": "state",
        "is_ganga_basin": "ganges",
    }


def test_written_coordinates_are_read_or_refused(planned: Plan, rows: list[dict[str, str]]) -> None:
    written_out = [at for at, row in enumerate(rows) if row["latitude"].strip() and number(row["latitude"]) is None]
    assert len(written_out) == 262
    outcomes = Counter(planned.results[at].outcome for at in written_out)
    # The others are ranges, two points in one number, minutes above 60.
    assert outcomes["new"] >= 190
    silent = [rows[at]["latitude"] for at in written_out if not planned.rows[at].point and not planned.rows[at].problems]
    assert sorted(silent) == ["-", "na"]


def test_points_outside_the_country_are_refused_and_swapped_ones_turned(planned: Plan, rows: list[dict[str, str]]) -> None:
    swapped: set[int] = set()
    outside: set[int] = set()
    for at, row in enumerate(rows):
        lat, lon = number(row["latitude"]), number(row["longitude"])
        if lat is None or lon is None or INDIA.holds(lon, lat):
            continue
        (swapped if INDIA.holds(lat, lon) else outside).add(at)
    assert (len(swapped), len(outside)) == (64, 97)
    assert all("place.swapped" in {note.code for note in planned.rows[at].notes} for at in swapped)
    assert all((point := planned.rows[at].point) is None or INDIA.holds(*point) for at in swapped)
    refused = {at for at in outside if planned.results[at].outcome == "refused"}
    surveyed = {at for at in outside - refused if "place.projected" in {note.code for note in planned.rows[at].notes}}
    assert refused | surveyed == outside
    codes = {problem.code for at in refused for problem in planned.rows[at].problems}
    assert codes <= {"place.outside", "place.zero", "place.range"}


def test_no_accepted_point_lies_outside_the_country(planned: Plan) -> None:
    points = [row.point for row, result in zip(planned.rows, planned.results, strict=True) if result.outcome == "new" and row.point]
    assert len(points) > 7000
    assert all(INDIA.holds(*point) for point in points)


def test_repeated_names_are_noted(planned: Plan, rows: list[dict[str, str]]) -> None:
    repeated = {result.row for result in planned.results if "import.same_name" in {note.code for note in result.notes}}
    first: dict[str, int] = {}
    published = {at + 2 for at, row in enumerate(rows) if first.setdefault(row["name"].strip(), at) != at}
    assert len(published) == 133 and published <= repeated
    # Two more differ from an earlier one only in their spaces.
    assert len(repeated) == 135


def test_it_is_written_and_changes_nothing_the_second_time(site: Site, planned: Plan, file: Path) -> None:
    administrator = site.person("administrator")
    applied = written(file, administrator, "monitored-industry", box=INDIA, mapping=MAPPING)
    assert applied.counts == planned.counts
    assert Entry.objects.filter(register="monitored-industry").count() == planned.counts["new"]
    again = tried(file, administrator, "monitored-industry", box=INDIA, mapping=MAPPING)
    assert again.counts == {"unchanged": planned.counts["new"], "refused": planned.counts["refused"]}

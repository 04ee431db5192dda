"""Every indicator of the base pack on rows whose answer was worked out by hand; its unit and direction; the rule on missing data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from bilan.lake.queries import parse
from bilan.lake.types import empty
from bilan.pack.indicators import Period, Source, Table, load, readable, reported
from bilan.plans.indicators.behind import derived
from bilan.plans.indicators.computing import GIVEN, answer, jobs, parsed, values
from bilan.plans.indicators.marine import DERIVED
from bilan.plans.indicators.sandbox import Sandbox
from bilan.plans.indicators.spans import Span
from bilan.plans.indicators.tables import _laid, documented

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "base_indicators.yaml").read_text(encoding="utf-8"))
BY_NAME = {case["indicator"]: case for case in CASES}
CATALOGUE = load()
DISTRICTS = ("", "1", "2")
TODAY = date(2026, 1, 20)
SINCE = date(2020, 1, 1)
YEAR = Span.parse("2025")
AREAS = [("", ""), ("", "1"), ("", "2"), ("1", "1"), ("2", "2")]


@cache
def known() -> dict[str, Table]:
    """The documented tables."""
    return dict(documented())


def expanded(name: str, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows that a row of the cases stands for."""
    own = dict(row)
    days, months, quarters, times = (own.pop(key, None) for key in ("days", "months_each", "quarters", "times"))
    if name.startswith("history."):
        own = {"since": SINCE, **own}
    if name == "figures":
        own = {"district": "", "day": date(int(own["period"]), 1, 1), "year": int(own["period"]), **own}
    if days:
        first, last = days
        yield from ({**own, "day": first + timedelta(days=at)} for at in range((last - first).days + 1))
    elif months:
        yield from ({**own, "day": date(2025, month, 1)} for month in range(months[0], months[1] + 1))
    elif quarters:
        yield from ({**own, "day": date(2025, 3 * number - 2, 1)} for number in range(quarters[0], quarters[1] + 1))
    else:
        yield from [own] * (times or 1)


def frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows in the columns and types of a documented table; districts that are left out are none."""
    blank = empty(known()[name])
    full = [entry for row in rows for entry in expanded(name, row)]
    if "district" in blank.columns:
        full = [{"district": "", **row} for row in full]
    unknown = {column for row in full for column in row} - set(blank.columns)
    assert not unknown, f"{name} has no {unknown}"
    laid = pl.DataFrame([{column: row.get(column) for column in blank.columns} for row in full], schema=blank.schema, orient="row")
    return laid if rows else blank


def given(name: str, rows: dict[str, list[dict[str, Any]]]) -> pl.DataFrame:
    """A table of a case; one that the platform makes from another is made from that one's rows."""
    if name not in DERIVED or name in rows:
        return frame(name, rows.get(name, []))
    base, derive = DERIVED[name]
    return _laid(derive(frame(base, rows.get(base, [])), ()), known()[name])


def computed(name: str, rows: dict[str, list[dict[str, Any]]], periods: tuple[str, ...] = ("2025",)) -> dict[str, tuple[float | None, str]]:
    """Period, with the district before it → value and why there is none."""
    todo = jobs(CATALOGUE, [name], [Span.parse(text) for text in periods], known(), TODAY)
    found: dict[str, tuple[float | None, str]] = {}
    for job in todo:
        frames = {table: given(table, rows) for table in job.query.tables - {"periods", "areas"}}
        frames["areas"] = pl.DataFrame(AREAS, schema=["area", "district"], orient="row")
        with Sandbox(frames) as sandbox:
            sandbox.put_periods(job.kind, job.spans, DISTRICTS, TODAY)
            for row in values(job, answer(sandbox, job, TODAY), DISTRICTS, TODAY):
                found[f"{row[2]} {row[3]}".strip()] = (row[5], row[6])
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["indicator"]))
def test_known_answer(case: dict[str, Any]) -> None:
    found = {key: value for key, (value, _why) in computed(case["indicator"], case["rows"]).items() if value is not None}
    assert found == pytest.approx(case["gives"], abs=5e-7)


@pytest.mark.parametrize("name", [entry.name for entry in CATALOGUE if entry.template])
def test_the_query_that_a_person_reads_gives_what_is_computed(name: str) -> None:
    """The text with the values of the template's parameters in it is never run by the platform, so it must not drift from what is."""
    (job,) = jobs(CATALOGUE, [name], [YEAR], known(), TODAY)
    read = parse(readable(CATALOGUE[name]), known(), GIVEN)
    assert read.parameters <= {"begin", "end"}
    frames = {table: given(table, BY_NAME[name]["rows"]) for table in job.query.tables - {"periods", "areas"}}
    frames["areas"] = pl.DataFrame(AREAS, schema=["area", "district"], orient="row")
    with Sandbox(frames) as sandbox:
        sandbox.put_periods(job.kind, job.spans, DISTRICTS, TODAY)
        bound = answer(sandbox, job, TODAY).rows
        assert bound
        assert sorted(sandbox.run(read, job.given(TODAY)).rows) == sorted(bound)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["indicator"]))
def test_unit_and_direction(case: dict[str, Any]) -> None:
    indicator = CATALOGUE[case["indicator"]]
    assert (indicator.unit, str(indicator.direction)) == (case["unit"], case["direction"])


@pytest.mark.parametrize("name", CATALOGUE.names)
def test_every_indicator_has_a_case_and_says_what_it_rests_on(name: str) -> None:
    indicator = CATALOGUE[name]
    assert name in BY_NAME
    assert indicator.standard
    assert indicator.confidence
    assert indicator.aliases
    assert indicator.title.zh != indicator.title.en
    assert indicator.about.zh != indicator.about.en
    assert indicator.field


@pytest.fixture(scope="module")
def bare() -> Iterator[Sandbox]:
    """A room in which all tables that indicators ask are empty."""
    asked = {table for entry in CATALOGUE for query in (parsed(entry, known()), derived(entry, known())) for table in query.tables}
    frames = {table: frame(table, []) for table in asked - {"periods", "areas"}}
    frames["areas"] = pl.DataFrame(AREAS, schema=["area", "district"], orient="row")
    with Sandbox(frames) as sandbox:
        sandbox.put_periods(Period.YEAR, [YEAR], DISTRICTS, TODAY)
        yield sandbox


@pytest.mark.parametrize("name", CATALOGUE.names)
def test_without_rows_there_is_no_value(name: str, bare: Sandbox) -> None:
    (job,) = jobs(CATALOGUE, [name], [YEAR], known(), TODAY)
    found = values(job, answer(bare, job, TODAY), DISTRICTS, TODAY)
    assert found
    assert {(row[5], row[6]) for row in found} == {(None, "no_data")}


@pytest.mark.parametrize("name", CATALOGUE.names)
def test_rows_behind_can_be_asked_for(name: str, bare: Sandbox) -> None:
    indicator = CATALOGUE[name]
    given = {entry: parameter.value for entry, parameter in indicator.parameters.items()}
    given |= {"begin": YEAR.first, "end": YEAR.last, "today": TODAY, "at_district": "", "at_period": YEAR.text}
    assert bare.run(derived(indicator, known()), given).rows == []


@pytest.mark.parametrize("name", [entry.name for entry in CATALOGUE if entry.least is not None])
def test_too_few_rows_give_no_value_and_say_why(name: str) -> None:
    case = BY_NAME[name]
    short = {table: [_shortened(row) for row in rows] for table, rows in case["rows"].items()}
    found = computed(name, short)
    assert all(value is None for value, _why in found.values())
    assert "too_few" in {why for _value, why in found.values()}


def _shortened(row: dict[str, Any]) -> dict[str, Any]:
    """A row that stands for its first spans only."""
    own = dict(row)
    if "days" in own:
        own["days"] = [own["days"][0], min(own["days"][1], own["days"][0] + timedelta(days=3))]
    for key in ("months_each", "quarters"):
        if key in own:
            own[key] = [own[key][0], own[key][0]]
    if own.get("months") == 12:
        own["months"] = 3
    return own


def test_shorter_periods_answer_too() -> None:
    rows = {"air_days": [{"district": "", "days": [date(2025, 1, 1), date(2025, 3, 31)], "valid": True, "grade": 2, "pm25": 18}]}
    assert computed("pm25", rows, ("2025-Q1", "2025-02")) == {
        **{"2025-Q1": (18.0, ""), "1 2025-Q1": (None, "no_data"), "2 2025-Q1": (None, "no_data")},
        **{"2025-02": (18.0, ""), "1 2025-02": (None, "no_data"), "2 2025-02": (None, "no_data")},
    }


def test_the_running_year_counts_what_is_over() -> None:
    rows = {"air_days": [{"district": "", "days": [date(2026, 1, 1), date(2026, 1, 19)], "valid": True, "grade": 2}]}
    assert computed("good-days", rows, ("2026",))[("2026")] == (100.0, "")


def test_configured_ones_say_so() -> None:
    configured = {entry.name for entry in CATALOGUE if entry.source is Source.CONFIGURED}
    assert {"blue-sky-days", "beautiful-bays", "native-species", "sea-good-area"} <= configured


def test_reported_figures_are_declared() -> None:
    series = reported()
    asked = set()
    for indicator in CATALOGUE:
        if "figures" in parsed(indicator, known()).tables:
            named = {name for name in series if f"'{name}'" in readable(indicator)}
            assert named, indicator.name
            asked |= named
    assert asked == set(series)


TABLE_1 = {f"quanzhou/1.{number}" for number in range(1, 21)}
TABLE_2 = {f"quanzhou/2.{number}" for number in range(1, 30)}


def test_both_tables_of_the_five_year_plan_are_answered() -> None:
    answered = {row for indicator in CATALOGUE for row in indicator.plan.split()}
    assert answered >= TABLE_1 | TABLE_2

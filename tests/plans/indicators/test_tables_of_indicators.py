"""The documented tables hold what the store and the registers hold, in exactly the documented columns."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from bilan.lake.queries import parse
from bilan.lake.types import empty
from bilan.plans.indicators import graded, noisy
from bilan.plans.indicators.sandbox import Sandbox
from bilan.plans.indicators.tables import OBSERVATIONS, PERIODS, Tables
from bilan.problems import BilanError
from bilan.registers.models import Entry, Revision
from tests.web import tiny, years
from tests.web.running import Site


@pytest.fixture
def tables(site: Site) -> Tables:
    years.fill(site.store, site.city)
    return Tables.now(site.city, site.store)


def asked(tables: Tables, sql: str) -> list[tuple[object, ...]]:
    query = parse(sql, tables.documented, [])
    with Sandbox(tables.frames([query])) as sandbox:
        return sandbox.run(query, {}).rows


def test_every_table_can_be_made_with_its_documented_columns(tables: Tables) -> None:
    for name, table in tables.documented.items():
        if name == PERIODS:
            continue
        filter_ = " where parameter = 'pm25'" if name in OBSERVATIONS else ""
        quoted = ".".join(f'"{part}"' for part in name.split("."))
        query = parse(f"select * from {quoted}{filter_}", tables.documented, [])
        frame = tables.frames([query])[name]
        assert frame.columns == list(table.columns), name
        assert frame.schema == empty(table).schema, name


def test_days_of_the_city_stand_under_no_district(tables: Tables) -> None:
    found = asked(tables, "select district, avg(pm25) from air_days group by all order by all")
    assert found == [("", 30.0), *((code, 20.0 + 5 * number) for number, code in enumerate(sorted(tiny.DISTRICTS), 1))]
    stations = asked(tables, "select distinct point, district, kind from air_station_days where pm25 = 25 order by all")
    assert stations == [("AIR1", tiny.INSIDE, "city")]


def test_sections_are_judged_by_the_means_of_their_months(tables: Tables) -> None:
    year = tables.today.year - 1
    found = asked(tables, f"select point, grade, months from water_periods where period = '{year}' order by all")
    assert found == [("RIVER1", 2, 12), ("RIVER2", 3, 12), ("RIVER3", 4, 12)]
    assert asked(tables, "select count(*) from water_sections where target_class = 3") == [(3,)]


def test_the_areas_hold_the_city_and_its_districts(tables: Tables) -> None:
    found = asked(
        tables,
        "select a.area, count(*) from points p join areas a on a.district = p.district where p.network = 'air' group by all order by all",
    )
    assert found == [("", 3), *((code, 1) for code in sorted(tiny.DISTRICTS))]


def test_observations_are_read_for_the_parameters_named(tables: Tables) -> None:
    found = asked(tables, "select distinct parameter, network from observations_day where parameter in ('pm25', 'a34004') order by all")
    assert found == [("pm25", "air")]
    with pytest.raises(BilanError) as refused:
        asked(tables, "select count(*) from observations_day")
    assert refused.value.problems[0].code == "indicators.needs_parameter"


def test_registers_are_there_as_they_are_and_as_they_were(tables: Tables) -> None:
    revision = Revision.objects.filter(until__isnull=True, archived=False).exclude(register="").order_by("pk").first()
    assert revision
    name = revision.register.replace("-", "_")
    now = asked(tables, f"select count(*) from registers.{name}")
    assert now == [(Entry.objects.filter(register=revision.register, archived=False).count(),)]
    states = asked(tables, f"select count(*) from history.{name} where until is null")
    assert states == now


def test_levels_by_day_and_night_are_energy_means() -> None:
    begin = datetime(2026, 3, 1, 6)
    levels = [60.0] * 16 + [50.0, 40.0] * 4
    hours = pl.DataFrame({"point": ["n"] * 24, "start": [begin + timedelta(hours=at) for at in range(24)], "Leq": levels})
    found = noisy.days(hours)
    assert found.select("day", "hours_day", "hours_night").rows() == [(date(2026, 3, 1), 16, 8)]
    assert found["ld"].item() == pytest.approx(60.0)
    assert found["ln"].item() == pytest.approx(47.4, abs=0.05)
    judged = noisy.against_limits(found, {"n": "1"})
    assert judged.select("limit_day", "limit_night", "day_attained", "night_attained").rows() == [(55.0, 45.0, False, False)]


def test_a_day_with_too_few_hours_has_no_level() -> None:
    begin = datetime(2026, 3, 1, 6)
    hours = pl.DataFrame({"point": ["n"] * 10, "start": [begin + timedelta(hours=at) for at in range(10)], "Leq": [50.0] * 10})
    assert noisy.days(hours).select("ld", "ln", "hours_day").rows() == [(None, None, 10)]


@pytest.mark.parametrize(
    ("values", "limits", "grade", "main"),
    [
        ({"din": 0.2, "dip": 0.015, "ph": 8.0}, graded.SEA, 1, ""),
        ({"din": 0.31, "dip": 0.02, "ph": 8.0}, graded.SEA, 3, "din"),
        ({"din": 0.1, "do": 4.5, "ph": 8.7}, graded.SEA, 3, "ph,do"),
        ({"dip": 0.046}, graded.SEA, 5, "dip"),
        ({"ph": 7.0, "codmn": 3.0, "nh3n": 0.5, "no3n": 20.0}, graded.GROUND, 3, "codmn,nh3n,no3n"),
        ({"ph": 8.8, "codmn": 1.0}, graded.GROUND, 4, "ph"),
        ({"no3n": 30.1}, graded.GROUND, 5, "no3n"),
    ],
)
def test_classes_of_sea_and_groundwater_follow_the_worst_item(values: dict[str, float], limits: str, grade: int, main: str) -> None:
    assert graded.graded(pl.DataFrame([values]), limits).select("grade", "main").row(0) == (grade, main)

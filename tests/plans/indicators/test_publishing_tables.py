"""What the platform publishes to the lake: every documented table, nothing sensitive, and only what changed the next time."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bilan.lake import LakeTables
from bilan.lake.asking import ask
from bilan.plans.indicators.tables import Tables
from bilan.plans.publishing import publishable, write
from bilan.problems import BilanError
from bilan.registers import lake as registers
from bilan.registers.declared import declared
from tests.web import years
from tests.web.running import Site


@pytest.fixture
def tables(site: Site) -> Tables:
    years.fill(site.store, site.city)
    return Tables.now(site.city, site.store)


def test_every_documented_table_is_published_and_can_be_asked(tables: Tables) -> None:
    lake = LakeTables(tables.city.lake)
    done = dict(write(tables, lake))
    assert set(done) == set(publishable(tables)) == set(lake.names())
    assert all(lake.scan(name).collect_schema().names() for name in done)
    assert {"points", "water_sections", "sea_samples", "registers.test_plant"} <= {
        name for name in done if "geo" in pl.read_parquet_metadata(lake.files(name)[0])
    }
    air = ask(lake, "select network, count(*) > 0 from observations_hour where parameter = 'pm25' group by all").rows
    assert air in ([], [("air", True)])
    assert (
        ask(lake, "select count(*) from air_days where district = ''").rows[0][0]
        == lake.scan("air_days").filter(pl.col("district") == "").collect().height
    )


def test_sensitive_registers_and_fields_stay_out(tables: Tables) -> None:
    secret = {registers.table_name(name) for name, register in declared().registers.items() if register.sensitivity not in registers.OPEN}
    assert not secret & set(publishable(tables))
    lake = LakeTables(tables.city.lake)
    list(write(tables, lake, ["registers.test_plant", "history.test_plant"]))
    for name in ("registers.test_plant", "history.test_plant"):
        assert not {"contact", "secret"} & set(lake.scan(name).collect_schema().names())


def test_publishing_again_changes_nothing(tables: Tables) -> None:
    lake = LakeTables(tables.city.lake)
    names = ["air_days", "points", "observations_day", "cases", "alerts", "indicator_values", "registers.test_plant"]
    first = {name: held.version for name, held in write(tables, lake, names)}
    again = Tables.now(tables.city, tables.store)
    assert {name: held.version for name, held in write(again, lake, names)} == first


def test_a_table_that_is_not_there_is_told_with_the_nearest(tables: Tables, tmp_path: Path) -> None:
    with pytest.raises(BilanError) as refused:
        list(write(tables, LakeTables(tmp_path), ["air_day"]))
    assert "air_days" in refused.value.problems[0].text("en")

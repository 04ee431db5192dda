from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime

import polars as pl
import pytest
import xlsxwriter
from click.testing import CliRunner

from bilan.pack.city import City
from bilan.problems import BilanError
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.readers import (
    ImportSettings,
    apply_import,
    correct,
    dismiss,
    error_table,
    plan_import,
    quarantined,
    replay,
)
from bilan.telemetry.readers.command import import_files
from bilan.telemetry.store import Store
from tests.postgres import new_database, running

POINTS = [
    Point("3505A", "air", "涂山街", "Tushan Street"),
    Point("3505B", "air", "津头埔", "Jintoupu"),
    Point("S1", "surface_water", "霞东桥", "Xiadong Bridge"),
    Point("DA001", "source_gas", "1号锅炉排口", "Boiler 1"),
]
HEAD = "站点,时间,SO2(μg/m3),PM2.5(μg/m3)\n"


@pytest.fixture(scope="module")
def postgres_server():
    with running() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def city(request, tmp_path):
    url = ""
    with ExitStack() as stack:
        if request.param == "postgresql":
            url = stack.enter_context(new_database(request.getfixturevalue("postgres_server")))
        made = City(tmp_path / "city", "某市", "Some City", "350500", telemetry=url)
        made.write()
        yield made


@pytest.fixture
def store(city):
    opened = Store.open(city)
    opened.migrate()
    opened.catalogue.put_points(POINTS)
    yield opened
    opened.close()


@pytest.fixture
def write(tmp_path):
    def make(text, name="a.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return make


def held(store, point="3505A", parameter="a34004", interval="hour"):
    ids = store.catalogue.series_frame([point], [parameter], interval)["id"].to_list()
    return [(clock.moment(start), value) for start, value in store.scan(ids, 0, 1 << 40, interval).select("start", "value").iter_rows()]


GOOD = HEAD + "涂山街,2026-03-01 08:00,5,20\n3505B,2026/3/1 8:00,6,30\n涂山街,2026年3月1日9时,7,--\n"


def test_a_dry_run_writes_nothing(store, write):
    plan = plan_import(store, write(GOOD))
    assert plan.counts == {"new": 5, "changed": 0, "unchanged": 0, "refused": 0}
    assert store.catalogue.series_frame().is_empty()


def test_values_are_written_once(store, write):
    path = write(GOOD)
    first = apply_import(store, plan_import(store, path))
    again = plan_import(store, path)
    second = apply_import(store, again)
    assert (first.inserted, second.inserted, second.unchanged) == (5, 0, 5)
    assert again.counts["unchanged"] == 5
    assert held(store) == [(datetime(2026, 3, 1, 8), 20.0)]


def test_changes_are_shown_before_they_are_made(store, write):
    apply_import(store, plan_import(store, write(GOOD)))
    plan = plan_import(store, write(HEAD + "涂山街,2026-03-01 08:00,5,25\n", "b.csv"))
    assert plan.counts == {"new": 0, "changed": 1, "unchanged": 1, "refused": 0}
    assert plan.cells.filter(status="changed").select("row", "column", "old", "value").rows() == [(2, "PM2.5(μg/m3)", 20.0, 25.0)]
    assert apply_import(store, plan).changed == 1
    assert held(store) == [(datetime(2026, 3, 1, 8), 25.0)]


BAD = (
    HEAD
    + "涂山街,2026-03-01 08:00,5,20\n涂三街,2026-03-01 08:00,5,20\n涂山街,2026-03-01 10:00,x7,22\n涂山街,nie,5,23\n涂山街,2199-01-01,5,23\n"
    + "涂山街,2026-03-01 08:00,5,21\n,2026-03-01 11:00,5,21\n"
)


def test_each_refusal_names_row_column_and_reason(store, write):
    plan = plan_import(store, write(BAD))
    found = {(row, problem.code, problem.place.column) for row, problems in plan.problems.items() for problem in problems}
    assert found == {
        (3, "import.unknown_point", "站点"),
        (4, "value.not_a_number", "SO2(μg/m3)"),
        (5, "value.not_a_time", "时间"),
        (6, "import.future", "时间"),
        (7, "import.duplicate", "PM2.5(μg/m3)"),
        (8, "import.no_point", "站点"),
    }
    assert plan.problems[3][0].values["nearest"] == "涂山街"
    assert plan.counts == {"new": 3, "changed": 0, "unchanged": 0, "refused": 6}


def test_the_error_table_has_the_reason_beside_the_cell(store, write):
    table = error_table(plan_import(store, write(BAD)), "en")
    assert table.columns == [
        "row", "站点", "站点 · reason", "时间", "时间 · reason", "SO2(μg/m3)", "SO2(μg/m3) · reason",
        "PM2.5(μg/m3)", "PM2.5(μg/m3) · reason",
    ]  # fmt: skip
    assert table.filter(pl.col("row") == 4)["SO2(μg/m3) · reason"].item() == '"x7" is not a number'


def test_refused_rows_are_kept_corrected_and_replayed(store, write):
    apply_import(store, plan_import(store, write(BAD)), person="li")
    rows = {entry.row: entry for entry in quarantined(store)}
    assert sorted(rows) == [3, 4, 5, 6, 7, 8]
    assert "涂山街" in rows[3].problems[0].text("zh-hans")

    still = replay(store, rows[5].id, "wang")
    assert [(problem.code, problem.place.row) for problem in still] == [("value.not_a_time", 5)]
    correct(store, rows[5].id, {"时间": "2026-03-01 12:00"}, "wang")
    assert replay(store, rows[5].id, "wang") == []
    assert (datetime(2026, 3, 1, 12), 23.0) in held(store)

    dismiss(store, rows[8].id, "wang")
    assert sorted(entry.row for entry in quarantined(store)) == [3, 4, 6, 7]
    assert {entry.state for entry in quarantined(store, None)} == {"open", "replayed", "dismissed"}


def test_importing_again_keeps_one_row_each(store, write):
    path = write(BAD)
    for _ in range(2):
        apply_import(store, plan_import(store, path))
    assert len(quarantined(store)) == 6


def test_an_unknown_cell_to_correct_names_the_nearest(store, write):
    apply_import(store, plan_import(store, write(BAD)))
    with pytest.raises(BilanError) as caught:
        correct(store, quarantined(store)[0].id, {"PM2.5(ug/m3)": "x"}, "li")
    assert caught.value.problems[0].values["nearest"] == "PM2.5(μg/m3)"


def test_a_person_names_a_point(store, write):
    plan = plan_import(store, write(BAD), ImportSettings(points={"涂三街": "3505B"}))
    assert 3 not in plan.problems


def test_days_are_told_from_hours(store, write):
    days = plan_import(store, write(HEAD + "涂山街,2026-03-01,5,20\n涂山街,2026-03-02,5,20\n"))
    assert (days.settings.interval, days.seconds) == ("day", 86400)


def test_times_may_name_the_end(store, write):
    apply_import(store, plan_import(store, write(GOOD), ImportSettings(labels="end")))
    assert held(store) == [(datetime(2026, 3, 1, 7), 20.0)]


def test_sources_keep_their_units(store, write):
    path = write("排放口,时间,SO2,颗粒物(mg/m3)\n1号锅炉排口,2026-03-01 08:00,35,5.5\n")
    apply_import(store, plan_import(store, path, ImportSettings(network="source_gas")))
    series = store.catalogue.series_frame(["DA001"])
    assert dict(series.select("parameter", "unit").iter_rows()) == {"a21026": "mg/m3", "a34013": "mg/m3"}
    assert held(store, "DA001", "a21026") == [(datetime(2026, 3, 1, 8), 35.0)]


def test_files_that_lack_what_every_row_needs(store, write):
    with pytest.raises(BilanError) as caught:
        plan_import(store, write("城市,SO2\n某市,5\n"))
    assert {problem.code for problem in caught.value.problems} == {"import.no_points", "import.no_times"}


def test_the_command_tries_then_writes(store, city, tmp_path, monkeypatch):
    monkeypatch.setenv("BILAN_LANG", "en")
    path = tmp_path / "小时.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["泉州市空气质量小时值"])
        sheet.write_row(1, 0, ["站点", "时间", "PM2.5(μg/m3)"])
        sheet.write_row(2, 0, ["涂山街", "2026-03-01 08:00", 20])
        sheet.write_row(3, 0, ["涂山街", "2026-03-01 09:00", "abc"])
    errors = tmp_path / "errors.xlsx"
    arguments = [str(path), "--city", str(city.folder), "--network", "air"]
    tried = CliRunner().invoke(import_files, [*arguments, "--dry-run", "--errors", str(errors)])
    assert (tried.exit_code, held(store)) == (2, [])
    assert "1 new, 0 changed, 0 unchanged values; 1 rows refused" in tried.output
    assert "小时.xlsx, row 4, column PM2.5(μg/m3)" in tried.output
    assert pl.read_excel(errors)["PM2.5(μg/m3) · reason"].to_list() == ['"abc" is not a number']
    done = CliRunner().invoke(import_files, arguments)
    assert done.exit_code == 2
    assert held(store) == [(datetime(2026, 3, 1, 8), 20.0)]

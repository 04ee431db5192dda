"""Imports are tried row by row, and written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bilan.problems import Problem
from bilan.registers.importing import apply
from bilan.registers.models import ChangeSet, Entry
from bilan.registers.writing import Author, Draft, service, write_one
from tests.registers.importing.helping import HEADS, PLANTS, emptied, plants, tried, written
from tests.tabular.sheets.books import book
from tests.web.running import Site


@pytest.fixture(autouse=True)
def _fresh(site: Site) -> None:
    site.renew()
    emptied()


def test_a_plan_tells_what_each_row_does_and_writes_nothing(site: Site, tmp_path: Path) -> None:
    planned = tried(plants(tmp_path / "a.xlsx"), site.person("administrator"))
    assert [(result.row, result.outcome, result.name) for result in planned.results] == [
        (2, "new", "甲厂"),
        (3, "new", "乙厂"),
        (4, "new", "丙厂"),
    ]
    assert not Entry.objects.exists() and not ChangeSet.objects.exists()


def test_everything_of_a_row_arrives(site: Site, tmp_path: Path) -> None:
    applied = written(plants(tmp_path / "a.xlsx"), site.person("administrator"))
    assert applied.counts == {"new": 3}
    assert applied.change is not None and applied.change.counts == {"new": 3} and applied.change.file == "a.xlsx"
    entry = Entry.objects.get(name="甲厂")
    assert entry.geometry == {"type": "Point", "coordinates": [118.5, 24.85]}
    assert (entry.district, entry.data["trade"], entry.data["staff"], entry.data["water"]) == ("350502", "C26", 20, 100.5)
    assert Entry.objects.get(name="乙厂").data["staff"] == 1200


def test_the_same_file_again_changes_nothing(site: Site, tmp_path: Path) -> None:
    path = plants(tmp_path / "a.xlsx")
    written(path, site.person("administrator"))
    again = written(path, site.person("administrator"))
    assert again.counts == {"unchanged": 3} and again.change is None


def test_a_changed_cell_is_told_with_before_and_after(site: Site, tmp_path: Path) -> None:
    written(plants(tmp_path / "a.xlsx"), site.person("administrator"))
    rows = [[*row[:3], 25, *row[4:]] for row in PLANTS]
    planned = tried(plants(tmp_path / "b.xlsx", rows), site.person("administrator"))
    assert planned.counts == {"changed": 3}
    assert planned.results[0].differences["staff"] == (20, 25)


def column_of(problem: Problem) -> str:
    return problem.place.column if problem.place else ""


def test_refused_rows_say_row_and_column_and_leave_the_others_alone(site: Site, tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["甲厂", "甲区", "C26", "很多", 1, 118.5, 24.85],
        ["乙厂", "火星", "C26", 5, 1, 118.5, 24.86],
        ["丙厂", "甲区", "不存在的行业", 5, 1, 118.5, 24.87],
        ["丁厂", "甲区", "C26", 5, 1, 24.881, 118.512],
        ["戊厂", "甲区", "C26", 5, 1, 98.5, 24.89],
        ["己厂", "甲区", "C26", 5, 1, "一百一十八度", 24.85],
        [None, "甲区", "C26", 5, 1, 118.5, 24.84],
    ]
    applied = written(plants(tmp_path / "a.xlsx", rows), site.person("administrator"))
    assert applied.counts == {"refused": 6, "new": 1}
    told = {
        row: [(problem.code, problem.place.column if problem.place else "") for problem in found] for row, found in applied.refused.items()
    }
    assert told[2] == [("value.not_a_number", "职工人数")]
    assert told[3] == [("registers.unknown_district", "所在县区")]
    assert told[4] == [("entry.unknown_term", "行业")]
    assert told[6][0] == ("place.outside", "经度")
    assert told[7][0] == ("place.unreadable", "经度")
    assert told[8][0][1] == "企业名称"
    swapped = next(result for result in applied.results if result.row == 5)
    assert [note.code for note in swapped.notes] == ["place.swapped"]
    assert Entry.objects.get().lon == 118.512


def test_links_are_found_by_code_or_name_and_ambiguous_names_are_refused(site: Site, tmp_path: Path) -> None:
    admin = site.person("administrator")
    platform = Author.platform("test")
    for name in ("示范化工甲厂", "乙厂", "乙厂"):
        write_one("test-plant", Draft({"name": name, "trade": "C26", "district": "350502"}), platform)
    first = Entry.objects.get(name="示范化工甲厂").code
    rows = [
        ["O1", "口一", "rain", "示范化工甲厂"],
        ["O2", "口二", "rain", first],
        ["O3", "口三", "rain", "乙厂"],
        ["O4", "口四", "rain", "示范化工甲场"],
    ]
    path = book(tmp_path / "a.xlsx", [["编号", "名称", "类型", "所属企业"], *rows])
    applied = written(path, admin, "test-outfall")
    assert {entry.code: entry.data["plant"] for entry in Entry.objects.filter(register="test-outfall")} == {"O1": first, "O2": first}
    assert {row: [problem.code for problem in found] for row, found in applied.refused.items()} == {
        4: ["import.ambiguous"],
        5: ["import.unknown_target"],
    }
    assert applied.refused[5][0].values["nearest"] == "示范化工甲厂"


def test_an_entry_stands_in_a_file_once(site: Site, tmp_path: Path) -> None:
    rows = [["O1", "口一", "rain"], ["O1", "口一改", "rain"]]
    applied = written(book(tmp_path / "a.xlsx", [["编号", "名称", "类型"], *rows]), site.person("administrator"), "test-outfall")
    assert applied.counts == {"new": 1, "refused": 1}
    assert [problem.code for problem in applied.refused[3]] == ["import.twice"]


def test_likeness_is_noted(site: Site, tmp_path: Path) -> None:
    written(plants(tmp_path / "a.xlsx"), site.person("administrator"))
    rows = [["TP-X", "甲厂", "甲区", "C26", 118.5001, 24.85001], ["TP-Y", "甲厂", "甲区", "C26", 118.601, 24.851]]
    path = book(tmp_path / "b.xlsx", [["编号", "企业名称", "所在县区", "行业", "经度", "纬度"], *rows])
    planned = tried(path, site.person("administrator"))
    assert [note.code for note in planned.results[0].notes] == ["import.name_exists", "import.place_exists"]
    assert {"import.same_name", "import.name_exists"} == {note.code for note in planned.results[1].notes}


def test_only_own_districts_are_written(site: Site, tmp_path: Path) -> None:
    applied = written(plants(tmp_path / "a.xlsx"), site.person("inside-operator"))
    assert applied.counts == {"new": 2, "refused": 1}
    assert [problem.code for problem in applied.refused[4]] == ["registers.out_of_reach"]


@pytest.mark.parametrize(("policy", "staff", "water"), [("update", 25, 9.0), ("add", 20, None), ("fill", 20, 9.0)])
def test_what_becomes_of_entries_that_are_there(site: Site, tmp_path: Path, policy: str, staff: int, water: float | None) -> None:
    admin = site.person("administrator")
    written(plants(tmp_path / "a.xlsx", [["甲厂", "甲区", "C26", 20, None, None, None]]), admin)
    written(plants(tmp_path / "b.xlsx", [["甲厂", "甲区", "C26", 25, 9, None, None]]), admin, policy=policy)
    data = Entry.objects.get().data
    assert (data["staff"], data.get("water")) == (staff, water)


def test_empty_cells_leave_what_is_there(site: Site, tmp_path: Path) -> None:
    admin = site.person("administrator")
    written(plants(tmp_path / "a.xlsx"), admin)
    written(plants(tmp_path / "b.xlsx", [["甲厂", None, None, "—", 5, None, None]]), admin)
    data = Entry.objects.get(name="甲厂").data
    assert (data["staff"], data["water"], data["trade"]) == (20, 5.0, "C26")


def test_units_are_converted(site: Site, tmp_path: Path) -> None:
    heads = [*HEADS[:4], "用水量（万吨/日）", *HEADS[5:]]
    written(plants(tmp_path / "a.xlsx", [["甲厂", "甲区", "C26", 20, 1.5, None, None]], heads), site.person("administrator"))
    assert Entry.objects.get().data["water"] == 15000


@pytest.mark.parametrize(("system", "lon", "lat"), [("gcj02", 118.504519, 24.847137), ("bd09", 118.511017, 24.853146)])
def test_shifted_coordinates_are_carried_to_wgs84(site: Site, tmp_path: Path, system: str, lon: float, lat: float) -> None:
    written(plants(tmp_path / "a.xlsx", [["甲厂", "甲区", "C26", 2, 1, lon, lat]]), site.person("administrator"), system=system)
    entry = Entry.objects.get()
    assert (entry.lon, entry.lat) == pytest.approx((118.5, 24.85), abs=2e-3)
    assert (entry.lon, entry.lat) != (lon, lat)


def test_a_person_decides_what_a_column_is(site: Site, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["名称", "所在县区", "行业", "神秘列"], ["甲厂", "甲区", "C26", 7]])
    written(path, site.person("administrator"), mapping={"神秘列": "staff"})
    assert Entry.objects.get().data["staff"] == 7


def test_corrections_stand_in_for_the_files_cells(site: Site, tmp_path: Path) -> None:
    path = plants(tmp_path / "a.xlsx", [["甲厂", "甲区", "C26", "很多", 1, None, None]])
    assert written(path, site.person("administrator")).counts == {"refused": 1}
    corrected = written(path, site.person("administrator"), corrections={"2": {"D": "12"}}, only=(2,))
    assert corrected.counts == {"new": 1} and Entry.objects.get().data["staff"] == 12


def test_dates_with_the_year_last_need_a_decision(site: Site, tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", [["名称", "所在县区", "行业", "投产日期"], ["甲厂", "甲区", "C26", "03/04/2020"]])
    assert [problem.code for problem in written(path, site.person("administrator")).refused[2]] == ["entry.ambiguous_date"]
    written(path, site.person("administrator"), dates="day_first")
    assert Entry.objects.get().data["opened"] == "2020-04-03"


def test_masked_persons_are_not_written_back(site: Site, tmp_path: Path) -> None:
    admin = site.person("administrator")
    heads = ["名称", "所在县区", "行业", "环保联系人", "环保联系人电话"]
    written(book(tmp_path / "a.xlsx", [heads, ["甲厂", "甲区", "C26", "王小明", "13812345678"]]), admin)
    again = written(book(tmp_path / "b.xlsx", [heads, ["甲厂", "甲区", "C26", "王**", "138****5678"]]), admin)
    assert again.counts == {"unchanged": 1}
    assert Entry.objects.get().data["contact"] == {"name": "王小明", "phone": "13812345678"}


class Stop(Exception):
    pass


def test_an_import_that_is_stopped_leaves_nothing(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PORTION", 2)
    admin = site.person("administrator")
    planned = tried(plants(tmp_path / "a.xlsx"), admin)

    def stop(done: int, _total: int) -> None:
        raise Stop(done)

    with pytest.raises(Stop):
        apply(planned, Author.of(admin, "test", "import"), stop)
    assert not Entry.objects.exists() and not ChangeSet.objects.exists()
    assert apply(planned, Author.of(admin, "test", "import")).counts == {"new": 3}

from __future__ import annotations

from pathlib import Path

import pytest

from bilan.pack.registers import Registers
from bilan.problems import sentences
from bilan.tabular.sheets import read_sheet
from bilan.tabular.sheets.mapping import Mapping, propose
from bilan.tabular.sheets.targets import known_headings
from bilan.tabular.sheets.units import conversion
from tests.tabular.sheets.books import book, dirty, registers


@pytest.fixture
def declared(tmp_path: Path) -> Registers:
    return registers(tmp_path / "pack")


def mapped(declared: Registers, path: Path, saved: dict[str, str] | None = None) -> Mapping:
    register = declared.registers["test-outfall"]
    return propose(read_sheet(path, known=known_headings(register)), register, declared.vocabularies, saved=saved)


def test_a_dirty_header_is_understood(declared: Registers, tmp_path: Path) -> None:
    mapping = mapped(declared, dirty(tmp_path / "a.xlsx"))
    assert {entry.column.letter: entry.target for entry in mapping.proposals} == {
        "B": "", "C": "name", "D": "district", "E": "longitude", "F": "latitude", "G": "cod", "H": "", "I": "flow",
    }  # fmt: skip
    assert mapping.by_target["cod"].factor == 0.001
    assert [entry.column.name for entry in mapping.proposals if not entry.target] == ["序号", "氨氮"]
    assert [target.name for target in mapping.missing] == ["class"]
    assert all(entry.reason.code in sentences() for entry in mapping.proposals)


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("＊ 日排放量 （吨／日）", "flow"),
        ("Daily flow [m3/d]", "flow"),
        ("排水量", "flow"),
        ("废水排放量", "flow"),
        ("联系电话", "contact.phone"),
        ("负责人", "contact"),
        ("排查时间", "found"),
        ("县（市、区）", "district"),
        ("乡镇（街道）", "town"),
        ("入河排污口编码", "code"),
        ("排口名称", "name"),
        ("Longitude", "longitude"),
        ("经纬度", "place"),
        ("毫不相干", ""),
        ("类型", "class"),
    ],
)
def test_headings_in_many_writings(declared: Registers, tmp_path: Path, heading: str, target: str) -> None:
    mapping = mapped(declared, book(tmp_path / "a.xlsx", [["备用列", heading], ["x", None]]))
    assert mapping.proposals[1].target == target


def test_values_decide_between_like_names(declared: Registers, tmp_path: Path) -> None:
    rows = [["名称", "联系人", "联系人"], ["甲", "13800000000", "某某"], ["乙", "13900000000", "某某"]]
    mapping = mapped(declared, book(tmp_path / "a.xlsx", rows))
    assert mapping.by_target["contact"].column.letter == "C"


def test_a_unit_that_cannot_be_converted_is_a_doubt(declared: Registers, tmp_path: Path) -> None:
    entry = mapped(declared, book(tmp_path / "a.xlsx", [["名称", "排水量（公里）"], ["甲", 1]])).by_target["flow"]
    assert entry.doubt is not None and entry.doubt.code == "mapping.unit" and not entry.sure


def test_what_was_decided_counts_the_next_time(declared: Registers, tmp_path: Path) -> None:
    first = mapped(declared, dirty(tmp_path / "a.xlsx"))
    decided = {heading: "flow" if "氨氮" in heading else target.replace("flow", "") for heading, target in first.chosen.items()}
    again = mapped(declared, dirty(tmp_path / "b.xlsx"), decided)
    assert again.chosen == decided
    assert again.by_target["flow"].reason.code == "mapping.remembered"


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("万吨", "t", 1e4),
        ("吨/日", "m3/d", 1),
        ("亩", "ha", 1 / 15),
        ("μg/m³", "mg/m3", 1e-3),
        ("万元", "元", 1e4),
        ("L/s", "m3/d", 86.4),
        ("m", "t", None),
    ],
)
def test_units_of_ledgers(source: str, target: str, factor: float | None) -> None:
    assert conversion(source, target) == (None if factor is None else pytest.approx(factor))

from __future__ import annotations

import csv

import pytest

from bilan.pack import vocab
from bilan.pack.loader import read_csv
from bilan.problems import BilanError
from tests.shared import shared


def test_every_code_of_the_standard_is_known():
    with shared("reference", "pollutant_codes.csv").open(encoding="utf-8") as table:
        codes = {row["code"]: row for row in csv.DictReader(table)}
    known = vocab.parameters()
    assert [code for code in codes if code not in known] == []
    assert [code for code, row in codes.items() if row["old_code"] != known[code].old_code] == []


def test_every_item_of_the_surface_water_standard_is_known():
    with shared("reference", "surface_water_limits.csv").open(encoding="utf-8") as table:
        assert {row["code"] for row in csv.DictReader(table) if row["code"]} <= set(vocab.parameters())


def test_the_57_species_of_a_photochemical_station():
    assert sum(entry.group == "pams57" for entry in vocab.parameters().values()) == 57


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("二氧化硫", "so2"), ("SO₂", "so2"), ("PM2.5", "pm25"), ("pm2_5", "pm25"), ("PM₁₀", "pm10"), ("O3_1h", "o3"), ("O3_8h", "o3_8h"),
        ("ＮＨ３－Ｎ", "nh3n"), ("高锰酸盐指数", "codmn"), ("CODMn", "codmn"), ("COD", "cod"), ("叶绿素α", "chla"), ("pH", "ph"),
        ("CO", "co"), ("砷", "as"), ("w01018", "cod"), ("Leq", "leq"), ("颗粒物", "dust"), ("硫化物", "s"), ("F-", "f"),
    ],
)  # fmt: skip
def test_names_of_real_files(name, column):
    found = vocab.by_alias(name)
    assert found is not None
    assert found.column == column


def test_a_name_of_two_media_follows_the_medium():
    assert vocab.by_alias("苯", ("water",)).code == "w25002"
    assert vocab.by_alias("苯", ("air",)).code == "a25002"


def test_an_unknown_column_names_the_nearest():
    with pytest.raises(BilanError) as caught:
        vocab.by_column("codnm")
    assert "codmn" in caught.value.text("en")


def test_units_follow_the_convention():
    known = vocab.parameters()
    assert (known["a34004"].unit, known["a21005"].unit, known["a21026"].emission_unit) == ("ug/m3", "mg/m3", "mg/m3")
    assert known["w20111"].unit == "mg/L"
    assert known["w20111"].wire_unit == "ug/L"


def test_marks_that_count():
    assert "N" in vocab.valid_marks("air")
    assert not {"D", "C", "M", "F", "B", "T"} & vocab.valid_marks("air")


def test_networks():
    assert list(vocab.networks()) == [
        "air", "surface_water", "sea", "drinking", "groundwater", "noise", "source_gas", "source_water",
    ]  # fmt: skip


def test_a_missing_column_is_named(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text("code,nme\n1,2\n", encoding="utf-8")
    with pytest.raises(BilanError) as caught:
        read_csv(table, ["code", "name"])
    assert "nme" in caught.value.text()

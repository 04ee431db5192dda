from __future__ import annotations

import pytest
from click.testing import CliRunner

from bilan.pack.check import check_pack
from bilan.pack.city import City
from bilan.pack.command import pack
from bilan.pack.transport import mappings, read_mapping
from bilan.problems import BilanError


def test_the_base_pack_has_no_mistake():
    found = dict(check_pack())
    assert {"vocab/parameters.csv", "quality/air.yaml", "mqtt/readings.yaml"} <= set(found)
    assert [problem.text("en") for problems in found.values() for problem in problems] == []


@pytest.fixture
def city(tmp_path):
    made = City(tmp_path, "某市", "Some City", "350500")
    made.write()
    return made


def test_mistakes_of_a_city_are_said_with_file_and_line(city, monkeypatch):
    (city.pack / "quality").mkdir(parents=True)
    (city.pack / "quality" / "air.yaml").write_text("network: air\nrate:\n  ozone: {change: 5}\n", encoding="utf-8")
    monkeypatch.setenv("BILAN_LANG", "en")
    result = CliRunner().invoke(pack, ["check", "--city", str(city.folder)])
    assert result.exit_code == 1
    assert "air.yaml, row 3, column ozone" in result.output


def test_a_folder_with_a_wrong_name_is_found(city):
    (city.pack / "qualty").mkdir(parents=True)
    problems = dict(check_pack(city.pack))["qualty"]
    assert problems[0].values["nearest"] == "quality"


def test_a_right_city_passes(city):
    assert CliRunner().invoke(pack, ["check", "--city", str(city.folder)]).exit_code == 0


def test_a_wrong_mapping_says_everything(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text("name: x\ntopics: []\nformat: jsn\ndevice: somewhere\nparameters: {a: a3400}\n", encoding="utf-8")
    with pytest.raises(BilanError) as caught:
        read_mapping(path)
    assert {problem.code for problem in caught.value.problems} == {"pack.wrong_value", "value.unknown_choice", "parameter.unknown"}


def test_a_city_replaces_a_mapping(city):
    (city.pack / "mqtt").mkdir(parents=True)
    (city.pack / "mqtt" / "readings.yaml").write_text("name: own\ntopics: [a]\nformat: hj212\n", encoding="utf-8")
    assert [entry.name for entry in mappings(city.pack)] == ["hj212", "own"]

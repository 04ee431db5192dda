from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.pack import quality
from bilan.pack.loader import files, read_yaml
from bilan.pack.vocab import networks
from bilan.problems import BilanError


@pytest.mark.parametrize("network", list(networks()))
def test_every_network_has_rules_that_load(network):
    rules = quality.rules(network)
    assert rules.network == network
    assert all(rule.zh and rule.en for rule in rules.crosses)


def _wrong(tmp_path, text):
    path = tmp_path / "air.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BilanError) as caught:
        quality.read_rules(path)
    return caught.value


def test_an_unknown_parameter_names_line_and_nearest(tmp_path):
    error = _wrong(tmp_path, "network: air\nrate:\n  so2: {change: 1}\n  pm52: {change: 3}\n")
    (problem,) = error.problems
    assert (problem.code, problem.place.row, problem.values["nearest"]) == ("parameter.unknown_column", 4, "pm25")


def test_every_mistake_of_a_file_is_said_at_once(tmp_path):
    error = _wrong(
        tmp_path,
        "network: aire\nrates: {}\nrange:\n  so2: {lower: 5, upper: 1}\ncross:\n  - {id: a, left: 'so2 - no2', operator: '<',"
        " right: no2, zh: 中, en: e}\n",
    )
    assert [(problem.code, problem.place.row) for problem in error.problems] == [
        ("pack.unknown_key", 2),
        ("value.unknown_choice", 1),
        ("pack.wrong_value", 4),
        ("pack.wrong_value", 6),
        ("value.unknown_choice", 6),
    ]
    assert "air" in error.text("zh-hans")


def test_a_wrong_type_shows_the_value(tmp_path):
    error = _wrong(tmp_path, "network: air\npersistence:\n  o3: {hours: four}\n")
    assert "'four'" in error.text("en")
    assert error.problems[0].place.row == 3


@pytest.mark.parametrize("text", ["", "- a\n", "a: [", "a: 1\na: 2\n", "\x01", "!!python/object/apply:os.system ['x']", "? {a: b}\n: c\n"])
def test_files_that_are_no_rules(tmp_path, text):
    assert _wrong(tmp_path, text).text("en")


@given(st.binary(max_size=300))
def test_any_bytes_give_our_error_or_a_value(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(content)
    try:
        read_yaml(path)
    except BilanError as error:
        assert error.text("zh-hans")


def test_no_is_nitric_oxide_and_not_false(tmp_path):
    path = tmp_path / "air.yaml"
    path.write_text("network: air\nrate:\n  no: {change: 5}\n", encoding="utf-8")
    assert quality.read_rules(path).rates["no"].change == 5


def test_a_city_replaces_what_it_names(tmp_path):
    folder = tmp_path / "quality"
    folder.mkdir()
    (folder / "air.yaml").write_text(
        "network: air\nrate:\n  o3: {change: 99}\ncross:\n  - {id: pm25_within_pm10, left: pm25,"
        " operator: '<=', right: pm10, zh: 中, en: e}\n",
        encoding="utf-8",
    )
    base, own = quality.rules("air"), quality.rules("air", tmp_path)
    assert (base.rates["o3"].change, own.rates["o3"].change) == (150, 99)
    assert own.rates["so2"] == base.rates["so2"]
    assert [rule.absolute for rule in own.crosses if rule.id == "pm25_within_pm10"] == [0]
    assert len(own.crosses) == len(base.crosses)


def test_files_of_an_absent_folder(tmp_path):
    assert files(tmp_path / "none", ".yaml") == []

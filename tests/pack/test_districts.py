"""Counties and towns through time: predecessors, towns, mistakes told with their line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.pack.areas import BOUNDARIES
from bilan.pack.check import check_pack
from bilan.pack.city import City
from bilan.pack.districts import FILE, District, Districts, current, load
from bilan.problems import BilanError

HEAD = "code,zh,en,parent,valid_from,valid_to,successors\n"
TABLE = (
    HEAD
    + "350501,老区,Old,350500,,2020-12-31,350502 350503\n"
    + "350500,更老,Older,350500,,2010-12-31,350501\n"
    + "350502100,甲镇,First Town,,,,\n"
    + "350502099,并镇,Merged Town,350502,,2015-06-30,350502100\n"
)


@pytest.fixture
def city(tmp_path: Path) -> City:
    made = City(tmp_path, "某市", "Some City", "350599")
    made.write()
    made.pack.mkdir()
    (made.pack / FILE).write_text(TABLE, encoding="utf-8")
    drawn = [{"properties": {"adcode": code, "name_zh": code, "name_en": code}} for code in ("350502", "350503")]
    (tmp_path / BOUNDARIES).write_text(json.dumps({"features": drawn}), encoding="utf-8")
    return made


def test_what_became_a_district_belongs_to_it(city: City) -> None:
    tree = load(city)
    assert tree.with_predecessors(["350502"]) == {"350500", "350501", "350502"}
    assert tree.with_predecessors(["350503"]) == {"350500", "350501", "350503"}
    assert tree.with_predecessors(["350502100"]) == {"350502099", "350502100"}
    assert tree.with_predecessors(["350501"]) == {"350500", "350501"}
    assert tree.with_predecessors(["999999"]) == {"999999"}


def test_the_tree_of_a_day(city: City) -> None:
    tree = load(city)
    assert [entry.code for entry in tree.counties("2026-01-01")] == ["350502", "350503"]
    assert "350501" in [entry.code for entry in tree.counties("2020-12-31")]
    assert [entry.code for entry in tree.towns("350502", "2026-01-01")] == ["350502100"]
    assert [entry.code for entry in tree.towns("350502", "2015-06-30")] == ["350502099", "350502100"]
    assert tree.name("350502100", "en") == "First Town"
    assert tree.name("1", "en") == "1"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("35050,短,Short,,,,", "6 / 9 digits"),
        ("350502,一,One,,,,35050", "6 digits"),
        ("350502,一,One,,,,350502", "6 digits"),
        ("350502,一,One,,,,\n350502,二,Two,,,,", "twice"),
    ],
)
def test_mistakes_are_told_with_their_line(city: City, row: str, said: str) -> None:
    (city.pack / FILE).write_text(HEAD + row + "\n", encoding="utf-8")
    with pytest.raises(BilanError) as caught:
        load(city)
    assert said in caught.value.text("en")
    assert caught.value.problems[0].place is not None
    assert caught.value.problems[0].place.row == 2 + row.count("\n")
    assert any(name == FILE and problems for name, problems in check_pack(city.pack))


def test_a_broken_table_leaves_the_last_good_one(city: City) -> None:
    assert "350501" in current(city).by_code
    (city.pack / FILE).write_text("code\n", encoding="utf-8")
    assert "350501" in current(city).by_code
    (city.pack / FILE).unlink()
    assert "350501" not in current(city).by_code


CODES = st.sampled_from([f"3505{number:02d}" for number in range(8)])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(CODES, st.lists(CODES, max_size=3)), st.lists(CODES, max_size=4))
def test_predecessors_are_found_even_in_circles_and_only_they(successors: dict[str, list[str]], asked: list[str]) -> None:
    tree = Districts({code: District(code, "", "", "", successors=tuple(after)) for code, after in successors.items()})
    found = tree.with_predecessors(asked)
    assert set(asked) <= found
    assert tree.with_predecessors(found) == found
    for code in found - set(asked):
        assert set(successors[code]) & found

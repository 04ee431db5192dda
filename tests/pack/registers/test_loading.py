from __future__ import annotations

import os
from pathlib import Path

import pytest

from bilan.pack.registers.loading import current, faults, load
from bilan.problems import BilanError
from tests.pack.registers.packs import plant, register, write


def later(path: Path) -> None:
    """Make a file look written a second later than it was."""
    state = path.stat()
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1_000_000_000))


def test_the_base_pack_loads() -> None:
    loaded = load()
    assert loaded.groups["water"].title.complete
    assert all(term.title.complete for vocabulary in loaded.vocabularies.values() for term in vocabulary.terms)


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    found, _ = register(tmp_path, "{name: size, type: integer, title: 规模 · Size, list: true}")
    assert [(state.code, state.active) for state in found.states] == [("active", True), ("closed", False)]
    assert found.columns == ("code", "name", "size", "district", "status")
    assert found.singular == found.title
    assert (found.geometry, found.sort, found.duplicates, found.code.pattern) == ("point", "code", ("name", "place"), "")


def test_a_city_adds_and_replaces(tmp_path: Path) -> None:
    base = load()
    first = write(tmp_path / "first", {"registers/plant.yaml": plant(), "vocab/choices/own.csv": "code,zh,en\na,甲,A\n"})
    own = load(first)
    assert set(own.registers) == {*base.registers, "plant"}
    assert own.signature != base.signature
    river = base.registers["river"].source
    replaced = Path(river).read_text(encoding="utf-8").replace("register: river\n", "register: river\nlaws: [本市规定]\n", 1)
    replaced = "\n".join(line for number, line in enumerate(replaced.splitlines()) if number < 2 or not line.startswith("laws:"))
    again = load(write(tmp_path / "second", {"registers/river.yaml": replaced}))
    assert set(again.registers) == set(base.registers)
    assert again.registers["river"].laws == ("本市规定",)


def test_a_city_adds_a_group(tmp_path: Path) -> None:
    files = {
        "registers/groups.csv": "code,zh,en,icon,order\nown,自有,Own,droplet,5\n",
        "registers/plant.yaml": plant(head="register: plant\ntitle: 厂 · Plants\ngroup: own\n"),
    }
    assert next(iter(load(write(tmp_path, files)).groups)) == "own"


def test_one_state_until_a_file_changes(tmp_path: Path) -> None:
    write(tmp_path, {"registers/plant.yaml": plant()})
    first = current(tmp_path)
    assert current(tmp_path) is first
    path = tmp_path / "registers" / "plant.yaml"
    path.write_text(plant("{name: height, type: integer, title: 高 · Height}"), encoding="utf-8")
    later(path)
    assert list(current(tmp_path).registers["plant"].fields) == ["height"]
    path.unlink()
    assert "plant" not in current(tmp_path).registers


def test_the_last_good_state_stays(tmp_path: Path) -> None:
    path = write(tmp_path, {"registers/plant.yaml": plant()}) / "registers" / "plant.yaml"
    good = current(tmp_path)
    path.write_text(plant("{name: height, type: intger, title: 高 · Height}"), encoding="utf-8")
    later(path)
    assert current(tmp_path) is good
    assert [problem.code for problem in faults(tmp_path)] == ["value.unknown_choice"]
    path.write_text(plant("{name: height, type: integer, title: 高 · Height}"), encoding="utf-8")
    later(path)
    assert list(current(tmp_path).registers["plant"].fields) == ["height"]
    assert faults(tmp_path) == []


def test_files_with_mistakes_are_left_out_at_the_start(tmp_path: Path) -> None:
    other = plant(head="register: other\ntitle: 其他 · Others\ngroup: water\n")
    write(tmp_path, {"registers/plant.yaml": plant("{name: a, type: txt, title: 甲 · A}"), "registers/other.yaml": other})
    assert "other" in current(tmp_path).registers
    assert "plant" not in current(tmp_path).registers
    assert faults(tmp_path)


def test_one_name_in_two_folders(tmp_path: Path) -> None:
    zone = plant(rest="geometry: polygon\nzone: {priority: 1}\n")
    with pytest.raises(BilanError) as caught:
        load(write(tmp_path, {"registers/plant.yaml": plant(), "zones/plant.yaml": zone}))
    assert [problem.code for problem in caught.value.problems] == ["declaration.duplicate"]


def test_terms_in_time_and_tree(tmp_path: Path) -> None:
    text = "code,zh,en,parent,valid_from,valid_to\na,甲,A,,,\nb,乙,B,a,2020-01-01,2024-12-31\nc,丙,C,b,,\n"
    vocabulary = load(write(tmp_path, {"vocab/choices/own.csv": text})).vocabularies["own"]
    assert [term.code for term in vocabulary.on("2025-01-01")] == ["a", "c"]
    assert [term.code for term in vocabulary.above("c")] == ["a", "b", "c"]
    assert vocabulary.below("b") == {"b", "c"}

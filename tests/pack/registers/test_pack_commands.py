from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bilan.pack.city import City
from bilan.pack.command import pack
from bilan.pack.loader import base, read_yaml
from bilan.pack.registers.folders import base_files
from bilan.pack.registers.json_schema import json_schema
from bilan.pack.registers.keys import keys
from bilan.pack.registers.loading import load
from bilan.pack.registers.reference import keys_page, pages
from bilan.pack.registers.starting import KINDS, starting_file
from bilan.pack.roles import load as load_roles
from bilan.problems import BilanError
from tests.pack.registers.packs import plant, write


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setenv("BILAN_LANG", "en")
    made = City(tmp_path / "city", "某市", "Some City", "350500")
    made.write()
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(pack, list(arguments))


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_declaration_loads_as_it_is(kind: str, city: City) -> None:
    made = run("new", kind, "own-thing", "--city", str(city.folder))
    assert made.exit_code == 0, made.output
    path = city.pack / KINDS[kind] / "own-thing.yaml"
    assert path.is_file()
    checked = run("check", "--city", str(city.folder))
    assert checked.exit_code == 0, checked.output
    assert f"✓ {KINDS[kind]}/own-thing.yaml" in checked.output


def test_a_new_register_is_forty_lines() -> None:
    assert len(starting_file("register", "own").splitlines()) <= 42


def test_nothing_is_overwritten(city: City) -> None:
    run("new", "register", "own", "--city", str(city.folder))
    again = run("new", "register", "own", "--city", str(city.folder))
    assert isinstance(again.exception, BilanError)
    assert "is there already" in again.exception.text("en")
    wrong = run("new", "register", "Own Thing")
    assert isinstance(wrong.exception, BilanError)


def test_without_a_city_the_file_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "register: own" in run("new", "register", "own").output


def test_check_tells_mistakes_by_file(city: City) -> None:
    write(city.pack, {"registers/plant.yaml": plant("{name: a, type: txt, title: 甲 · A}"), "registers/other.yml": "x"})
    result = run("check", "--city", str(city.folder))
    assert result.exit_code == 1
    assert "✗ registers/plant.yaml" in result.output
    assert "nearest: text" in result.output
    assert "other.yml" in result.output


def test_the_difference_is_told_field_by_field(city: City) -> None:
    river = Path(load().registers["river"].source).read_text(encoding="utf-8")
    changed = river.replace("title: 河流 · Rivers", "title: 本市河流 · Our rivers", 1).replace(
        "sensitivity: public", "sensitivity: internal", 1
    )
    vocabulary = base("vocab", "choices", "water-class.csv").read_text(encoding="utf-8").replace("Class III", "Third class")
    files = {"registers/river.yaml": changed, "registers/plant.yaml": plant(), "vocab/choices/water-class.csv": vocabulary}
    role = "roles:\n  - role: viewer\n    title: 值班员 · Watchman\n    grants: []\n"
    write(city.pack, {**files, "roles.yaml": role, "quality/air.yaml": "network: air\nrate:\n  pm25: {change: 100}\n"})
    told = run("diff", "--city", str(city.folder)).output.splitlines()
    assert "+ registers/plant.yaml" in told
    assert "~ registers/river.yaml" in told
    assert "    ~ title: 河流 · Rivers → 本市河流 · Our rivers" in told
    assert "    ~ sensitivity: public → internal" in told
    assert "    ~ 3.en: Class III → Third class" in told
    assert "    ~ roles.viewer.title: 值班员 · Viewer → 值班员 · Watchman" in told
    assert "    ~ rate.pm25.change: 250 → 100" in told


def test_the_documentation_names_everything(city: City, tmp_path: Path) -> None:
    text = plant(
        "{name: size, type: decimal, unit: km2, min: 0, title: 面积 · Area, aliases: [占地面积], required: \"status == 'active'\"}"
    )
    write(city.pack, {"registers/plant.yaml": text})
    assert run("docs", "--city", str(city.folder), "--out", str(tmp_path / "out")).exit_code == 0
    page = (tmp_path / "out" / "plant.md").read_text(encoding="utf-8")
    for expected in ("厂 · Plants", "面积 · Area", "km²", "占地面积", "status == 'active'", "Register clerk", "在用 · In use"):
        assert expected in page
    assert "(plant.md)" in (tmp_path / "out" / "index.md").read_text(encoding="utf-8")


def test_every_register_has_a_page_with_every_field() -> None:
    registers = load()
    written = pages(registers, load_roles(), tree=True)
    for name, register in registers.registers.items():
        assert all(f"`{field}`" in written[name] for field in register.fields)
        assert f"\n{name}\n" in written["index"]
    assert all(f"## {name}\n" in written["vocabularies"] for name in registers.vocabularies)


def test_the_reference_names_every_key() -> None:
    page = keys_page()
    assert all(f"`{key}`" in page for entries in keys().values() for key in entries)
    assert all(key.about.complete for entries in keys().values() for key in entries.values())


def test_the_base_pack_fits_its_json_schema() -> None:
    schema = json_schema()
    json.loads(json.dumps(schema))
    files = base_files().declared
    for folder in ("registers", "zones"):
        for source in files[folder].values():
            _fits(read_yaml(source), schema, schema)
    rules = json_schema("list-rule")
    for source in files["lists"].values():
        _fits(read_yaml(source), rules, rules)


def _fits(value: object, schema: dict, top: dict) -> None:  # type: ignore[type-arg]
    """The part of JSON Schema that ours uses."""
    schema = {**top["$defs"][schema["$ref"].rsplit("/", 1)[1]], **schema} if "$ref" in schema else schema
    if "anyOf" in schema:
        schema = schema["anyOf"][0 if isinstance(value, str) else 1]
        _fits(value, schema, top)
        return
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "number": (int, float)}
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    assert any(isinstance(value, kinds[kind]) for kind in wanted), (value, schema)  # type: ignore[arg-type]
    if "enum" in schema:
        assert value in schema["enum"]
    if isinstance(value, dict):
        assert set(schema["required"]) <= set(value) <= set(schema["properties"]), value
        for key, inner in value.items():
            _fits(inner, schema["properties"][key], top)
    if isinstance(value, list):
        for item in value:
            _fits(item, schema["items"], top)


def test_flows_along_links_that_are_not_there_are_told(city: City) -> None:
    text = "register,field,target,direction\nriver-outfal,river,river,with\nriver-outfall,rivr,river,with\n"
    write(city.pack, {"flow/links.csv": text})
    told = run("check", "--city", str(city.folder)).output
    assert "nearest: river-outfall)" in told
    assert "nearest: river)" in told


def test_the_description_of_the_city_is_checked(city: City) -> None:
    path = city.folder / "city.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[security]\npassword_lenght = 12\n", encoding="utf-8")
    result = run("check", "--city", str(city.folder))
    assert result.exit_code == 1
    assert "✗ city.toml" in result.output
    assert "password_lenght" in result.output

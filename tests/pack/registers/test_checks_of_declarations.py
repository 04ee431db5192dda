"""Every mistake in a declaration is told with file, line, what is allowed and the nearest match, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pack.registers.packs import HEAD, plant, problems

TITLE = "title: 名 · Name"


def field(rest: str) -> str:
    return plant(f"{{name: a, {TITLE}, {rest}}}")


CASES = {
    "unknown key": (plant(rest="colour: red\n"), "pack.unknown_key", 8, "colour", ""),
    "unknown key of a field": (field("type: text, requierd: true"), "pack.unknown_key", 7, "requierd", "required"),
    "missing key": ("register: plant\ntitle: 厂 · Plants\nsections: []\n", "pack.missing_key", 1, "group", ""),
    "no sections": (HEAD + "sections: []\n", "declaration.empty", 4, "sections", ""),
    "wrong type": (plant(rest="laws: text\n"), "pack.wrong_type", 8, "laws", ""),
    "unknown field type": (field("type: decimel"), "value.unknown_choice", 7, "decimel", "decimal"),
    "one language": (plant("{name: a, type: text, title: 名}"), "declaration.not_bilingual", 7, "名", ""),
    "unknown vocabulary": (field("type: choice, of: industri"), "declaration.unknown_vocabulary", 7, "industri", "industry"),
    "unknown register": (field("type: link, of: plnt"), "declaration.unknown_register", 7, "plnt", "plant"),
    "choice without a vocabulary": (field("type: choice"), "pack.missing_key", 7, "of", ""),
    "unknown group": (plant(head=HEAD.replace("water", "watr")), "declaration.unknown_group", 3, "watr", "water"),
    "reserved name": (plant(f"{{name: status, type: text, {TITLE}}}"), "declaration.reserved_name", 7, "status", ""),
    "bad name": (plant(f"{{name: Größe, type: text, {TITLE}}}"), "declaration.bad_name", 7, "Größe", ""),
    "duplicate name": (plant(*[f"{{name: a, type: text, {TITLE}}}"] * 2), "declaration.duplicate", 8, "a", ""),
    "name is not the file's": (plant(head=HEAD.replace("plant", "plants", 1)), "declaration.file_name", 1, "plants", ""),
    "unreadable expression": (field('type: text, visible: "b ="'), "expression.unreadable", 7, "b =", ""),
    "unknown name in an expression": (field('type: text, required: "coed == 1"'), "expression.unknown_name", 7, "coed", "code"),
    "comparison with no state": (field("type: text, visible: \"status == 'actve'\""), "declaration.unknown_term", 7, "actve", "active"),
    "comparison with no term": (
        plant(f"{{name: b, type: choice, of: water-class, {TITLE}}}", rest="rules: [{holds: \"b != '7'\", says: 甲 · A}]\n"),
        "declaration.unknown_term",
        8,
        "7",
        "",
    ),
    "unknown function": (field('type: computed, formula: "summ(1)"'), "expression.unknown_function", 7, "summ", "sum"),
    "unknown part of the code": (plant(rest='code: "{distrct}-{serial:3}"\n'), "declaration.unknown_placeholder", 8, "distrct", "district"),
    "serial without digits": (plant(rest='code: "A{serial}"\n'), "declaration.bad_placeholder", 8, "A{serial}", ""),
    "open brace": (plant(rest='code: "A{serial"\n'), "declaration.bad_placeholder", 8, "A{serial", ""),
    "unknown column": (plant(rest="list: {columns: [siz]}\n"), "declaration.unknown_field", 8, "siz", "size"),
    "unknown sort": (plant(rest="list: {sort: -siz}\n"), "declaration.unknown_field", 8, "siz", "size"),
    "style by no choice": (plant(rest="style: {by: size}\n"), "declaration.unknown_field", 8, "size", ""),
    "unknown icon": (plant(rest="style: {icon: dropet}\n"), "declaration.unknown_icon", 8, "dropet", "droplet"),
    "bad colour": (plant(rest="style: {colour: blue}\n"), "declaration.bad_colour", 8, "blue", ""),
    "duplicates by nothing": (plant(rest="duplicates: [uscc]\n"), "declaration.unknown_field", 8, "uscc", ""),
    "place without geometry": (plant(rest="geometry: none\nduplicates: [place]\n"), "declaration.unknown_field", 9, "place", ""),
    "unknown network": (plant(rest="series: {network: source_watr}\n"), "value.unknown_choice", 8, "source_watr", "source_water"),
    "series by no link": (plant(rest="series: {network: air, by: size}\n"), "declaration.unknown_field", 8, "size", ""),
    "key of another type": (field("type: text, min: 3"), "declaration.misplaced_key", 7, "text", ""),
    "table in a table": (
        field("type: table, columns: [{name: b, type: table, title: 乙 · B}]"),
        "declaration.column_type",
        7,
        "table",
        "",
    ),
    "link in a table": (
        field("type: table, columns: [{name: b, type: link, title: 乙 · B}]"),
        "declaration.column_type",
        7,
        "link",
        "",
    ),
    "key no column has": (
        field("type: table, columns: [{name: b, type: text, title: 乙 · B, filter: true}]"),
        "declaration.column_key",
        7,
        "filter",
        "",
    ),
    "bad pattern": (field('type: text, pattern: "["'), "declaration.bad_pattern", 7, "[", ""),
    "bounds turned round": (field("type: decimal, min: 3, max: 1"), "declaration.wrong_order", 7, "3.0", ""),
    "default of another type": (field("type: integer, default: many"), "declaration.bad_default", 7, "many", ""),
    "circle": (
        plant(f"{{name: a, type: computed, formula: b, {TITLE}}}", f"{{name: b, type: computed, formula: a, {TITLE}}}"),
        "declaration.circle",
        7,
        "a",
        "",
    ),
    "duplicate state": (
        plant(rest="states: [{code: x, title: 甲 · A}, {code: x, title: 乙 · B}]\n"),
        "declaration.duplicate",
        8,
        "x",
        "",
    ),
    "zone in the wrong folder": (plant(rest="zone: {priority: 1}\n"), "declaration.zone_folder", 8, "", ""),
    "rule without words": (plant(rest='rules: [{holds: "size > 1"}]\n'), "pack.missing_key", 8, "says", ""),
    "no YAML": ("register: a: b", "pack.not_yaml", 1, "", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told(name: str, tmp_path: Path) -> None:
    text, code, line, value, nearest = CASES[name]
    found = [problem for problem in problems(tmp_path, {"registers/plant.yaml": text}) if problem.code == code]
    assert found, name
    problem = found[0]
    assert problem.place is not None
    assert problem.place.file.endswith("plant.yaml")
    assert problem.place.row == line
    for language in ("zh-hans", "en"):
        said = problem.text(language)
        assert value in said
        assert nearest in said
        assert "{" not in said.replace("A{serial}", "").replace("A{serial", "").replace("{serial:", "").replace("{district}", "")


ZONE = (
    HEAD.replace("plant", "area", 1)
    + "geometry: polygon\nsections: [{title: 基本 · Basics, fields: [{name: level, type: integer, title: 级 · Level}]}]\n"
)
ZONES = {
    "verdict": ("{verdict: forbiden, says: 禁止 · No, clause: 法}", "value.unknown_choice", "forbidden"),
    "clause": ("{verdict: forbidden, says: 禁止 · No}", "pack.missing_key", "clause"),
    "date": ("{verdict: forbidden, says: 禁止 · No, clause: 法, from: 2018-13-01}", "declaration.bad_date", "2018-13-01"),
    "dates turned round": (
        "{verdict: forbidden, says: 禁止 · No, clause: 法, from: 2018-02-01, to: 2018-01-01}",
        "declaration.wrong_order",
        "2018-01-01",
    ),
    "industry": ("{verdict: forbidden, says: 禁止 · No, clause: 法, industries: [26]}", "pack.wrong_type", "26"),
    "industry code": ("{verdict: forbidden, says: 禁止 · No, clause: 法, industries: [c26]}", "pack.wrong_value", "C26"),
    "activity": (
        "{verdict: forbidden, says: 禁止 · No, clause: 法, activities: [no-such-thing]}",
        "declaration.unknown_term",
        "no-such-thing",
    ),
    "condition": ('{verdict: forbidden, says: 禁止 · No, clause: 法, when: "levl == 1"}', "expression.unknown_name", "level"),
}


@pytest.mark.parametrize("name", ZONES)
def test_mistakes_of_zone_rules_are_told(name: str, tmp_path: Path) -> None:
    rule, code, said = ZONES[name]
    files = {
        "zones/area.yaml": f"{ZONE}zone: {{priority: 1, rules: [{rule}]}}\n",
        "vocab/choices/zone-activity.csv": "code,zh,en\na,甲,A\n",
    }
    found = problems(tmp_path, files)
    assert any(problem.code == code and said in problem.text("en") for problem in found), [p.text("en") for p in found]


def test_a_table_of_clauses_needs_its_columns(tmp_path: Path) -> None:
    text = ZONE.replace(
        "{name: level, type: integer, title: 级 · Level}",
        "{name: t, type: table, title: 表 · T, columns: [{name: verdict, type: text, title: 论 · V}]}",
    )
    found = problems(tmp_path, {"zones/area.yaml": f"{text}zone: {{priority: 1, table: t}}\n"})
    assert {problem.values["allowed"] for problem in found} == {"industries", "words", "text", "clause"}


def test_mistakes_of_list_rules_are_told(tmp_path: Path) -> None:
    text = "list: keys\ntitle: 名录 · List\nregister: plant\ncriteria: [{when: siz > 3, says: 大 · Large}]\n"
    found = problems(tmp_path, {"registers/plant.yaml": plant(), "lists/keys.yaml": text})
    assert [(problem.code, problem.values["nearest"]) for problem in found] == [("expression.unknown_name", "size")]
    found = problems(tmp_path, {"lists/keys.yaml": text.replace("siz > 3", "status == 'shut'")})
    assert [problem.values["value"] for problem in found] == ["shut"]
    found = problems(tmp_path, {"lists/keys.yaml": text.replace("plant", "plnt").replace("siz", "size")})
    assert [(problem.code, problem.values["nearest"]) for problem in found] == [("declaration.unknown_register", "plant")]


VOCABULARIES = {
    "code,zh,en\na,甲,\n": "declaration.not_bilingual",
    "code,zh,en\na,甲,A\na,乙,B\n": "declaration.duplicate",
    "code,zh,en,parent\na,甲,A,b\n": "value.unknown_choice",
    "code,zh,en,parent\na,甲,A,b\nb,乙,B,a\n": "declaration.parent_circle",
    "code,zh,en,colour\na,甲,A,red\n": "declaration.bad_colour",
    "code,zh,en,valid_to\na,甲,A,2024\n": "declaration.bad_date",
    "code,zh,en,colur\na,甲,A,#000000\n": "pack.unknown_key",
    "code,zh\na,甲\n": "pack.missing_column",
}


@pytest.mark.parametrize("text", VOCABULARIES)
def test_mistakes_of_vocabularies_are_told(text: str, tmp_path: Path) -> None:
    found = problems(tmp_path, {"vocab/choices/own.csv": text})
    assert [problem.code for problem in found] == [VOCABULARIES[text]]
    assert all(problem.place and problem.place.row for problem in found)


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    files = {
        "registers/plant.yaml": field("type: txt"),
        "registers/other.yaml": "register: other\n",
        "vocab/choices/own.csv": "code,zh,en\na,甲,\n",
    }
    assert len({problem.place.file for problem in problems(tmp_path, files) if problem.place}) == 3

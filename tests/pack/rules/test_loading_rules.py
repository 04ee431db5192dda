from __future__ import annotations

from pathlib import Path

import pytest

from bilan.pack import roles
from bilan.pack.registers.keys import keys
from bilan.pack.registers.loading import current as registers
from bilan.pack.rules import current, faults, load
from bilan.pack.rules.loading import check_rules
from bilan.pack.rules.reading import read_file
from bilan.problems import BilanError

RULE = """
  - rule: {name}
    title: 甲 · A
    about: 说明 · About
    subject: series
    where: {{networks: [source_gas]}}
    condition: {condition}
    says: "{{point}} {{value:.1f}} · {{point}} {{value:.1f}}"
"""


def write(pack: Path, file: str, *rules: str) -> Path:
    (pack / "rules").mkdir(parents=True, exist_ok=True)
    path = pack / "rules" / file
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text("rules:\n" + "".join(rules), encoding="utf-8")
    if path.stat().st_mtime_ns == before:
        path.touch()
    return path


def rule(name: str = "mine", condition: str = "value > limit", more: str = "") -> str:
    return RULE.format(name=name, condition=condition) + (f"    {more}\n" if more else "")


def wrong(pack: Path, *rules: str):
    write(pack, "mine.yaml", *rules)
    with pytest.raises(BilanError) as caught:
        load(pack)
    return caught.value.problems


def test_the_base_pack_has_no_mistakes():
    assert {"air-hour-heavy", "water-class-drop"} <= load().keys()
    assert all(spec.title.complete and spec.about.complete and spec.says.complete for spec in load().values())


def test_a_flow_that_does_not_exist_is_told_but_does_not_silence_the_rule(tmp_path):
    write(tmp_path, "mine.yaml", rule(more="flow: alert-oder"))
    assert "mine" in current(tmp_path)
    found = dict(check_rules(tmp_path))
    (problem,) = found["rules/mine.yaml"]
    assert (problem.code, problem.values["nearest"]) == ("rules.unknown_flow", "alert-order")


def test_rules_of_the_base_pack_name_flows_that_exist():
    assert [problem.text("en") for _, problems in check_rules() for problem in problems] == []


def test_a_rule_of_the_city_is_added_and_one_of_the_same_name_replaces(tmp_path):
    write(tmp_path, "mine.yaml", rule(), rule("air-hour-heavy", "so2 > 1000"))
    found = load(tmp_path)
    assert found["mine"].source.startswith(str(tmp_path))
    assert found["air-hour-heavy"].condition.text == "so2 > 1000"
    assert "water-class-drop" in found


def test_a_mistake_is_told_with_file_line_value_and_nearest(tmp_path):
    (problem,) = wrong(tmp_path, rule(condition="vlaue > limit"))
    assert problem.place.file == str(tmp_path / "rules" / "mine.yaml")
    assert problem.place.row == 8
    assert problem.values["value"] == "vlaue"
    assert problem.values["nearest"] == "value"


def test_every_mistake_of_a_file_is_told_at_once(tmp_path):
    found = wrong(tmp_path, rule(more="role: officer"), rule("other", more="levels: [{level: bad}]"), rule("third", more="quiet: never"))
    assert {problem.place.row for problem in found} == {10, 19, 28}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("for: 0", "pack.wrong_value"),
        ("for: 1.5", "pack.wrong_value"),
        ("window: 5000", "rules.looks_too_far"),
        ("escalate: [{after: soon}]", "rules.bad_time"),
        ("cause: rule:nothing", "rules.unknown_rule"),
        ("cause: planet", "value.unknown_choice"),
        ("let: {value: flow}", "rules.name_taken"),
        ("let: {mean: flow}", "rules.name_taken"),
        ("explained_by: [lunch]", "value.unknown_choice"),
        ("strange: 1", "pack.unknown_key"),
        ("open: maybe", "value.unknown_choice"),
        ("interval: week", "value.unknown_choice"),
    ],
)
def test_keys_are_checked(tmp_path, more, code):
    assert code in {problem.code for problem in wrong(tmp_path, rule(more=more))}


@pytest.mark.parametrize("says", ["{value.__class__} · x", "{value!r} · x", "{value:>99999999} · x", "{ · x", "{nothing} · x", "{0} · x"])
def test_a_sentence_names_columns_and_no_more(tmp_path, says):
    text = rule().replace('"{point} {value:.1f} · {point} {value:.1f}"', f'"{says}"')
    assert {problem.code for problem in wrong(tmp_path, text)} <= {"rules.bad_placeholder", "rules.bad_format"}


def test_windows_must_fit_the_window(tmp_path):
    (problem,) = wrong(tmp_path, rule(condition="mean(value, 24) > limit", more="window: 6"))
    assert problem.code == "rules.window_short"


def test_functions_that_look_back_are_for_what_has_a_past(tmp_path):
    entries = rule(condition="count(status == 'valid', 3) > 1").replace("subject: series", "subject: entries")
    entries = entries.replace("{networks: [source_gas]}", "{register: discharge-permit}").replace("{value:.1f}", "{code}")
    assert {problem.code for problem in wrong(tmp_path, entries)} == {"rules.needs_series"}


def test_fields_of_entries_are_known(tmp_path):
    entries = rule(condition="days_until(expries) <= 60").replace("subject: series", "subject: entries")
    entries = entries.replace("{networks: [source_gas]}", "{register: discharge-permit}").replace("{value:.1f}", "{code}")
    (problem,) = wrong(tmp_path, entries)
    assert problem.values["nearest"] == "expires"


def test_the_same_name_twice_is_told(tmp_path):
    (problem,) = wrong(tmp_path, rule(), rule())
    assert problem.code == "rules.duplicate"


def test_a_file_with_a_mistake_is_refused_and_its_last_good_state_stays(tmp_path):
    write(tmp_path, "mine.yaml", rule(condition="value > limit"))
    assert current(tmp_path)["mine"].condition.text == "value > limit"
    write(tmp_path, "mine.yaml", rule(condition="value > limti"))
    assert current(tmp_path)["mine"].condition.text == "value > limit"
    assert [problem.values["nearest"] for problem in faults(tmp_path)] == ["limit"]
    write(tmp_path, "mine.yaml", rule(condition="value > 2 * limit"))
    assert current(tmp_path)["mine"].condition.text == "value > 2 * limit"
    assert not faults(tmp_path)


def test_a_file_with_a_mistake_does_not_hold_up_others(tmp_path):
    write(tmp_path, "mine.yaml", rule(condition="value > limit"))
    current(tmp_path)
    write(tmp_path, "mine.yaml", rule(condition="value >"))
    write(tmp_path, "other.yaml", rule("other"))
    assert {"mine", "other", "air-hour-heavy"} <= current(tmp_path).keys()


def test_without_a_good_state_the_base_file_of_the_name_stands(tmp_path):
    write(tmp_path, "ambient.yaml", rule("air-hour-heavy", "grade >"))
    assert "air-hour-heavy" in current(tmp_path)
    assert not current(tmp_path)["air-hour-heavy"].source.startswith(str(tmp_path))
    assert faults(tmp_path)


def test_two_files_that_clash_leave_the_rest_alone(tmp_path):
    write(tmp_path, "a.yaml", rule())
    write(tmp_path, "b.yaml", rule())
    assert "air-hour-heavy" in current(tmp_path)
    assert {problem.code for problem in faults(tmp_path)} == {"rules.duplicate"}


@pytest.mark.parametrize(
    "text", ["", "- 1", "rules: 3", "rules: []", "rules: [1]", "rules: [{}]", "rules:\n  - [", "rules:\n\t- x", "\x00"]
)
def test_what_is_no_file_of_rules_is_told(tmp_path, text):
    path = write(tmp_path, "mine.yaml")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BilanError):
        load(tmp_path)


def test_a_rule_changes_its_digest_with_its_declaration(tmp_path):
    write(tmp_path, "mine.yaml", rule())
    first = load(tmp_path)["mine"].digest
    write(tmp_path, "mine.yaml", rule(more="for: 2"))
    assert load(tmp_path)["mine"].digest != first


KEYS = [name for name in keys("rules")["rule"] if name != "active"]


@pytest.mark.parametrize("value", ["3", "[]", "{}", "null", "x", "true", "-1e400", "[[]]", "{a: {b: 1}}", "[null]"])
def test_no_value_of_a_key_makes_loading_fail_otherwise(tmp_path, value):
    for key in KEYS:
        lines = [line for line in rule().splitlines() if not line.strip().removeprefix("- ").startswith(f"{key}:")]
        start = next(at for at, line in enumerate(lines) if line.strip())
        text = "\n".join(
            ["  - " + f"{key}: {value}", *("    " + line.strip().removeprefix("- ") for line in lines[start:] if line.strip())]
        )
        write(tmp_path, "mine.yaml", text + "\n")
        _, problems = read_file(tmp_path / "rules" / "mine.yaml", registers().registers, roles.current())
        assert all(problem.text("zh-hans") and problem.text("en") for problem in problems)

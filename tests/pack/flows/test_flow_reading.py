"""Flows are declared as files: what is read, and that every mistake is told with file, line, value and the nearest match."""

from __future__ import annotations

from pathlib import Path

import pytest

from bilan.pack.check import check_pack
from bilan.pack.flows import Kind, current, digest_of, faults, kept_text, load, read_kept
from bilan.problems import BilanError

FLOW = """\
flow: sample
title: 样例 · Sample
subject: {kinds: [entry], registers: [river-outfall]}
states:
  - {state: begin, title: 开始 · Begin, term: 5wd}
  - {state: review, title: 审核 · Review}
  - {state: closed, title: 结束 · Closed, final: closed}
transitions:
  - transition: submit
    title: 提交 · Submit
    from: [begin]
    to: review
    kind: submit
    roles: [enforcement-officer]
    fields:
      - {name: found_class, type: choice, of: outfall-class, title: 类别 · Class}
    checklist: sample-list
  - transition: approve
    title: 通过 · Approve
    from: [review]
    to: closed
    kind: close
    roles: [reviewer]
    guard: {when: "consecutive('samples', 3, 'cod < 40')", says: 未连续达标 · Not yet}
    writes: {class: "{found_class}", status: sampled}
"""
CHECKLIST = """\
checklist: sample-list
title: 样例清单 · Sample list
sections:
  - {title: 一 · One, items: [{item: first, ask: 好吗 · Is it well}]}
"""


def write(folder: Path, flow: str = FLOW, checklist: str = CHECKLIST, name: str = "sample") -> Path:
    for kind, stem, text in (("flows", name, flow), ("checklists", "sample-list", checklist)):
        (folder / kind).mkdir(exist_ok=True)
        (folder / kind / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_every_flow_and_checklist_of_the_base_pack_is_sound_in_both_languages() -> None:
    found = load()
    assert {"alert-order", "outfall-five-steps", "enforcement-case"} <= found.flows.keys()
    for flow in found.flows.values():
        assert flow.title.complete, flow.name
        assert all(entry.title.complete for entry in (*flow.states, *flow.transitions)), flow.name
        assert any(entry.final == "closed" for entry in flow.states), flow.name
    for checklist in found.checklists.values():
        assert all(item.ask.complete for item in checklist.items.values()), checklist.name


def test_a_flow_is_read_as_declared(tmp_path: Path) -> None:
    flow = load(write(tmp_path)).flows["sample"]
    assert flow.start == "begin"
    assert flow.state["begin"].term is not None
    assert flow.state["begin"].term.text("en") == "5 working days"
    assert flow.transition["approve"].separate
    assert flow.submits == {"submit": "提交"}
    assert flow.responsible("begin") == ("enforcement-officer",)
    assert [entry.name for entry in flow.leaving("review")] == ["approve"]
    assert flow.checklists["sample-list"].items["first"].bad == ("no",)
    assert flow.transition["submit"].kind is Kind.SUBMIT


def test_what_is_kept_of_a_flow_gives_the_same_flow_again(tmp_path: Path) -> None:
    for flow in load(write(tmp_path)).flows.values():
        again = read_kept(flow.name, kept_text(flow))
        assert digest_of(again) == digest_of(flow)
        assert (again.states, again.transitions, again.reopen) == (flow.states, flow.transitions, flow.reopen)
        assert again.checklists.keys() == flow.checklists.keys()


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "nearest"),
    [
        ("term: 5wd", "term: 5 weeks", "flow.bad_term", 5, None),
        ("to: review", "to: reveiw", "flow.unknown_state", 12, "review"),
        ("from: [review]", "from: [begin]", "flow.dead", 6, None),
        ("to: review", "to: begin", "flow.unreachable", 6, None),
        (", final: closed", "", "flow.no_end", 4, None),
        ("[enforcement-officer]", "[enforcement-oficer]", "flow.unknown_role", 9, "enforcement-officer"),
        ("of: outfall-class", "of: outfal-class", "declaration.unknown_vocabulary", 16, "outfall-class"),
        ("[river-outfall]", "[river-outfal]", "declaration.unknown_register", 1, "river-outfall"),
        ("checklist: sample-list", "checklist: sampel-list", "flow.unknown_checklist", 9, "sample-list"),
        ("writes: {class:", "writes: {clas:", "declaration.unknown_field", 18, "class"),
        ('"{found_class}"', '"{found_clas}"', "declaration.unknown_field", 18, "found_class"),
        ("status: sampled", "status: sampledd", "declaration.unknown_term", 18, "sampled"),
        ("'samples', 3", "'sampels', 3", "flow.unknown_results", 18, "samples"),
        ("'samples', 3", "'samples', 0", "flow.bad_count", 18, None),
        ("'cod < 40'", "'cood < 40'", "expression.unknown_name", 18, "cod"),
        ('"consecutive(', '"consecutve(', "expression.unknown_function", 24, "consecutive"),
        ("kind: submit", "kind: sumbit", "value.unknown_choice", 13, "submit"),
        ("kind: close", "kind: cancel", "flow.kind_end", 18, None),
        ("title: 提交 · Submit", "title: 提交", "declaration.not_bilingual", 10, None),
        ("flow: sample", "flow: other", "declaration.file_name", 1, None),
        ("roles: [reviewer]", "role: [reviewer]", "pack.unknown_key", 23, "roles"),
        ("roles: [reviewer]", "not_by: [sumbit]", "flow.unknown_transition", 18, "submit"),
        ("transition: approve", "transition: submit", "declaration.duplicate", 18, None),
        ("kinds: [entry]", "kinds: [entries]", "value.unknown_choice", 3, "entry"),
        ("name: found_class,", "name: level,", "flow.reserved_field", 16, None),
    ],
)
def test_each_mistake_is_told_where_it_stands(tmp_path: Path, old: str, new: str, code: str, line: int, nearest: str | None) -> None:
    assert old in FLOW
    with pytest.raises(BilanError) as error:
        load(write(tmp_path, FLOW.replace(old, new, 1)))
    found = [problem for problem in error.value.problems if problem.code == code]
    assert found, [problem.text("en") for problem in error.value.problems]
    assert found[0].place is not None
    assert found[0].place.row == line
    assert found[0].place.file.endswith("sample.yaml")
    if nearest is not None:
        assert found[0].values["nearest"] == nearest
    for problem in error.value.problems:
        assert problem.text("zh-hans")
        assert problem.text("en")


def test_duties_that_nobody_could_do_are_found(tmp_path: Path) -> None:
    alone = FLOW.replace("kind: submit\n", "kind: submit\n    owner: true\n").replace("kind: close\n", "kind: close\n    owner: true\n")
    with pytest.raises(BilanError) as error:
        load(write(tmp_path, alone))
    assert [problem.code for problem in error.value.problems] == ["flow.separation_deadlock"]
    assert load(write(tmp_path, alone.replace("kind: close\n", "kind: close\n    separate: false\n")))


PARTS = """\
flow: sample
title: 样例 · Sample
states:
  - {state: whole, title: 整体 · Whole, parallel: [{part: one, title: 一 · One}]}
  - {state: one-doing, title: 做 · Doing, part: one}
  - {state: one-done, title: 完 · Done, part: one, ends: true}
  - {state: closed, title: 结束 · Closed, final: closed}
transitions:
  - {transition: finish, title: 完 · Finish, from: [one-doing], to: one-done}
  - {transition: close, title: 结束 · Close, from: [whole], to: closed, kind: close}
"""


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("[one-doing], to: one-done", "[one-doing], to: whole", "flow.across_parts"),
        ("part: one, ends: true", "part: two, ends: true", "flow.unknown_part"),
        (", part: one, ends: true", ", ends: true", "flow.ends_without_part"),
        (", ends: true", "", "flow.dead"),
        ("{part: one,", "{part: none,", "flow.part_empty"),
        ("one-done, title: 完 · Done, part: one, ends: true", "one-done, title: 完 · Done, part: one, final: closed", "flow.part_nested"),
    ],
)
def test_parts_begin_and_end(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert load(write(tmp_path, PARTS))
    assert old in PARTS
    with pytest.raises(BilanError) as error:
        load(write(tmp_path, PARTS.replace(old, new, 1)))
    assert code in {problem.code for problem in error.value.problems}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("ask: 好吗 · Is it well", "ask: 好吗", "declaration.not_bilingual"),
        ("item: first", "itm: first", "pack.unknown_key"),
        ("Is it well}", "Is it well, answer: choice}", "pack.missing_key"),
        ("Is it well}", "Is it well, answer: choice, of: nothing}", "declaration.unknown_vocabulary"),
        ("Is it well}", "Is it well, bad: [never]}", "value.unknown_choice"),
        ("Is it well}", "Is it well}, {item: first, ask: 又 · Again}", "declaration.duplicate"),
    ],
)
def test_mistakes_of_checklists_are_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    with pytest.raises(BilanError) as error:
        load(write(tmp_path, checklist=CHECKLIST.replace(old, new, 1)))
    assert code in {problem.code for problem in error.value.problems}


def test_while_a_file_is_wrong_the_last_good_state_stays(tmp_path: Path) -> None:
    write(tmp_path)
    assert "sample" in current(tmp_path).flows
    assert faults(tmp_path) == []
    write(tmp_path, FLOW.replace("to: review", "to: nowhere at all"))
    assert current(tmp_path).flows["sample"].transition["submit"].to == "review"
    assert "flow.unknown_state" in {problem.code for problem in faults(tmp_path)}
    write(tmp_path, FLOW.replace("样例", "新样例"))
    assert current(tmp_path).flows["sample"].title.zh == "新样例"


def test_of_a_new_city_only_the_wrong_file_is_left_out(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "flows" / "broken.yaml").write_text("flow: [", encoding="utf-8")
    found = current(tmp_path)
    assert "sample" in found.flows
    assert "broken" not in found.flows


def test_the_check_of_a_pack_names_each_file(tmp_path: Path) -> None:
    found = dict(check_pack(write(tmp_path, FLOW.replace("to: review", "to: reveiw"))))
    assert found["checklists/sample-list.yaml"] == []
    assert "flow.unknown_state" in {problem.code for problem in found["flows/sample.yaml"]}

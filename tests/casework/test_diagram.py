"""A flow is drawn whole: every state, every way, nothing over anything else, for those too who do not see it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from bilan.casework.diagram import diagram, laid_out
from bilan.casework.diagram.layout import HEIGHT, WIDTH
from bilan.pack.flows import load
from bilan.pack.registers.words import Bilingual

FLOWS = load().flows


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_every_state_stands_in_the_picture_and_on_no_other(name: str) -> None:
    drawing = laid_out(FLOWS[name])
    assert [node.state.name for node in sorted(drawing.nodes, key=lambda node: node.state.line)] == [
        entry.name for entry in FLOWS[name].states
    ]
    for first, second in combinations(drawing.nodes, 2):
        assert abs(first.x - second.x) >= WIDTH or abs(first.y - second.y) >= HEIGHT
    for node in drawing.nodes:
        assert node.x >= 0
        assert node.x + WIDTH <= drawing.width
        assert node.y + HEIGHT <= drawing.height


@pytest.mark.parametrize("name", sorted(FLOWS))
def test_every_way_is_drawn_or_told(name: str) -> None:
    flow, drawing = FLOWS[name], laid_out(FLOWS[name])
    told = {title for node in drawing.nodes for title in (*node.staying, *node.anywhere)} | {
        t for edge in drawing.edges for t in edge.titles
    }
    assert {entry.title for entry in flow.transitions} <= told


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_picture_is_sound_and_says_where_the_case_stands(language: str) -> None:
    for flow in FLOWS.values():
        present = flow.states[1]
        root = ET.fromstring(diagram(flow, language=language, present=[present.name], visited=[flow.start]))
        assert flow.title.text(language) in root.attrib["aria-label"]
        assert present.title.text(language) in root.attrib["aria-label"]
        marked = [entry for entry in root.iter() if "flow-node--present" in entry.attrib.get("class", "")]
        assert len(marked) == 1


def test_what_is_declared_cannot_break_out_of_the_picture() -> None:
    flow = FLOWS["alert-order"]
    evil = Bilingual("<script>alert(1)</script>", '"><script>')
    states = tuple(replace(entry, title=evil, about=evil) for entry in flow.states)
    transitions = tuple(replace(entry, title=evil) for entry in flow.transitions)
    picture = diagram(replace(flow, title=evil, states=states, transitions=transitions, text="evil"), counts={flow.start: 3})
    assert "<script" not in picture
    assert ET.fromstring(picture) is not None

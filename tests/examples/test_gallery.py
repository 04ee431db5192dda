"""Every example of the gallery runs as it is told to, and draws something worth looking at."""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bilan.science.figures import Figure

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
SCRIPTS = {path.stem: path for path in sorted(EXAMPLES.glob("*.py"))}
CHINESE = re.compile(r"[\u3400-\u9fff]")
MARKS = ("path", "rect", "circle", "use", "image")


def drawn(name: str, target: Path, monkeypatch: pytest.MonkeyPatch) -> Figure:
    """Run an example as a script, and give the figure it made."""
    monkeypatch.setattr(sys, "argv", [f"{name}.py", str(target)])
    known = runpy.run_path(str(SCRIPTS[name]), run_name="__main__")
    figure: Figure = known["figure"]
    return figure


def words(value: Any) -> Iterator[str]:
    """Every text of an option."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from () if key in ("color", "type") else words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from words(inner)
    elif isinstance(value, str):
        yield value


def size(figure: Any) -> int:
    """Cells of the data of a figure and its parts."""
    return int(figure.data.height * figure.data.width) + sum(size(part) for part in figure.parts)


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_example_draws(name, tmp_path, monkeypatch):
    figure = drawn(name, tmp_path / "figure.svg", monkeypatch)
    assert size(figure) >= 6
    root = ElementTree.parse(tmp_path / "figure.svg").getroot()
    assert root.tag.endswith("svg")
    tags = [element.tag.rsplit("}", 1)[-1] for element in root.iter()]
    assert sum(tag in MARKS for tag in tags) > 20
    written = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert 'id="text_' in written
    for language, has_chinese in (("zh-hans", True), ("en", False)):
        option = figure.option(language)
        assert option["series"]
        assert any(CHINESE.search(word) for word in words(option)) == has_chinese, language


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_example_is_short_and_says_what_it_shows(name):
    lines = SCRIPTS[name].read_text(encoding="utf-8").splitlines()
    assert len(lines) < 60
    shown = re.fullmatch(r'"""([^·]+\.) · (.+。)', lines[0])
    assert shown and not CHINESE.search(shown[1]) and CHINESE.search(shown[2])
    assert f"Run: python examples/{name}.py [OUT.svg] [en]" in lines


def test_the_list_of_examples_is_whole():
    listed = re.findall(r"^\| `(\w+)\.py` \| (.+) \|$", (EXAMPLES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    told = {name: path.read_text(encoding="utf-8").splitlines()[0].strip('"') for name, path in SCRIPTS.items()}
    assert dict(listed) == told
    assert len(listed) >= 25


def test_the_language_can_be_chosen(tmp_path, monkeypatch):
    texts = {}
    for language in ("zh-hans", "en"):
        target = tmp_path / f"{language}.svg"
        monkeypatch.setattr(sys, "argv", ["oxygen_sag.py", str(target), language])
        runpy.run_path(str(SCRIPTS["oxygen_sag"]), run_name="__main__")
        texts[language] = target.read_text(encoding="utf-8")
    assert texts["zh-hans"] != texts["en"]

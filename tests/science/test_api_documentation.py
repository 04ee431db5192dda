"""Whoever looks a name of the library up finds what it takes, gives, rests on, and an example that runs."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from doctest import DocTestParser
from pathlib import Path
from typing import Any

import pytest

from bilan import science

MEDIA = ("air", "water", "sea", "groundwater", "soil", "noise", "emissions", "voc", "waste", "radiation", "risk", "dustfall")
ANALYSES = ("figures", "stats", "receptor", "networks", "integrity", "ecology", "scores", "catalogue", "samples")
GENERATE = Path(__file__).resolve().parents[2] / "docs" / "generate.py"
INNER = re.compile(r"command|judge_\w+|judging|engine|extra|grid|rounding|standards|tables|spark|bands|coordinates|pandas_frames")
"""Modules that others are built of, or that stand on a page of their own whole."""
JUDGES = re.compile(r"(judge|evaluate|classify|explain)(_\w+)?")


def names(facade: str) -> list[str]:
    """The names that a facade offers."""
    package = importlib.import_module(f"bilan.science.standards.{facade}" if facade in MEDIA else f"bilan.science.{facade}")
    return list(package.__all__)


def documented(kind: Any) -> list[Any]:
    """Everything offered of a kind, called by facade and name."""
    return list(_offered(kind))


def _offered(kind: Any) -> Iterator[Any]:
    for facade in (*MEDIA, *ANALYSES):
        module = importlib.import_module(f"bilan.science.{facade}")
        for name in names(facade):
            thing = getattr(module, name)
            if kind(thing) and getattr(thing, "__module__", "").startswith("bilan."):
                yield pytest.param(thing, id=f"{facade}.{name}")


def generated() -> dict[str, Any]:
    """The constants that say which pages the documentation has."""
    tree = ast.parse(GENERATE.read_text(encoding="utf-8"))
    known: dict[str, Any] = {}
    for line in tree.body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id in ("MEDIA", "ANALYSES"):
            known[line.targets[0].id] = ast.literal_eval(line.value)
    return known


def test_no_facade_is_forgotten():
    found = {module.name for module in pkgutil.iter_modules(science.__path__) if not INNER.fullmatch(module.name)}
    assert found == {*MEDIA, *ANALYSES}


def test_every_facade_has_a_page():
    assert generated() == {"MEDIA": MEDIA, "ANALYSES": ANALYSES}


@pytest.mark.parametrize("facade", (*MEDIA, *ANALYSES))
def test_a_facade_says_what_it_is_and_offers_every_name_once(facade):
    assert (importlib.import_module(f"bilan.science.{facade}").__doc__ or "").strip()
    offered = names(facade)
    assert len(offered) == len(set(offered))
    module = importlib.import_module(f"bilan.science.{facade}")
    assert [name for name in offered if not hasattr(module, name)] == []


@pytest.mark.parametrize("function", documented(inspect.isfunction))
def test_a_function_is_annotated_and_has_an_example(function):
    signature = inspect.signature(function)
    bare = [name for name, given in signature.parameters.items() if given.annotation is inspect.Parameter.empty]
    assert bare == []
    assert signature.return_annotation is not inspect.Signature.empty
    text = inspect.getdoc(function) or ""
    assert text.split("\n", 1)[0].endswith((".", ";", ":", ")")), "the first line is a sentence"
    examples = DocTestParser().get_examples(text)
    assert examples
    assert any(example.want for example in examples), "an example shows what comes out"


@pytest.mark.parametrize("function", [given for given in documented(inspect.isfunction) if JUDGES.fullmatch(given.values[0].__name__)])
def test_a_function_that_judges_says_what_it_gives_and_what_it_rests_on(function):
    text = inspect.getdoc(function) or ""
    assert "\nReturns:\n" in text
    assert "\nReference:\n" in text


@pytest.mark.parametrize("kind", documented(inspect.isclass))
def test_a_class_says_what_it_is(kind):
    text = inspect.getdoc(kind) or ""
    assert text
    assert not text.startswith(f"{kind.__name__}("), "the signature alone tells nothing"

"""Expressions do what they say, and text of any kind neither runs nor breaks anything."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.pack.expressions import FUNCTIONS, Expression, compared
from bilan.problems import BilanError

MEANT = [
    ("a + b * 2", {"a": 1, "b": 2}, 5),
    ("a / b", {"a": 1, "b": 0}, None),
    ("a - b", {"a": 1}, None),
    ("a * a", {"a": 1e10}, None),
    ("-a", {"a": 3}, -3),
    ("-a", {"a": "x"}, None),
    ("a < b", {"a": 1}, False),
    ("a < b", {"a": 1, "b": "2"}, False),
    ("a != 'x'", {}, True),
    ("a in ['x', 'y']", {"a": "y"}, True),
    ("'x' in a", {"a": ["x"]}, True),
    ("'x' in a", {}, False),
    ("'x' not in a", {}, True),
    ("a if b else c", {"a": 1, "b": "", "c": 3}, 3),
    ("not a and b", {"b": True}, True),
    ("filled(a) or filled(b)", {"a": [], "b": 0}, True),
    ("count(a)", {"a": [1, 2]}, 2),
    ("sum(column(a, 'n'))", {"a": [{"n": 1}, {"n": 2.5}, {}]}, 3.5),
    ("max(column(a, 'n'))", {"a": []}, None),
    ("round(a, 1)", {"a": 2.345}, 2.3),
    ("days(a, b)", {"a": "2024-02-28", "b": "2024-03-01"}, 2),
    ("days(a, b)", {"a": "2024-02-28"}, None),
    ("year(a)", {"a": "2024-02-28"}, 2024),
    ("starts(a, 'C', 'D')", {"a": "D44"}, True),
    ("text(a, '-', b)", {"a": "x"}, "x-"),
    ("length(a)", {"a": "四个汉字"}, 4),
    ("class == 'from' and from == 'class'", {"class": "from", "from": "class"}, True),
]


@pytest.mark.parametrize(("text", "values", "found"), MEANT)
def test_an_expression_means(text: str, values: dict[str, Any], found: Any) -> None:
    assert Expression(text)(values) == found


FORBIDDEN = [
    "__import__('os').system('true')",
    "a.b",
    "a[0]",
    "(lambda: 1)()",
    "[x for x in a]",
    "a ** 9",
    "a if b",
    "f'{a}'",
    "a := 1",
    "a < b < c",
    "sum(*a)",
    "round(a, digits=1)",
    "1j",
    "b'x'",
    "a; b",
    "not " * 30 + "a",
    "a + " * 300 + "a",
    "",
    "a\x00",
]


@pytest.mark.parametrize("text", FORBIDDEN)
def test_nothing_else_is_understood(text: str) -> None:
    with pytest.raises(BilanError) as caught:
        Expression(text)
    assert caught.value.text("en") != caught.value.text("zh-hans")


def test_the_nearest_name_is_told() -> None:
    with pytest.raises(BilanError) as caught:
        Expression("flw > 1", ["flow", "name"])
    assert caught.value.problems[0].values["nearest"] == "flow"
    with pytest.raises(BilanError) as caught:
        Expression("fled(flow)", ["flow"])
    assert caught.value.problems[0].values["nearest"] == "filled"


def test_what_an_expression_uses_is_known() -> None:
    rule = Expression("filled(a) and b > 1 or count(c) == c")
    assert rule.names == {"a", "b", "c"}
    assert rule.weighed == {"b", "c"}
    assert compared("a == 'x' or 'y' in b") == {("a", "x"), ("b", "y")}


SIGNS = ("a", "b", "class", "(", ")", "[", "]", ",", "'x'", "1", "1e9", "-", "+", "*", "/", "<", "==", "in", "not", "and", "if", "else")
words = st.sampled_from(SIGNS)
texts = st.text(max_size=40) | st.lists(words | st.sampled_from(sorted(FUNCTIONS)), max_size=15).map(" ".join)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "n"]), inner, max_size=2),
    max_leaves=5,
)


@settings(max_examples=500, deadline=None)
@given(text=texts, entry=st.dictionaries(st.sampled_from(["a", "b", "class"]), values))
def test_any_text_is_an_expression_or_a_problem(text: str, entry: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            expression = Expression(text)
        except BilanError:
            return
    expression(entry)


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(FUNCTIONS)), entry=st.dictionaries(st.sampled_from(["a", "b", "class"]), values))
def test_no_function_breaks_on_any_value(name: str, entry: dict[str, Any]) -> None:
    for arguments in ("", "a", "a, b", "a, b, class", "a + 1", "-a"):
        Expression(f"{name}({arguments}) == 1 or {name}({arguments}) < 2 or {name}({arguments}) + 1 > a")(entry)

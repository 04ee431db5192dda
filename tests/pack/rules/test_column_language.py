from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.pack.rules import Kind, condition, functions, lookback, parse
from bilan.pack.rules.columns import names_of
from bilan.pack.rules.model import Subject
from bilan.problems import BilanError
from bilan.science.integrity import PATTERNS

SERIES = names_of(Subject.SERIES)
WORDS = ["value", "limit", ">", "and", "or", "not", "(", ")", "mean(", ",", "24", "'a'", "if", "else", "in", "[", "]"]


def problem(text: str, names=SERIES, read=parse):
    with pytest.raises(BilanError) as caught:
        read(text, names)
    (found,) = caught.value.problems
    assert found.text("zh-hans")
    assert found.text("en")
    return found


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "value.__class__",
        "(lambda: 1)()",
        "[x for x in value]",
        "value if",
        "value := 3",
        "f'{value}'",
        "value[0]",
        "open('x')",
        "mean(*value)",
        "mean(**value)",
        "value ** 9999",
        "value << 3",
        "value @ flow",
        "...",
        "b'x' == flag",
        "1j > value",
        "{1: 2}",
        "'" + "x" * 600 + "'",
        "value > " + "-(" * 100 + "flow" + ")" * 100,
        "(" * 30 + "not " * 30 + "valid" + ")" * 30,
        "",
        "\x00",
        "value >\n\nlimit; import os",
        "value > 1e400",
        "value > " + "9" * 400,
    ],
)
def test_what_is_no_condition_over_columns_is_refused_in_words(text):
    problem(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("vlaue > limit", "expression.unknown_name"),
        ("maen(value, 3) > 1", "expression.unknown_function"),
        ("flag > 3", "rules.kinds_differ"),
        ("valid + 1 > 2", "rules.wrong_kind"),
        ("value and valid", "rules.not_yes_or_no"),
        ("mean(value, 0) > 1", "rules.wrong_kind"),
        ("mean(value, flow) > 1", "rules.wrong_kind"),
        ("mean(value, 1, 2) > 1", "rules.arguments"),
        ("mean() > 1", "rules.arguments"),
        ("quantile(value, 2, 24) > 1", "rules.wrong_kind"),
        ("share(value, 24) > 0.5", "rules.not_yes_or_no"),
        ("season(value + 1) > 3", "rules.wrong_kind"),
        ("flag in ['D', 3]", "rules.kinds_differ"),
        ("flag in []", "rules.wrong_kind"),
        ("value < None", "rules.wrong_kind"),
        ("constant(value, strange=3)", "rules.arguments"),
        ("paired(value, 'nothing') > 0.5", "parameter.unknown_column"),
    ],
)
def test_mistakes_are_told_by_what_they_are(text, code):
    assert problem(text).code == code


def test_the_nearest_name_is_told():
    assert problem("vlaue > limit").values["nearest"] == "value"
    assert problem("maen(value) > limit").values["nearest"] == "mean"


def test_a_number_is_no_condition():
    assert problem("value + 1", read=condition).code == "rules.not_yes_or_no"


def test_names_are_put_in_and_may_not_grow_without_bound():
    lets = {"a": parse("value + value + value + value", SERIES)}
    for name, before in (("b", "a"), ("c", "b"), ("d", "c")):
        try:
            lets[name] = parse(f"{before} + {before} + {before} + {before}", SERIES, lets)
        except BilanError as error:
            assert error.problems[0].code == "rules.too_large"
            return
    raise AssertionError("nothing stopped it")


def test_windows_within_windows_look_back_further():
    assert lookback(parse("mean(max(value, 6), 24) > lag(limit, 2)", SERIES).node) == 30


def test_codes_and_science_columns_are_the_same_name():
    assert parse("a21026 > 3", SERIES).node == parse("so2 > 3", SERIES).node


def test_fields_may_be_called_what_python_keeps_for_itself():
    found = parse("class == 'A' and from != 'B'", {"class": Kind.TEXT, "from": Kind.TEXT})
    assert found.names == {"class", "from"}


@given(st.text(max_size=80))
def test_no_text_makes_it_fail_otherwise(text):
    try:
        parse(text, SERIES)
    except BilanError as error:
        assert all(problem.text("zh-hans") and problem.text("en") for problem in error.problems)


@given(
    st.lists(
        st.sampled_from(["value", "limit", ">", "and", "or", "not", "(", ")", "mean(", ",", "24", "'a'", "if", "else", "in", "[", "]"]),
        max_size=14,
    )
)
def test_no_order_of_words_makes_it_fail_otherwise(words):
    try:
        parse(" ".join(words), SERIES)
    except BilanError as error:
        assert error.problems


def test_every_example_of_a_function_can_be_written():
    more = {"grade": Kind.NUMBER, "code": Kind.TEXT, "outlets": Kind.LIST, **dict.fromkeys(("expires", "issued", "stored"), Kind.DATE)}
    for function in functions().values():
        if function.example:
            assert function.name in function.example
            parse(function.example, {**SERIES, **more})


def test_functions_are_told_in_both_languages():
    assert all(function.about.complete for function in functions().values())


def test_the_patterns_of_the_science_can_all_be_named_with_the_same_columns():
    declared = {name: function for name, function in functions().items() if function.group == "pattern" and function.shows == "found"}
    assert declared.keys() == PATTERNS.keys()
    for name, pattern in PATTERNS.items():
        columns = tuple(entry.name for entry in declared[name].arguments if entry.kind != "scalar")
        assert columns == pattern.columns
        assert float(declared[name].lookback) == pattern.hours

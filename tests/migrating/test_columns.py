from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.migrating.columns import Column, Kind, canonical, column_of, fault
from bilan.migrating.digests import Digest, taking

DATA = Column("data", Kind.JSON)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("varchar(80)", Kind.TEXT),
        ("TEXT", Kind.TEXT),
        ("bigint", Kind.WHOLE),
        ("integer unsigned", Kind.WHOLE),
        ("DOUBLE PRECISION", Kind.REAL),
        ("bool", Kind.BOOLEAN),
        ("datetime", Kind.MOMENT),
        ("date", Kind.PLAIN),
        ("BLOB", Kind.BYTES),
    ],
)
def test_each_declared_type_has_its_kind(declared: str, kind: Kind) -> None:
    assert column_of("a", declared, key=False, json_checked=False).kind is kind


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        (Column("name", Kind.TEXT, 3), "甲乙丙丁", "length 4 > 3"),
        (Column("name", Kind.TEXT), "a\x00b", "NUL"),
        (Column("name", Kind.TEXT), 5, "int, not text"),
        (Column("level", Kind.WHOLE, 2**15), 40000, "40000 ≥ 32768"),
        (Column("level", Kind.WHOLE, 2**15), "many", "str, not a whole number"),
        (Column("value", Kind.REAL), "high", "str, not a number"),
        (Column("archived", Kind.BOOLEAN), 2, "2, not 0 or 1"),
        (Column("data", Kind.JSON), '{"a": NaN}', "NaN is no JSON"),
        (Column("data", Kind.JSON), '{"a": "\\u0000"}', "NUL"),
        (Column("file", Kind.BYTES), "text", "str, not bytes"),
    ],
)
def test_what_postgresql_cannot_hold_is_found(column: Column, value: object, reason: str) -> None:
    assert fault(column, value) == reason


@pytest.mark.parametrize("column", [Column("name", Kind.TEXT, 3), Column("level", Kind.WHOLE, 9), DATA, Column("made", Kind.MOMENT)])
def test_nothing_is_wrong_with_a_value_that_is_not_there(column: Column) -> None:
    assert fault(column, None) == ""
    assert canonical(column, None) is None


def test_a_moment_that_is_none_is_found() -> None:
    assert "yesterday" in fault(Column("made", Kind.MOMENT), "yesterday")


@given(VALUES)
def test_json_is_compared_by_what_it_says_and_not_by_how_it_is_written(value: object) -> None:
    compact = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    spaced = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    assert canonical(DATA, compact) == canonical(DATA, spaced)


@given(st.lists(st.tuples(st.integers(), st.text()), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_a_digest_does_not_depend_on_the_order_and_sees_every_row(rows: list[tuple[int, str]], chance: object) -> None:
    columns = [Column("id", Kind.WHOLE), Column("name", Kind.TEXT)]
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other, less = Digest(), Digest(), Digest()
    list(taking(one, columns, rows)), list(taking(other, columns, shuffled)), list(taking(less, columns, rows[1:]))
    assert one == other
    assert one != less

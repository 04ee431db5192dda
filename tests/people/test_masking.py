"""Personal data masked: the form stays, the rest does not, whatever comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.people.masking import KINDS, STAR, mask

TEXT = st.text(min_size=1, max_size=40).filter(str.strip)
MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        ("张三", "name", "张**"),
        ("欧阳修", "name", "欧**"),
        ("13812345678", "phone", "138****5678"),
        ("138 1234 5678", "phone", "138****5678"),
        ("110105194912310021", "id", "110*************21"),
        ("12345", "phone", "***"),
        ("", "name", ""),
        (None, "phone", None),
        ([{"name": "王五", "phone": "13912345678"}], "person", [{"name": "王**", "phone": "139****5678"}]),
        ({"name": "王五", "home": "清源街 1 号"}, "person", {"name": "王**", "home": "***"}),
        ("anything", "unknown", "***"),
    ],
)
def test_known_forms(value: object, kind: str, shown: object) -> None:
    assert mask(value, kind) == shown


@given(TEXT, st.sampled_from(KINDS))
def test_something_is_always_hidden(value: str, kind: str) -> None:
    hidden = mask(value, kind)
    assert STAR * 2 in hidden
    kept = hidden.rpartition("@")[0] if kind == "email" and "@" in hidden else hidden
    assert len(kept.replace(STAR, "")) <= max(7 if kind == "phone" else 5, value.count(STAR))


@given(MOBILE)
def test_the_middle_of_a_telephone_number_does_not_matter(number: str) -> None:
    assert mask(number, "phone") == mask(f"{number[:3]}0000{number[-4:]}", "phone")


@given(TEXT)
def test_names_do_not_tell_how_long_they_are(name: str) -> None:
    assert len(mask(name, "name")) == 3

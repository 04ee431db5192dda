"""Terms end by the official working calendar, and say where it is not known."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.casework.terms import ends, shifted, working, working_days
from bilan.pack.flows import Span

ZONE = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2026, 6, 30)).map(lambda moment: moment.replace(tzinfo=ZONE))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("span", "begin", "end"),
    [
        # The State Council's arrangement for 2024: off 10-01 … 10-07, at work on Sunday 09-29 and Saturday 10-12.
        ("1wd", "2024-09-27 10:00", "2024-09-29 23:59:59"),
        ("3wd", "2024-09-30 09:00", "2024-10-10 23:59:59"),
        ("5wd", "2024-10-08 09:00", "2024-10-14 23:59:59"),
        ("1d", "2024-09-30 18:00", "2024-10-08 23:59:59"),
        ("15d", "2024-09-16 18:00", "2024-10-08 23:59:59"),
        ("1mo", "2024-01-31 08:00", "2024-02-29 23:59:59"),
        ("48h", "2024-10-01 08:30", "2024-10-03 08:30:00"),
        ("90min", "2024-12-31 23:00", "2025-01-01 00:30:00"),
    ],
)
def test_a_term_ends_by_the_calendar(span: str, begin: str, end: str) -> None:
    parsed = Span.parse(span)
    assert parsed is not None
    found = ends(parsed, at(begin))
    assert (found.at, found.certain) == (at(end), True)


def test_beyond_the_published_calendar_weekdays_count_and_it_is_said() -> None:
    found = ends(Span(3, "wd"), at("2098-01-03 09:00"))
    assert not found.certain
    assert found.at.date() == date(2098, 1, 8)
    assert working(date(2098, 1, 4)) == (False, False)


@given(begin=MOMENTS, days=st.integers(1, 60))
def test_so_many_working_days_lie_between(begin: datetime, days: int) -> None:
    end = ends(Span(days, "wd"), begin).at
    assert working_days(begin.date(), end.date()) == days
    assert working(end.date())[0]


@given(begin=MOMENTS, count=st.integers(0, 400), unit=st.sampled_from(["wd", "d", "h", "min", "mo"]))
def test_a_longer_term_never_ends_earlier(begin: datetime, count: int, unit: str) -> None:
    assert begin <= ends(Span(count, unit), begin).at + timedelta(seconds=1) <= ends(Span(count + 1, unit), begin).at + timedelta(seconds=1)


@given(begin=MOMENTS, count=st.integers(0, 60), unit=st.sampled_from(["d", "h", "min"]))
def test_shifting_forth_and_back_is_nothing(begin: datetime, count: int, unit: str) -> None:
    assert shifted(shifted(begin, Span(count, unit)), Span(count, unit), back=True) == begin


@pytest.mark.parametrize("wrong", ["30", "wd", "-3d", "3 w", "1.5d", "999999d", "3weeks"])
def test_what_is_no_term_is_none(wrong: str) -> None:
    assert Span.parse(wrong) is None

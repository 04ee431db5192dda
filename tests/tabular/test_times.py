from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bilan.tabular.times import combine, read_hours, read_times

EIGHT = datetime(2026, 3, 1, 8)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026/3/1 8:00", EIGHT), ("2026-03-01T08", EIGHT), ("2026年3月1日8时", EIGHT), ("2026年03月01日 08时00分", EIGHT),
        ("2026-03-01 08:00:00.000", EIGHT), ("2026.3.1 8:00", EIGHT), ("2026030108", EIGHT), ("20260301080000", EIGHT),
        ("２０２６－０３－０１ ０８：００", EIGHT), ("2026-03-01T08:00:00+08:00", EIGHT), ("46082.3333333333", EIGHT),
        ("2026-02-28 24:00", datetime(2026, 3, 1)), ("2024-02-29 24:00", datetime(2024, 3, 1)), ("2025-12-31 24:00", datetime(2026, 1, 1)),
        ("20260301", datetime(2026, 3, 1)), ("46082", datetime(2026, 3, 1)), ("2026-03-01 8:30 PM", datetime(2026, 3, 1, 20, 30)),
        ("2025-02-29", None), ("2026-04-31", None), ("2026-13-01", None), ("2026-03-01 25:00", None), ("2026-03-01 24:30", None),
        ("2026-03-01T00:00:00Z", None), ("3/1/2026", None), ("soon", None), ("99999", None), ("0000-00-00", None),
    ],
)  # fmt: skip
def test_formats(text, moment):
    read = read_times(pl.Series([text]))
    assert read["start"][0] == moment
    assert (read["trouble"][0] is None) == (moment is not None)


def test_the_order_of_day_and_month_is_learnt_from_the_column():
    assert read_times(pl.Series(["3/1/2026 8:00", "3/13/2026"]))["start"][0] == EIGHT
    assert read_times(pl.Series(["1/3/2026 8:00", "13/3/2026"]))["start"][0] == EIGHT


def test_date_and_hour():
    read = combine(read_times(pl.Series(["20260301", "20260301", "20260228", "x"])), read_hours(pl.Series(["08", "8时", "24", "1"])))
    assert read["start"].to_list() == [EIGHT, EIGHT, datetime(2026, 3, 1), None]


@given(st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)))
def test_every_minute_reads_back(moment):
    moment = moment.replace(second=0, microsecond=0)
    written = [
        f"{moment:%Y-%m-%d %H:%M}",
        f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}:{moment:%M}",
        f"{moment:%Y%m%d%H%M}",
    ]
    assert read_times(pl.Series(written))["start"].to_list() == [moment] * 3


@given(st.datetimes(datetime(1960, 1, 1), datetime(2100, 1, 1)))
def test_serial_days_read_back_to_the_second(moment):
    moment = moment.replace(microsecond=0)
    serial = repr((moment - datetime(1899, 12, 30)) / timedelta(days=1))
    assert read_times(pl.Series([serial]))["start"][0] == moment

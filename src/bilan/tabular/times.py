"""Times as people write them: a dozen formats in one column, Excel serial days, hour 24, date and hour in two columns."""

from __future__ import annotations

from datetime import datetime

import polars as pl

_REPLACE = {
    "年": "-", "月": "-", "日": " ", "号": " ", "时": ":", "点": ":", "分": ":", "秒": "",
    "/": "-", "T": " ", "t": " ", "：": ":", "　": " ", "－": "-",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}  # fmt: skip
_CLOCK = r"(?:\s*(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2})(?:\.\d+)?)?:?)?\s*(AM|PM|am|pm)?$"
_YEAR_FIRST = r"^(\d{4})[-.](\d{1,2})[-.](\d{1,2})(?:\s|$|-)" + _CLOCK
_YEAR_LAST = r"^(\d{1,2})[-.](\d{1,2})[-.](\d{4})(?:\s|$)" + _CLOCK
_COMPACT = r"^(\d{4})(\d{2})(\d{2})[\s_]?(?:(\d{2}):?(\d{2})?:?(\d{2})?(?:\.?\d{3})?)?$"
_SERIAL = r"^\d{5}(?:\.\d+)?$"
_ZONE = r"\s*(?:Z|z|[+-]\d{2}:?\d{2})$"
_HOME = r"\s*\+08:?00$"
_PARTS = ("year", "month", "day", "hour", "minute", "second", "half")


def read_times(cells: pl.Series) -> pl.DataFrame:
    """Read one column of times.

    Month and day before the year are told apart by the first cell of the column that has a day above 12; without one
    they stay unread. A cell with another zone than +08:00 stays unread.

    Args:
        cells: text, dates, datetimes, or numbers (Excel days, or digits such as 2026030108).

    Returns:
        One row a cell: `start` (naive `pl.Datetime("us")`, null when missing or unreadable) and `trouble`.

    Examples:
        >>> read_times(pl.Series(["2026年3月1日8时", "2026/3/1 24:00", "46082.375", "20260301", "soon"]))["start"].to_list()[:2]
        [datetime.datetime(2026, 3, 1, 8, 0), datetime.datetime(2026, 3, 2, 0, 0)]
    """
    if cells.dtype in (pl.Datetime, pl.Date):
        plain = cells.dt.replace_time_zone(None) if isinstance(cells.dtype, pl.Datetime) and cells.dtype.time_zone else cells
        return pl.DataFrame({"start": plain.cast(pl.Datetime("us"))}).with_columns(trouble=pl.lit(None, pl.String))
    text = _plain(cells)
    zoned = text.str.contains(_ZONE) & text.str.contains(":", literal=True) & ~text.str.contains(_HOME)
    text = text.str.replace(_HOME, "")
    readings = [_moments(text, _YEAR_FIRST, (0, 1, 2)), _moments(text, _COMPACT, (0, 1, 2)), _serial(text)]
    day_first = _day_first(text)
    if day_first is not None:
        readings.append(_moments(text, _YEAR_LAST, (2, 1, 0) if day_first else (2, 0, 1)))
    frame = pl.DataFrame({"text": text, "zoned": zoned, **{str(index): reading for index, reading in enumerate(readings)}})
    start = pl.coalesce(str(index) for index in range(len(readings)))
    return frame.select("text", start=pl.when(~pl.col("zoned")).then(start)).select(
        "start",
        trouble=pl.when((pl.col("text") != "") & pl.col("start").is_null()).then(pl.lit("value.not_a_time")),
    )


def read_hours(cells: pl.Series) -> pl.Series:
    """Read the hour of day from a column of its own (``8``, ``08:00``, ``8时``): 0 to 24, null when unreadable.

    Examples:
        >>> read_hours(pl.Series(["08", "8:00", "24", "25"])).to_list()
        [8, 8, 24, None]
    """
    text = _plain(cells).str.replace(r"\.0+$", "")
    hour = text.str.extract(r"^(\d{1,2})(?::0{0,2})?(?::0{0,2})?$", 1).cast(pl.Int32, strict=False)
    return hour.set(hour > 24, None)


def combine(dates: pl.DataFrame, hours: pl.Series) -> pl.DataFrame:
    """Put dates (as `read_times` gives) and hours of day together; hour 24 is the next midnight."""
    return dates.with_columns(hour=hours).select(
        start=pl.col("start").dt.truncate("1d") + pl.duration(hours="hour"),
        trouble=pl.when(pl.col("trouble").is_not_null() | (pl.col("start").is_not_null() & pl.col("hour").is_null())).then(
            pl.lit("value.not_a_time")
        ),
    )


def _plain(cells: pl.Series) -> pl.Series:
    text = cells.cast(pl.String, strict=False).fill_null("")
    return text.str.replace_many(list(_REPLACE), list(_REPLACE.values())).str.replace_all(r"\s+", " ").str.strip_chars()


def _day_first(text: pl.Series) -> bool | None:
    parts = text.str.extract_groups(_YEAR_LAST).struct.unnest()
    first, second = (parts[parts.columns[index]].cast(pl.Int32, strict=False).max() for index in (0, 1))
    if isinstance(first, int) and first > 12:
        return True
    return False if isinstance(second, int) and second > 12 else None


def _moments(text: pl.Series, pattern: str, order: tuple[int, int, int]) -> pl.Series:
    groups = text.str.extract_groups(pattern).struct.unnest()
    parts = dict(zip(_PARTS, (*(groups.columns[index] for index in order), *groups.columns[3:]), strict=False))
    frame = groups.select(pl.col(old).alias(new) for new, old in parts.items())
    frame = frame.with_columns(pl.exclude("half").cast(pl.Int32, strict=False)).with_columns(
        pl.col("hour", "minute", "second").fill_null(0)
    )
    if "half" in frame.columns:
        mark, hour = pl.col("half").str.to_lowercase(), pl.col("hour")
        turned = pl.when((mark == "pm") & (hour < 12)).then(hour + 12).when((mark == "am") & (hour == 12)).then(0).otherwise(hour)
        frame = frame.with_columns(hour=turned)
    late = (pl.col("hour") == 24) & (pl.col("minute") == 0) & (pl.col("second") == 0)
    sound = pl.col("year").is_between(1900, 2200) & pl.col("month").is_between(1, 12) & pl.col("day").is_between(1, 31)
    sound = sound & ((pl.col("hour") < 24) | late) & (pl.col("minute") < 60) & (pl.col("second") < 60)
    frame = frame.with_columns(sound=sound.fill_null(False))
    first = pl.datetime(pl.when("sound").then("year").otherwise(2000), pl.when("sound").then("month").otherwise(1), 1, time_unit="us")
    day = first + pl.duration(days=pl.when("sound").then(pl.col("day") - 1).otherwise(0))
    moment = day + pl.duration(hours="hour", minutes="minute", seconds="second")
    return frame.select(pl.when(pl.col("sound") & (day.dt.month() == pl.col("month"))).then(moment).alias("start")).to_series()


def _serial(text: pl.Series) -> pl.Series:
    days = text.to_frame("text").select(pl.when(pl.col("text").str.contains(_SERIAL)).then("text").cast(pl.Float64, strict=False))
    # Serial days carry binary dust: round to the second.
    second = (pl.col("text") * 86400).round(0).cast(pl.Int64)
    start = pl.lit(datetime(1899, 12, 30)).cast(pl.Datetime("us")) + pl.duration(seconds=second)
    return days.select(pl.when(pl.col("text").is_between(20000, 80000)).then(start).alias("start")).to_series()

"""Wall time of the city's zone as whole seconds, the only time the store keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1)
HOUR = 3600
DAY = 86400


def seconds(moment: datetime) -> int:
    """Turn naive wall time into seconds since 1970-01-01 00:00 of the same wall clock.

    Examples:
        >>> seconds(datetime(1970, 1, 2))
        86400
    """
    return int((moment - EPOCH) / timedelta(seconds=1))


def moment(stamp: int) -> datetime:
    """Turn seconds since 1970-01-01 00:00 of the wall clock back into naive wall time.

    Examples:
        >>> moment(86400)
        datetime.datetime(1970, 1, 2, 0, 0)
    """
    return EPOCH + timedelta(seconds=stamp)


def now(zone: str = "Asia/Shanghai") -> int:
    """Seconds of the wall clock in `zone` at this moment."""
    return seconds(datetime.now(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None))


def parse_stamp(text: str) -> datetime:
    """Read a protocol time of 14 digits (``YYYYMMDDhhmmss``) or 17 (with milliseconds); ``24`` as hour is the next day's midnight.

    Raises:
        ValueError: the digits are no time.

    Examples:
        >>> parse_stamp("20260228240000")
        datetime.datetime(2026, 3, 1, 0, 0)
    """
    if len(text) not in (14, 17) or not text.isascii() or not text.isdigit():
        raise ValueError(text)
    late = text[8:10] == "24"
    whole = datetime.strptime(text[:8] + ("00" if late else text[8:10]) + text[10:14], "%Y%m%d%H%M%S")
    return whole + timedelta(days=late, milliseconds=int(text[14:] or 0))

"""Request numbers and other times as digits."""

from __future__ import annotations

from datetime import datetime, timedelta


def stamp(moment: datetime) -> str:
    """Write local time as the 14 digits of DataTime, SystemTime and the like.

    Examples:
        >>> stamp(datetime(2026, 3, 1, 10, 15))
        '20260301101500'
    """
    return f"{moment:%Y%m%d%H%M%S}"


def is_stamp(text: str) -> bool:
    """Whether a text is a time of 14 digits.

    Examples:
        >>> is_stamp("20260301101500"), is_stamp("20260301250000"), is_stamp("20260301101500000")
        (True, False, False)
    """
    if len(text) != 14 or not text.isascii() or not text.isdigit():
        return False
    try:
        datetime.strptime(text, "%Y%m%d%H%M%S")
    except ValueError:
        return False
    return True


def request_number(moment: datetime) -> str:
    """Write local time as the 17 digits of QN, to the millisecond.

    Examples:
        >>> request_number(datetime(2026, 3, 1, 10, 15, 0, 42_999))
        '20260301101500042'
    """
    return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}"


def moment_of(number: str) -> datetime:
    """Read a request number back into local time.

    Raises:
        ValueError: the text is no time of 17 digits.

    Examples:
        >>> moment_of("20260301101500042")
        datetime.datetime(2026, 3, 1, 10, 15, 0, 42000)
    """
    if len(number) != 17 or not number.isascii() or not number.isdigit():
        raise ValueError(number)
    return datetime.strptime(number + "000", "%Y%m%d%H%M%S%f")


def following(number: str, milliseconds: int = 1) -> str:
    """Request number a little later, for the parts of a split telegram.

    Examples:
        >>> following("20260301235959999")
        '20260302000000000'
    """
    return request_number(moment_of(number) + timedelta(milliseconds=milliseconds))


class RequestNumbers:
    """Request numbers that never repeat, even when several are asked for within one millisecond or the clock steps back.

    Examples:
        >>> numbers, now = RequestNumbers(), datetime(2026, 3, 1)
        >>> numbers.take(now), numbers.take(now)
        ('20260301000000000', '20260301000000001')
    """

    def __init__(self) -> None:
        self._last = ""

    def take(self, moment: datetime) -> str:
        """Give the next number, at or after `moment` (local time)."""
        wanted = request_number(moment)
        self._last = wanted if wanted > self._last else following(self._last)
        return self._last

"""Numbers, units, times and names as a reader sees them."""

from __future__ import annotations

import math
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bilan.telemetry import clock

UNITS = {
    "1": "",
    "ug/m3": "µg/m³",
    "mg/m3": "mg/m³",
    "ng/m3": "ng/m³",
    "m3": "m³",
    "m3/h": "m³/h",
    "m3/s": "m³/s",
    "degC": "°C",
    "uS/cm": "µS/cm",
    "ug/L": "µg/L",
    "W/m2": "W/m²",
}
NOTHING = "–"


def language() -> str:
    """Language of the reader: ``zh-hans`` or ``en``."""
    return "en" if get_language() == "en" else "zh-hans"


def named(thing: Any) -> str:
    """Name of anything that has one in both languages: a point, a network, a parameter, a district, a mapping.

    Examples:
        >>> from django.utils.translation import override
        >>> with override("en"):
        ...     named({"name_zh": "泉州", "name_en": "Quanzhou"})
        'Quanzhou'
    """
    if isinstance(thing, dict):
        chinese, english = thing.get("name_zh", ""), thing.get("name_en", "")
    else:
        chinese, english = getattr(thing, "name_zh", ""), getattr(thing, "name_en", "")
    return str(english or chinese) if language() == "en" else str(chinese or english)


def labelled(parameter: Any) -> str:
    """Short label of a parameter: its symbol, else its name."""
    return str(parameter.symbol or named(parameter))


def unit(name: str | None) -> str:
    """A unit as it is printed.

    Examples:
        >>> unit("ug/m3"), unit("1"), unit("mg/L")
        ('µg/m³', '', 'mg/L')
    """
    return UNITS.get(name or "", name or "")


def digits(value: Any, decimals: int | None = None) -> str:
    """A number with `decimals` digits after the point, rounded half to even as GB/T 8170 asks; a dash when there is none.

    Examples:
        >>> digits(0.25, 1), digits(12345.678, 1), digits(None)
        ('0.2', '12,345.7', '–')
    """
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        return NOTHING
    number = Decimal(repr(value) if isinstance(value, float) else str(value))
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    return f"{number:,f}"


def wall(stamp: int | datetime | date | None, form: str = "minute") -> str:
    """A moment of the wall clock.

    Parameters:
        stamp: seconds of the wall clock, naive wall time, or a date.
        form: ``minute``, ``hour``, ``day``, ``month``, ``full`` (with year) or ``iso``.

    Examples:
        >>> wall(86400 + 8 * 3600, "iso")
        '1970-01-02 08:00'
    """
    if stamp is None or stamp == "":
        return NOTHING
    moment = _moment(stamp)
    if form == "iso":
        return f"{moment:%Y-%m-%d %H:%M}"
    if language() == "en":
        day, clocked = f"{moment.day} {moment:%b}", f"{moment:%H:%M}"
        texts = {"day": f"{day} {moment:%Y}", "month": f"{moment:%b %Y}", "full": f"{day} {moment:%Y} {clocked}"}
    else:
        day, clocked = f"{moment.month}月{moment.day}日", f"{moment:%H:%M}"
        texts = {"day": f"{moment.year}年{day}", "month": f"{moment.year}年{moment.month}月", "full": f"{moment.year}年{day} {clocked}"}
    return texts.get(form, f"{day} {clocked}")


def _moment(stamp: int | datetime | date) -> datetime:
    if isinstance(stamp, datetime):
        return stamp
    return datetime.combine(stamp, time()) if isinstance(stamp, date) else clock.moment(int(stamp))


def age(seconds: int | None) -> str:
    """How long ago, in the largest whole unit."""
    if seconds is None:
        return NOTHING
    if seconds < 60:
        return _("just now")
    if seconds < 3600:
        return ngettext("%(n)s min ago", "%(n)s min ago", seconds // 60) % {"n": seconds // 60}
    if seconds < 2 * clock.DAY:
        return ngettext("%(n)s h ago", "%(n)s h ago", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)s day ago", "%(n)s days ago", seconds // clock.DAY) % {"n": seconds // clock.DAY}

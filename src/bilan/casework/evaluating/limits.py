"""What permits and outlets in the registers state about limits, put beside the readings for rules and verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from bilan.casework.alerting.explaining import wall
from bilan.evaluation.rules.limits import OUTLET, PERMIT, held
from bilan.pack.vocab import networks, parameters
from bilan.registers.models import Entry, Revision
from bilan.tabular.sheets.units import conversion
from bilan.telemetry import clock
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store
from bilan.telemetry.store.limits import ALWAYS, SCHEMA

OUTLETS, PERMITS = "outlet", "discharge-permit"
IN_FORCE = ("valid", "renewal", "rectification")
"""States of a permit in which its limits hold."""
ENDED = ("expired", "cancelled", "revoked")
"""States of a permit whose limits held until it came into them."""
JUDGED_AGAIN = 60 * clock.DAY
"""How far back hours are judged again when the limits that hold for them change [s]."""


def publish(store: Store, now: int) -> int:
    """Put what permits and outlets state now beside the readings, and have the hours judged again whose limit it changes.

    Parameters:
        now: wall time [s].

    Returns:
        Number of hours of points that will be judged again.
    """
    points = store.catalogue.points()
    before, after = store.limits.frame(), stated(points)
    with store.database.transaction():
        if not store.limits.replace(after):
            return 0
        marks = _changed(before, after, points, now - now % clock.HOUR)
        store.dirty.add(marks)
    return len(marks)


def stated(points: Iterable[Point]) -> pl.DataFrame:
    """What permits and outlets state of points: columns of `bilan.telemetry.store.limits.SCHEMA`.

    A permit holds from its issue to the end of its last day; one whose renewal is under way goes on; one that was cancelled or revoked
    holds until the register says so. A limit that is changed in a permit counts as if the permit had always said so.

    References:
        排污许可管理条例 (2021), articles 14, 20; 行政许可法 (2019), article 50.
    """
    known = {point.code: point for point in points}
    outlets = list(Entry.objects.filter(register=OUTLETS, archived=False).only("code", "data"))
    return pl.DataFrame([*_of_permits(outlets, known), *_of_outlets(outlets, known)], schema=SCHEMA, orient="row").unique(
        maintain_order=True
    )


def in_unit_of(point: Point, stated: Mapping[str, Any]) -> tuple[str, float] | None:
    """A stated limit as parameter and number in the unit of the point's series; None when it is none, or its unit another quantity's.

    Examples:
        >>> in_unit_of(Point("E1", "source_gas", "排口"), {"parameter": "a21026", "limit": 35000.0, "unit": "ug/m3"})
        ('a21026', 35.0)
    """
    parameter, limit = parameters().get(str(stated.get("parameter") or "")), stated.get("limit")
    if parameter is None or not isinstance(limit, int | float) or isinstance(limit, bool):
        return None
    network = networks().get(point.network)
    unit = parameter.emission_unit if network is not None and network.unit_kind == "emission" else parameter.unit
    factor = conversion(str(stated.get("unit") or ""), unit)
    return None if factor is None else (parameter.code, float(limit) * factor)


def _of_permits(outlets: Iterable[Entry], known: Mapping[str, Point]) -> Iterable[tuple[Any, ...]]:
    measured: dict[tuple[str, str], list[str]] = defaultdict(list)
    for outlet in outlets:
        key = (str(outlet.data.get("enterprise") or ""), str(outlet.data.get("number") or ""))
        measured[key] += _points(outlet, known)
    permits = list(Entry.objects.filter(register=PERMITS, archived=False, status__in=(*IN_FORCE, *ENDED)).only("code", "status", "data"))
    left = _left([permit.pk for permit in permits if permit.status in ENDED])
    for permit in permits:
        span = _span(permit, left.get(permit.pk))
        for row in permit.data.get("limits") or () if span else ():
            clause = " ".join(str(row[name]) for name in ("standard", "clause") if row.get(name))
            for code in measured.get((str(permit.data.get("enterprise") or ""), str(row.get("outlet") or "")), ()):
                found = in_unit_of(known[code], _item(row))
                if found and span:
                    yield (code, *found, PERMIT, permit.code, clause, *span)


def _item(row: Mapping[str, Any]) -> Mapping[str, Any]:
    value = row.get("item")
    item = value[0] if isinstance(value, list) and value else value
    return item if isinstance(item, Mapping) else {}


def _left(entries: Iterable[int]) -> dict[int, int]:
    """Permit → when the register first said that it had ended, after it last said otherwise [s of the wall clock]."""
    found: dict[int, int] = {}
    revisions = Revision.objects.filter(entry_id__in=entries).order_by("version").values_list("entry_id", "status", "since")
    for entry, status, since in revisions:
        if status not in ENDED:
            found.pop(entry, None)
        else:
            found.setdefault(entry, wall(since))
    return found


def _span(permit: Entry, left: int | None) -> tuple[int, int] | None:
    """Begin and end of a permit [s of the wall clock]; None when it never held, or nobody knows until when."""
    issued, expires = (_begin_of(permit.data.get(name)) for name in ("issued", "expires"))
    begin, last = ALWAYS[0] if issued is None else issued, ALWAYS[1] if expires is None else expires + clock.DAY
    if permit.status in ENDED:
        if left is None and (permit.status != "expired" or expires is None):
            return None
        last = last if left is None else min(last, left)
    elif permit.status != "valid":
        last = ALWAYS[1]
    return (begin, last) if begin < last else None


def _begin_of(text: Any) -> int | None:
    if not text:
        return None
    day = date.fromisoformat(str(text)[:10])
    return clock.seconds(datetime(day.year, day.month, day.day))


def _of_outlets(outlets: Iterable[Entry], known: Mapping[str, Point]) -> Iterable[tuple[Any, ...]]:
    for outlet in outlets:
        for code in _points(outlet, known):
            for given in outlet.data.get("limits") or ():
                found = in_unit_of(known[code], given)
                if found:
                    yield (code, *found, OUTLET, outlet.code, str(outlet.data.get("standard") or ""), *ALWAYS)


def _points(outlet: Entry, known: Mapping[str, Point]) -> list[str]:
    return [code for code in outlet.data.get("points") or () if code in known]


def _changed(before: pl.DataFrame, after: pl.DataFrame, points: list[Point], end: int) -> list[tuple[str, str, int]]:
    """Hours whose limit is another one than before; that it is stated elsewhere changes nothing."""
    columns = ["point", "parameter", "limit", "valid_from", "valid_to"]
    old, new = (held(frame, points, end - JUDGED_AGAIN, end + clock.HOUR).select(columns) for frame in (before, after))
    differing = pl.concat([old.join(new, on=columns, how="anti"), new.join(old, on=columns, how="anti")])
    spans = differing.select("point", "valid_from", "valid_to").unique().iter_rows()
    return sorted({(code, "hour", hour) for code, first, last in spans for hour in range(first - first % clock.HOUR, last, clock.HOUR)})

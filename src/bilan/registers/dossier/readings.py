"""What the instruments of an entry say: its own monitoring points, and those of the entries that belong to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl
from django.conf import settings
from django.utils import timezone

from bilan.evaluation.methods import current
from bilan.pack.vocab import Network, networks, parameters
from bilan.people.monitoring import Monitoring
from bilan.registers.computing import STATISTICS, points_of
from bilan.registers.dossier.model import Gauge, Limit, Value
from bilan.registers.ledger import Ledger, Record
from bilan.registers.saying import Speaker
from bilan.telemetry import clock
from bilan.telemetry.model import Point

HOURS = 48
"""How far back the small lines reach [h]."""
MOST_POINTS = 12
NO_ORDER = frozenset({"w01001", "w01009"})
"""Parameters of which more is not worse: pH, dissolved oxygen."""
Row = Mapping[str, Any]


def owners(ledger: Ledger, record: Record, linked: Iterable[Record]) -> dict[str, Record | None]:
    """Code of each monitoring point → the entry it belongs to, None for the dossier's own."""
    found: dict[str, Record | None] = {}
    for own, entry in [(None, record), *((other, other) for other in linked)]:
        register = ledger.declared.registers[entry.register]
        for code in points_of(register, [entry])[entry.number]:
            found.setdefault(code, own)
    return found


def gauges(
    ledger: Ledger, monitoring: Monitoring, speaker: Speaker, owned: Mapping[str, Record | None], limits: Mapping[int, Sequence[Limit]]
) -> list[Gauge]:
    """Newest values and verdicts of visible points; as they were, when the ledger looks at the past.

    Parameters:
        owned: code of each point → the entry it belongs to, None for the dossier's own.
        limits: number of an owner → limits that hold for it; those of the dossier's own under 0.
    """
    points = monitoring.points(codes=owned)[:MOST_POINTS]
    if not points:
        return []
    end = _end(ledger)
    series = _series(monitoring, points)
    trends = _trends(monitoring, series, end)
    verdicts = _verdicts(ledger, monitoring, points, end)
    strictest = {number: _strictest(held) for number, held in limits.items()}
    found = []
    for point in points:
        values = []
        owner = owned[point.code]
        ruling = strictest.get(owner.number if owner else 0, {})
        for row in series:
            if row["point"] == point.code and (value := _value(speaker, row, trends.get(row["id"], []), ruling, end)) is not None:
                values.append(value)
        name = (point.name_en or point.name_zh) if speaker.language == "en" else point.name_zh
        order = sorted(values, key=lambda value: (value.limit is None, value.title))
        found.append(Gauge(point.code, name, point.network, owner, order, verdicts[point.code]))
    return found


def _end(ledger: Ledger) -> int:
    """The moment looked from [s of the wall clock]."""
    if ledger.as_of is None:
        return clock.now(settings.CITY.timezone)
    return clock.seconds(timezone.localtime(ledger.as_of).replace(tzinfo=None, microsecond=0))


def _series(monitoring: Monitoring, points: Sequence[Point]) -> list[dict[str, Any]]:
    """One series a point and parameter: of the network's own interval, the statistic that tells most."""
    network = {point.code: networks()[point.network] for point in points}
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for row in monitoring.series([point.code for point in points]).to_dicts():
        if row["interval"] != network[row["point"]].interval or row["statistic"] not in STATISTICS or row["occurrence"] != 1:
            continue
        known = best.get((row["point"], row["parameter"]))
        if known is None or STATISTICS.index(row["statistic"]) < STATISTICS.index(known["statistic"]):
            best[row["point"], row["parameter"]] = {**row, "network": network[row["point"]]}
    return list(best.values())


def _trends(monitoring: Monitoring, series: Sequence[Row], end: int) -> dict[int, list[Row]]:
    """Values of the last days by series, oldest first; the last of them is the newest value."""
    found: dict[int, list[Row]] = defaultdict(list)
    by_interval: dict[str, list[int]] = defaultdict(list)
    for row in series:
        by_interval[row["interval"]].append(row["id"])
    for interval, numbers in by_interval.items():
        back = HOURS * clock.HOUR if interval in {"hour", "minute", "instant"} else 400 * clock.DAY
        frame = monitoring.scan(numbers, end - back, end + 1, interval).filter(pl.col("value").is_not_null()).sort("start")
        for entry in frame.select("series", "start", "seconds", "value").iter_rows(named=True):
            found[entry["series"]].append(entry)
    return found


def _value(speaker: Speaker, row: Row, trend: Sequence[Row], strictest: Mapping[tuple[str, str], Limit], end: int) -> Value | None:
    if not trend:
        return None
    known, network = parameters().get(row["parameter"]), row["network"]
    emission = network.unit_kind == "emission"
    newest = trend[-1]
    unit = row["unit"] or ((known.emission_unit if emission else known.unit) if known else "")
    return Value(
        parameter=row["parameter"],
        title=known.symbol or speaker.parameter(row["parameter"]) if known else row["parameter"],
        value=newest["value"],
        unit=unit,
        decimals=(known.emission_decimals if emission else known.decimals) if known else None,
        start=newest["start"],
        seconds=newest["seconds"],
        key=f"{row['point']}/{row['parameter']}/{row['statistic']}/{row['interval']}",
        trend=_line(trend, network, end),
        limit=None if row["parameter"] in NO_ORDER else strictest.get((row["parameter"], plain_unit(unit))),
    )


def _line(trend: Sequence[Row], network: Network, end: int) -> list[float | None]:
    """Values on a grid of hours; as they came, where the network has none."""
    if network.interval != "hour":
        return [row["value"] for row in trend]
    first = (end - HOURS * clock.HOUR) // clock.HOUR * clock.HOUR
    grid: list[float | None] = [None] * (HOURS + 1)
    for row in trend:
        at = (row["start"] - first) // clock.HOUR
        if 0 <= at < len(grid):
            grid[at] = row["value"]
    return grid


def _strictest(limits: Sequence[Limit]) -> dict[tuple[str, str], Limit]:
    found: dict[tuple[str, str], Limit] = {}
    for limit in limits:
        key = (limit.parameter, plain_unit(limit.unit))
        if key not in found or limit.limit < found[key].limit:
            found[key] = limit
    return found


def plain_unit(unit: str) -> str:
    """A unit under one spelling.

    Examples:
        >>> plain_unit("µg/m³") == plain_unit("ug/m3"), plain_unit("mg/l") == plain_unit("mg/L")
        (True, True)
    """
    return unit.replace("µ", "u").replace("μ", "u").replace("³", "3").replace("²", "2").lower().replace(" ", "")


def _verdicts(ledger: Ledger, monitoring: Monitoring, points: Sequence[Point], end: int) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {point.code: [] for point in points}
    rows: list[Row] = []
    if ledger.as_of is None:
        rows += monitoring.standing(found).to_dicts()
    else:
        rows += [row for network in {point.network for point in points} for row in _stood(monitoring, network, points, end)]
    for row in rows:
        found[row["point"]].append(row)
    return found


def _stood(monitoring: Monitoring, network: str, points: Sequence[Point], end: int) -> list[Row]:
    """Verdicts that said at `end` [s of the wall clock] how the points of a network stood."""
    codes = [point.code for point in points if point.network == network]
    newest: dict[str, Row] = {}
    for method in current(network):
        found = monitoring.verdicts(method.name, codes, end - max(method.fresh, HOURS * clock.HOUR), end).drop_nulls("grade")
        for row in found.sort("start").unique("point", keep="last").iter_rows(named=True):
            if row["point"] not in newest or newest[row["point"]]["start"] < row["start"]:
                newest[row["point"]] = {**row, "kind": method.kind}
    return list(newest.values())


def moment_text(seconds: int) -> str:
    """A moment of the wall clock.

    Examples:
        >>> moment_text(86400 + 3600)
        '1970-01-02 01:00'
    """
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"

"""Digests: the few numbers that the overview shows, made when verdicts change and not when a page is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bilan.evaluation.summary_air import air_now, air_years
from bilan.evaluation.summary_online import online
from bilan.evaluation.summary_water import water_now
from bilan.pack.areas import Area
from bilan.telemetry.gateway import devices
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store


def key(adcode: str) -> str:
    """Name of the digest of an area.

    Examples:
        >>> key("350500")
        'overview:350500'
    """
    return f"overview:{adcode}"


def refresh(store: Store, areas: Sequence[Area], now: int) -> None:
    """Make the overview digest of the city and of each district anew.

    Args:
        store: where verdicts are read and digests are kept.
        areas: the city first, then its districts.
        now: time of the computation [s of the wall clock].
    """
    points = store.catalogue.points()
    air = air_years(store, [area.adcode for area in areas], now)
    latest_air, latest_water = store.verdicts.latest("air.hour"), store.verdicts.latest("water.hour")
    states = devices.listed(store, now=now)
    parts: dict[str, dict[str, Any]] = {}
    for area in areas:
        own = within(points, area)
        parts[area.adcode] = {
            "district": area.adcode,
            "computed": now,
            "air": {**air[area.adcode], "now": air_now(latest_air, area.adcode, own, now)},
            "water": water_now(store, latest_water, own, now),
            "online": online(states, own),
        }
    city = areas[0]
    parts[city.adcode]["districts"] = [_district(parts[area.adcode]) for area in areas[1:]]
    with store.database.transaction():
        for adcode, payload in parts.items():
            store.digests.put(key(adcode), payload)


def within(points: Sequence[Point], area: Area) -> list[Point]:
    """Points of a district; all of them for the city."""
    return [point for point in points if area.city or point.district == area.adcode]


def _district(overview: dict[str, Any]) -> dict[str, Any]:
    """What the city's overview says of one district."""
    air, water = overview["air"], overview["water"]
    return {
        "district": overview["district"],
        "month": air["month"],
        "trend": air["trend"],
        "met": water["met"],
        "judged": water["judged"],
        "online": overview["online"]["share"],
    }

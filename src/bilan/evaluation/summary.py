"""Digests: the few numbers that the overview shows, made when verdicts change and not when a page is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bilan.evaluation.summary_air import air_now, area_hours
from bilan.evaluation.summary_gateway import gateway
from bilan.evaluation.summary_online import online
from bilan.evaluation.summary_water import water_now
from bilan.evaluation.summary_years import air_years
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
    codes = [area.adcode for area in areas]
    air, hours = air_years(store, codes, now), area_hours(store, codes, now)
    latest_air, latest_water = store.verdicts.latest("air.hour"), store.verdicts.latest("water.hour")
    states = devices.listed(store, now=now)
    parts: dict[str, dict[str, Any]] = {}
    for area in areas:
        own = within(points, area)
        parts[area.adcode] = {
            "district": area.adcode,
            "computed": now,
            "air": {**air[area.adcode], "now": air_now(latest_air, hours, area.adcode, own, now)},
            "water": water_now(store, latest_water, own, now),
            "online": online(states, own),
        }
    city = areas[0]
    parts[city.adcode]["gateway"] = gateway(store)
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
        "now": air["now"]["area"],
        "met": water["met"],
        "targeted": water["targeted"],
        "online": overview["online"]["share"],
    }

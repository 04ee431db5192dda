"""The points of a network as a map shows them: official level, how its device is doing, and nothing that the reader may not see."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.conf import settings

from bilan.evaluation.methods import current
from bilan.people.monitoring import Monitoring
from bilan.telemetry import clock
from bilan.telemetry.gateway.devices import Presence
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.components.levels import level
from bilan.web.components.pollutants import primary
from bilan.web.remember import Remembered

COLOURED = {"aqi", "water", "sea", "groundwater"}
"""Kinds of level that colour a point; one that is only within or over its limits is coloured by the state of its device."""

MANUAL = "manual"
"""State of a point that no device reports for."""

STATES = (Presence.ONLINE.value, Presence.LATE.value, Presence.SILENT.value, Presence.BLOCKED.value, MANUAL)
"""From the best to the worst; a point is in the best state among its devices."""

SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as it is sent.

    Attributes:
        body: GeoJSON.
        packed: the same, compressed.
        tag: changes when the body does.
    """

    body: bytes
    packed: bytes
    tag: str


_kept: Remembered[Layer] = Remembered(min(SECONDS, settings.LIVE_SECONDS), most=256)


def layer(monitoring: Monitoring, network: str) -> Layer:
    """The layer of a network, made at most every few seconds for all readers who may see the same and read the same language."""
    scope = tuple(sorted(monitoring.scope.districts or ())) if not monitoring.scope.whole_city else None
    return _kept.get((network, scope, numbers.language(), monitoring.version()), lambda: _pack(features(monitoring, network)))


def _pack(found: Sequence[Mapping[str, Any]]) -> Layer:
    collection = {"type": "FeatureCollection", "features": found}
    body = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    return Layer(body, gzip.compress(body, 6, mtime=0), f'"{hashlib.sha256(body).hexdigest()[:20]}"')


def features(monitoring: Monitoring, network: str) -> list[dict[str, Any]]:
    """Every visible point of a network; one without a place has no geometry and stands in the list only."""
    points = monitoring.points(network)
    states, verdicts = _states(monitoring), _verdicts(monitoring, network, [point.code for point in points])
    return [
        {
            "type": "Feature",
            "geometry": None if point.lon is None else {"type": "Point", "coordinates": [point.lon, point.lat]},
            "properties": {
                "code": point.code,
                "name": numbers.named(point),
                "network": network,
                "district": point.district,
                "state": states.get(point.code, MANUAL),
                **({"sort": kind} if (kind := category(point)) else {}),
                **verdicts.get(point.code, {}),
            },
        }
        for point in points
    ]


def category(point: Point) -> str:
    """What sort of point it is, as its attributes say: kind of station, control level, industry."""
    return next((str(point.attributes[name]) for name in ("kind", "control", "industry", "zone") if point.attributes.get(name)), "")


def kind_of(network: str) -> str:
    """Kind of level of a network's points."""
    return next((method.kind for method in current(network)), "")


def state_of(monitoring: Monitoring, code: str) -> str:
    """How the device of one visible point is doing; one of `STATES`."""
    return _states(monitoring).get(code, MANUAL)


def _states(monitoring: Monitoring) -> dict[str, str]:
    """Point → state of the device that does best among its devices."""
    best: dict[str, int] = {}
    for state in monitoring.equipment().states():
        if state.presence.value in STATES:
            rank = STATES.index(state.presence.value)
            best[state.device.point] = min(rank, best.get(state.device.point, rank))
    return {point: STATES[rank] for point, rank in best.items()}


def _verdicts(monitoring: Monitoring, network: str, codes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Point → kind, grade and short label of its verdict while that is fresh."""
    if kind_of(network) not in COLOURED or not codes:
        return {}
    now = clock.now(site.city().timezone)
    found: dict[str, dict[str, Any]] = {}
    for row in monitoring.standing(codes).filter(pl.col("until") >= now).iter_rows(named=True):
        kind, reached = row["kind"], level(row["kind"], row["grade"])
        if reached is not None:
            label = numbers.digits(row["value"], 0) if kind == "aqi" else reached.short(numbers.language())
            found[row["point"]] = {"kind": kind, "grade": reached.grade, "label": label, "main": primary(row["main"])}
    return found

"""Points that a rule looks at."""

from __future__ import annotations

from typing import Any

from bilan.evaluation.rules.findings import Source
from bilan.pack.rules import RuleSpec
from bilan.telemetry.model import Point
from bilan.telemetry.store import Store


class Points:
    """Points of the city, and which of them rules look at; each condition is asked of a point once an evaluation.

    Args:
        store: where they are.
    """

    def __init__(self, store: Store) -> None:
        self.by_code = {point.code: point for point in store.catalogue.points()}
        self._chosen: dict[tuple[tuple[str, ...], str], dict[str, list[Point]]] = {}

    def of(self, spec: RuleSpec) -> dict[str, list[Point]]:
        """Points that a rule looks at, by network, in the order of their codes."""
        where = spec.where
        key = (where.networks, where.points.text if where.points else "")
        if key not in self._chosen:
            found: dict[str, list[Point]] = {}
            for point in self.by_code.values():
                if (not where.networks or point.network in where.networks) and (not where.points or where.points.holds(values(point))):
                    found.setdefault(point.network, []).append(point)
            self._chosen[key] = found
        return self._chosen[key]


def values(point: Point) -> dict[str, Any]:
    """What conditions on points may name: attributes, code, name, network, district."""
    own = {"code": point.code, "name": point.name_zh, "network": point.network, "district": point.district}
    return {**point.attributes, **own}


def source(name: str, point: Point, parameter: str = "") -> Source:
    """What a finding about a point says of it."""
    enterprise = point.attributes.get("enterprise", "")
    return Source(
        source=name,
        point=point.code,
        parameter=parameter,
        network=point.network,
        name=point.name_zh,
        district=point.district,
        organisation=str(enterprise or point.attributes.get("organisation", "")),
    )

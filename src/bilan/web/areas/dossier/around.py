"""What the small map of a dossier draws: the entry itself, its neighbours as light dots, the zones that hold it."""

from __future__ import annotations

from typing import Any

from bilan.registers.dossier import Dossier

MOST_VERTICES = 4000


def around(dossier: Dossier, language: str) -> dict[str, Any] | None:
    """Features of the map, each with its layer: ``own``, ``near``, ``zone``, ``point``; None for an entry without a place."""
    record, found = dossier.record, dossier.surroundings
    if found is None:
        return None
    style = dossier.register.style
    own = _feature("own", record.geometry, {"name": record.name, "colour": style.colour})
    zones = [
        _feature("zone", zone.record.geometry, {"name": zone.record.name, "colour": zone.register.style.colour})
        for zone in found.zones
        if _small(zone.record.geometry)
    ]
    near = [
        _feature(
            "near",
            entry.record.geometry,
            {
                "name": entry.record.name or entry.record.code,
                "kind": entry.register.singular.text(language),
                "colour": entry.register.style.colour,
                "register": entry.register.name,
                "code": entry.record.code,
            },
        )
        for entry in found.near
        if _small(entry.record.geometry)
    ]
    return {
        "type": "FeatureCollection",
        "features": [*zones, *near, own],
        "box": [record.west, record.south, record.east, record.north],
        "radius": found.radius,
    }


def _feature(layer: str, geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"layer": layer, **properties}}


def _small(geometry: Any) -> bool:
    """Shapes of neighbours with very many corners are left out; the map page shows them."""
    return str(geometry.get("coordinates")).count("[") <= MOST_VERTICES

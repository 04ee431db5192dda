"""Ready drafts for tests of the registers."""

from __future__ import annotations

from typing import Any

from bilan.registers.models import Entry
from bilan.registers.writing import Author, Draft, write_one

PLATFORM = Author.platform("test")


def point(lon: float, lat: float) -> dict[str, Any]:
    """A GeoJSON point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def plant(code: str = "", district: str = "350502", **values: Any) -> Entry:
    """A plant, with what it must have."""
    return write_one("test-plant", Draft({"name": f"演示厂{code}", "district": district, "trade": "C26", **values}, code=code), PLATFORM)


def outfall(code: str, district: str = "350502", **values: Any) -> Entry:
    """An outfall, with what it must have."""
    return write_one(
        "test-outfall", Draft({"name": f"演示排口{code}", "district": district, "kind": "rain", **values}, code=code), PLATFORM
    )

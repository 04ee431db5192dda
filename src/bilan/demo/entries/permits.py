"""Discharge permits of the demo city: those of measured sources state the limits their outlets are held to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from bilan.demo.entries.catalogue import Catalogue, limits_of
from bilan.telemetry.model import Point

TOTALS = {"w01018": "total_cod", "w21003": "total_nh3n", "a21026": "total_so2", "a21002": "total_nox", "a24088": "total_voc"}
STANDARDS = {
    "power": ("GB 13223-2011", "表2"),
    "waste_power": ("GB 18485-2014", "表4"),
    "hazardous": ("GB 18484-2020", "表3"),
    "dyeing_boiler": ("GB 13271-2014", "表3"),
    "ceramics": ("GB 25464-2010", "表5"),
    "ceramics_large": ("GB 25464-2010", "表5"),
    "sewage": ("GB 18918-2002", "表1"),
    "park_sewage": ("GB 18918-2002", "表1"),
    "dyeing": ("GB 4287-2012", "表2"),
}
"""Industry of a source → standard and table its permit names; others name the general ones of their medium."""
GENERAL = {"source_gas": ("GB 16297-1996", "表2"), "source_water": ("GB 8978-1996", "表4")}
METHODS = {"source_gas": "HJ 75-2017", "source_water": "HJ 353-2019"}
PIPED = [{"parameter": "w01018", "limit": 500.0, "unit": "mg/L"}, {"parameter": "w21003", "limit": 45.0, "unit": "mg/L"}]
"""Limits at the sewer of those that are not measured."""
USED = {"source_gas": 0.6, "source_water": 0.8}
"""Share of what the limit would allow around the clock that a permit grants a year."""


def discharge_permits(known: Catalogue, count: int) -> Iterator[dict[str, Any]]:
    """`count` permits; the first are those of the measured sources."""
    outlets: dict[str, list[Point]] = defaultdict(list)
    for point in known.network("source_gas", "source_water"):
        outlets[str(point.attributes["enterprise"])].append(point)
    for code, points in list(outlets.items())[:count]:
        yield _measured(code, points)
    for _ in range(count - len(outlets)):
        rows = [{"outlet": "DW001", "item": item, "standard": "GB/T 31962-2015", "clause": "表1"} for item in PIPED]
        plan = [{"outlet": "DW001", "item": item, "mode": "manual", "frequency": "1次/半年", "method": "HJ 828-2017"} for item in PIPED]
        yield {"limits": rows, "plan": plan, "auto_required": False, "auto_installed": None, **dict.fromkeys(TOTALS.values())}


def _measured(code: str, points: list[Point]) -> dict[str, Any]:
    limits: list[dict[str, Any]] = []
    plan: list[dict[str, Any]] = []
    totals: dict[str, float] = defaultdict(float)
    for point in points:
        held = point.attributes
        standard, clause = STANDARDS.get(str(held["industry"]), GENERAL[point.network])
        for item in limits_of(held) or ():
            yearly = round(_yearly(point.network, held, float(item["limit"])), 4)
            row = {"outlet": str(held["outlet"]), "item": item}
            limits.append({**row, "standard": standard, "clause": clause, "annual": yearly})
            plan.append({**row, "mode": "automatic", "frequency": "连续监测", "method": METHODS[point.network]})
            if name := TOTALS.get(item["parameter"]):
                totals[name] += yearly
    return {
        "enterprise": code,
        "category": "key",
        "limits": limits,
        "plan": plan,
        "auto_required": True,
        **{name: round(totals[name], 3) if name in totals else None for name in TOTALS.values()},
    }


def _yearly(network: str, held: Mapping[str, Any], limit: float) -> float:
    """Quantity [t/a] that a limit [mg/m3 or mg/L] grants at the outlet's capacity [m3/h or m3/d]."""
    capacity = float(held.get("capacity") or 0)
    allowed = limit * capacity * 8760 / 1e9 if network == "source_gas" else limit * capacity * 365 / 1e6
    return allowed * USED[network]

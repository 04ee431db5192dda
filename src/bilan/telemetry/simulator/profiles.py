"""Kinds of outlet: what comes out, how much, against which limit, and when the plant runs."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import NamedTuple


class Item(NamedTuple):
    """One pollutant of an outlet.

    Attributes:
        parameter: code.
        limit: emission limit that the demo's outlets are measured against [mg/m3 or mg/L].
        share: usual level as a share of the limit.
        sigma: deviation of the logarithm.
    """

    parameter: str
    limit: float
    share: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of outlet.

    Attributes:
        capacity: design flow [m3/h for gas, m3/d for water]; `spread` is the deviation of its logarithm between outlets.
        regime: ``continuous``, ``two_shift`` or ``day_shift``.
        reference_o2: oxygen that concentrations are converted to [%]; None without conversion.
        measured_o2: usual oxygen in the stack [%].
        temperature: of the gas [degC].
        moisture: of the gas [%].
    """

    name: str
    network: str
    name_zh: str
    name_en: str
    regime: str
    capacity: float
    spread: float
    reference_o2: float | None
    measured_o2: float | None
    temperature: float
    moisture: float
    items: tuple[Item, ...]


@cache
def profiles() -> dict[str, Profile]:
    """Every kind of outlet by its name.

    Examples:
        >>> profiles()["ceramics"].reference_o2
        18.0
    """
    items: dict[str, list[Item]] = {}
    for row in _rows("outlet_items.csv"):
        item = Item(row["parameter"], float(row["limit"]), float(row["share"]), float(row["sigma"]))
        items.setdefault(row["profile"], []).append(item)
    return {row["profile"]: _profile(row, tuple(items[row["profile"]])) for row in _rows("outlets.csv")}


def _profile(row: dict[str, str], items: tuple[Item, ...]) -> Profile:
    return Profile(
        name=row["profile"],
        network=row["network"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        regime=row["regime"],
        capacity=float(row["capacity"]),
        spread=float(row["spread"]),
        reference_o2=_number(row["reference_o2"]),
        measured_o2=_number(row["measured_o2"]),
        temperature=_number(row["temperature"]) or 25.0,
        moisture=_number(row["moisture"]) or 3.0,
        items=items,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _rows(table: str) -> list[dict[str, str]]:
    text = resources.files("bilan.telemetry.simulator").joinpath(table).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))

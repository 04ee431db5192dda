"""Checking what every entry has: code, name, state, district, validity, place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings

from bilan.pack.areas import areas
from bilan.pack.registers import COMMON, Register
from bilan.problems import BilanError, Place, Problem, nearest
from bilan.tabular.places import shapes, tiles

LONGEST_NAME = 200
LONGEST_LIST = 20


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Columns of an entry, and what is wrong with what was given."""

    columns: dict[str, Any]
    problems: list[Problem]


@cache
def districts() -> dict[str, str]:
    """Code of each district of the city by its code and its names."""
    known: dict[str, str] = {}
    for area in areas(settings.CITY):
        if not area.city:
            for title in filter(None, (area.adcode, area.name_zh, area.name_en, area.name_zh.rstrip("市县区"))):
                known[title] = area.adcode
    return known


def cleaned(register: Register, given: Mapping[str, Any], place: Place | None) -> Cleaned:
    """Columns for the common fields among `given`; those not given are left out."""
    columns: dict[str, Any] = {}
    problems: list[Problem] = []

    def wrong(code: str, name: str, values: dict[str, Any]) -> None:
        problems.append(Problem(code, values, Place(place.file if place else "", place.row if place else None, name)))

    for name in COMMON:
        if name not in given or name == "code":
            continue
        value = given[name]
        if name in {"valid_from", "valid_to"}:
            _date(columns, name, value, wrong)
        elif name == "geometry":
            _geometry(columns, register, value, wrong)
        elif name == "aliases":
            several = value if isinstance(value, list | tuple) else [] if value is None else [value]
            items = [str(entry).strip()[:LONGEST_NAME] for entry in several if str(entry).strip()]
            columns[name] = list(dict.fromkeys(items))[:LONGEST_LIST]
        else:
            _text(columns, register, name, value, wrong)
    return Cleaned(columns, problems)


def _text(columns: dict[str, Any], register: Register, name: str, value: Any, wrong: Any) -> None:
    text = " ".join(str(value if value is not None else "").replace("\x00", "").split())
    if name == "status":
        known = {label.lower(): state.code for state in register.states for label in (state.code, state.title.zh, state.title.en) if label}
        text = text or (register.states[0].code if register.states else "")
        if known and text.lower() not in known:
            allowed = [state.code for state in register.states]
            wrong("value.unknown_choice", name, {"value": text, "allowed": allowed, "nearest": nearest(text, known)})
        columns[name] = known.get(text.lower(), text)
    elif name == "district":
        known_districts = districts()
        if text and known_districts and text not in known_districts:
            allowed = sorted(set(known_districts.values()))
            wrong("registers.unknown_district", name, {"value": text, "allowed": allowed, "nearest": nearest(text, known_districts)})
        columns[name] = known_districts.get(text, text)[:6]
    else:
        width = LONGEST_NAME if name == "name" else 80 if name == "organisation" else 12
        if len(text) > width:
            wrong("registers.too_long", name, {"value": text[:40], "allowed": width})
        columns[name] = text[:width]


def _date(columns: dict[str, Any], name: str, value: Any, wrong: Any) -> None:
    if value in (None, ""):
        columns[name] = None
        return
    try:
        columns[name] = value if type(value) is date else date.fromisoformat(str(value)[:10])
    except ValueError:
        wrong("registers.not_a_date", name, {"value": str(value)[:40], "allowed": "YYYY-MM-DD"})


def _geometry(columns: dict[str, Any], register: Register, value: Any, wrong: Any) -> None:
    columns.update(dict.fromkeys(("geometry", "lon", "lat", "west", "south", "east", "north", "cell")))
    if not value or not register.mapped:
        return
    if register.geometry in {"point", "any"} and (place := _point(value)) is not None:
        lon, lat = place
        columns.update(geometry={"type": "Point", "coordinates": [lon, lat]}, lon=lon, lat=lat, cell=tiles.cell(lon, lat))
        columns.update(west=lon, south=lat, east=lon, north=lat)
        return
    try:
        shape = shapes.checked(value, register.geometry)
    except BilanError as error:
        for problem in error.problems:
            wrong(problem.code, "geometry", dict(problem.values))
        return
    lon, lat = shapes.representative(shape)
    columns.update(zip(("west", "south", "east", "north"), shapes.bounds(shape), strict=True))
    columns.update(geometry=shape, lon=lon, lat=lat, cell=tiles.cell(lon, lat) if shape["type"] == "Point" else None)


def _point(value: Any) -> tuple[float, float] | None:
    """Longitude and latitude of a well-formed point, which most entries are; None for anything else."""
    match value:
        case {"type": "Point", "coordinates": [int() | float() as lon, int() | float() as lat]} if -180 <= lon <= 180 and -90 <= lat <= 90:
            return round(float(lon), shapes.DECIMALS), round(float(lat), shapes.DECIMALS)
    return None

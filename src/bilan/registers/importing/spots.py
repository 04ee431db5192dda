"""Points of the rows: from columns of longitude and latitude, of degrees, minutes and seconds, or of both in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bilan.problems import Place, Problem
from bilan.tabular.places.coordinates import convert
from bilan.tabular.places.parsing import Box, Location, read_location
from bilan.tabular.sheets import Sheet
from bilan.tabular.sheets.mapping import Mapping

_PLAIN = re.compile(r"-?\d{1,3}\.\d{3,12}", re.ASCII)
_PARTS = (".minutes", ".seconds")
DECIMALS = 7
"""Decimals of a degree that are kept: a centimetre."""


@dataclass(frozen=True, slots=True)
class Spots:
    """Points by position of the row.

    Attributes:
        points: longitude and latitude [deg], WGS 84; None where the row has none.
        problems: why a row's point could not be read.
        notes: what was assumed.
    """

    points: list[tuple[float, float] | None]
    problems: dict[int, Problem] = field(default_factory=dict)
    notes: dict[int, tuple[Problem, ...]] = field(default_factory=dict)


def read_spots(sheet: Sheet, mapping: Mapping, system: str, box: Box | None) -> Spots | None:
    """Read the point of each row; None when no column holds places.

    Args:
        system: coordinate system the file's degrees are in.
        box: where places must lie, with its margin; None for anywhere.
    """
    first, second, title = _texts(sheet, mapping)
    if first is None:
        return None
    found = Spots([None] * sheet.height)
    degrees: list[tuple[int, float, float]] = []
    for at, (row, lon, lat) in enumerate(zip(sheet.row, first, second, strict=True)):
        place = Place(sheet.file, row, title)
        read = _quick(lon, lat, box) or read_location(lon or "", None if lat is None else lat, box=box, place=place)
        if isinstance(read, Problem):
            found.problems[at] = read
        elif isinstance(read, Location):
            if read.notes:
                found.notes[at] = read.notes
            if any(note.code == "place.projected" for note in read.notes):
                found.points[at] = (round(read.lon, DECIMALS), round(read.lat, DECIMALS))
            else:
                degrees.append((at, read.lon, read.lat))
    if degrees:
        carried = convert(np.array([(lon, lat) for _at, lon, lat in degrees]), system).round(DECIMALS).tolist()
        for (at, _lon, _lat), (x, y) in zip(degrees, carried, strict=True):
            found.points[at] = (x, y)
    return found


def _quick(lon: str | None, lat: str | None, box: Box | None) -> Location | None:
    """Plain decimal degrees inside the box, as most cells are."""
    if lon and lat and box and _PLAIN.fullmatch(lon) and _PLAIN.fullmatch(lat):
        x, y = float(lon), float(lat)
        if box.holds(x, y):
            return Location(x, y)
    return None


def _texts(sheet: Sheet, mapping: Mapping) -> tuple[Sequence[Any] | None, Sequence[Any], str]:
    """Longitude and latitude as written, or both in the first, and the title of the column that problems name."""
    by_target = mapping.by_target
    lon, lat = (_joined(sheet, mapping, axis) for axis in ("longitude", "latitude"))
    if lon is not None and lat is not None:
        return lon, [text or "" for text in lat], by_target["longitude"].column.title
    column = by_target.get("place") or by_target.get("longitude") or by_target.get("latitude")
    if column is None:
        return None, (), ""
    return sheet.cells.to_series(column.column.index).to_list(), [None] * sheet.height, column.column.title


def _joined(sheet: Sheet, mapping: Mapping, axis: str) -> list[str | None] | None:
    by_target = mapping.by_target
    if axis not in by_target:
        return None
    degrees = sheet.cells.to_series(by_target[axis].column.index).to_list()
    parts = [sheet.cells.to_series(by_target[axis + part].column.index).to_list() for part in _PARTS if axis + part in by_target]
    if not parts:
        return degrees
    signs = ("°", "'", '"')
    rows = zip(degrees, *parts, strict=True)
    return ["".join(f"{text}{sign}" for text, sign in zip(row, signs, strict=False) if text) or None for row in rows]

"""What a file holds, whatever its format: a sheet, and a geometry a row where the format has them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from bilan.problems import BilanError, Place, Problem
from bilan.registers.importing.settings import ImportSettings
from bilan.tabular.places.files import ENDINGS as PLACES
from bilan.tabular.places.files import open_features
from bilan.tabular.sheets import Heading, Sheet, read_sheet
from bilan.tabular.sheets.model import MOST_COLUMNS, letter
from bilan.tabular.sheets.reading import ENDINGS as SHEETS
from bilan.tabular.sheets.words import split_unit

ENDINGS = (*SHEETS, *PLACES)
"""Endings of files that can be imported."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read.

    Attributes:
        geometries: GeoJSON geometry of each row in WGS 84; empty for sheets.
    """

    sheet: Sheet
    geometries: tuple[dict[str, Any] | None, ...] = ()


def read_source(path: Path, settings: ImportSettings, known: Collection[str]) -> Source:
    """Read a file with the corrections that were made to it, and only the rows that are asked for.

    Raises:
        BilanError: it cannot be read.
    """
    spatial = path.suffix.lower() in PLACES
    source = _features(path) if spatial else Source(read_sheet(path, sheet=settings.sheet or None, known=known))
    source = replace(source, sheet=_corrected(source.sheet, settings.corrections))
    if not settings.only:
        return source
    wanted = source.sheet.row.is_in(settings.only)
    sheet = replace(source.sheet, row=source.sheet.row.filter(wanted), cells=source.sheet.cells.filter(wanted))
    kept = tuple(shape for shape, keep in zip(source.geometries, wanted, strict=True) if keep) if spatial else ()
    return Source(sheet, kept)


def _features(path: Path) -> Source:
    with open_features(path) as opened:
        features = list(opened.features)
        notes = tuple(opened.notes)
    names = list(dict.fromkeys([*opened.fields, *(name for feature in features[:1000] for name in feature.attributes)]))
    if len(names) > MOST_COLUMNS:
        values = {"sheet": path.name, "value": letter(len(names) - 1), "allowed": letter(MOST_COLUMNS - 1)}
        raise BilanError(Problem("sheet.too_wide", values, Place(path.name)))
    columns = tuple(Heading(at, letter(at), name, *_named(name)) for at, name in enumerate(names))
    cells = pl.DataFrame(
        {f"c{at}": [_text(feature.attributes.get(name)) for feature in features] for at, name in enumerate(names)},
        schema={f"c{at}": pl.String for at in range(len(names))},
    )
    if not names:
        cells = pl.DataFrame({"c0": [None] * len(features)}, schema={"c0": pl.String})
        columns = (Heading(0, "A", "name", "name"),)
    row = pl.int_range(1, len(features) + 1, eager=True, dtype=pl.Int64).alias("row")
    chosen = Problem("import.features", {"count": len(features)})
    sheet = Sheet(path.name, "", chosen, (("", True),), (0, 0), columns, row, cells, (), notes)
    return Source(sheet, tuple(dict(feature.geometry) if feature.geometry else None for feature in features))


def _named(title: str) -> tuple[str, str, str]:
    """Name, nothing above, and unit of an attribute."""
    name, unit = split_unit(title)
    return name, "", unit


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[:50_000]


def _corrected(sheet: Sheet, corrections: Mapping[str, Mapping[str, str]]) -> Sheet:
    if not corrections:
        return sheet
    at = {number: index for index, number in enumerate(sheet.row)}
    by_letter = {column.letter: column for column in sheet.columns}
    changed: dict[str, dict[int, str]] = {}
    for row, corrected in corrections.items():
        for letters, text in corrected.items():
            if int(row) in at and letters in by_letter:
                changed.setdefault(f"c{by_letter[letters].index}", {})[at[int(row)]] = text
    fresh = []
    for name, cells in changed.items():
        values = sheet.cells[name].to_list()
        for index, text in cells.items():
            values[index] = text.strip() or None
        fresh.append(pl.Series(name, values, pl.String))
    return replace(sheet, cells=sheet.cells.with_columns(fresh))

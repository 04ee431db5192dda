"""Registers as typed tables of the lake: current entries, one table a register, for analysts and indicators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import shapely
from django.conf import settings
from django.db.models import Max

from bilan.lake import LakeTables, publish
from bilan.lake.places import GEOMETRY
from bilan.lake.writing import ALL
from bilan.pack.indicators import Column as TableColumn
from bilan.pack.indicators import Table
from bilan.pack.registers import Bilingual, FieldType, Register
from bilan.pack.registers.fields import Sensitivity
from bilan.registers.declared import declared
from bilan.registers.exporting.columns import Column, Values, columns
from bilan.registers.exporting.typed import column_type, typed_frame
from bilan.registers.models import Entry, Revision

OPEN = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
"""Fields more sensitive than these are not written: files have no readers that could be told apart."""
_COMMON = [
    "code", "name", "aliases", "status", "district", "town", "organisation", "valid_from", "valid_to", "longitude", "latitude",
    "geometry", "completeness", "changed",
]  # fmt: skip
_TYPES: dict[Any, str] = {pl.Int64: "integer", pl.Float64: "number", pl.Date: "date", pl.Boolean: "boolean"}
_VERSION, _DECLARED = "bilan.revision", "bilan.declarations"
_FORM = "geoparquet"
"""Part of what a table was written under: tables that were written otherwise are written anew."""


def table_name(register: str) -> str:
    """What a register's table is called.

    Examples:
        >>> table_name("discharge-permit")
        'registers.discharge_permit'
    """
    return f"registers.{register.replace('-', '_')}"


def tables() -> LakeTables:
    """The city's lake."""
    return LakeTables(Path(settings.CITY.lake))


def path_of(register: str) -> Path:
    """The file of a register's table.

    Raises:
        BilanError: it was never written.
    """
    return tables().files(table_name(register))[0]


def table_of(register: Register) -> Table:
    """A register's table: its columns with their types, units and names in both languages."""
    found = {entry.name: _column(register, entry) for entry in columns(register, names_of(register), "zh-hans")}
    about = Bilingual("每行是一条记录，为台账现状", "A row is an entry as the register says now")
    return Table(table_name(register.name), register.title, about, found, lineage_of(register), sort=("code",))


def lineage_of(register: Register) -> Bilingual:
    """Where a register's tables come from, in words."""
    return Bilingual(f"台账“{register.title.zh}”", f"The register “{register.title.text('en')}”")


def names_of(register: Register) -> list[str]:
    """Columns of a register's table: what every entry has, then the declared fields that may leave the database."""
    fields = [
        field.name
        for field in register.fields.values()
        if register.sensitivity_of(field.name) in OPEN and field.type not in {FieldType.ATTACHMENT, FieldType.PERSON}
    ]
    return [*_COMMON, *fields]


def version_of(register: str) -> int:
    """Number of the last revision of any of its entries."""
    return int(Revision.objects.filter(register=register).aggregate(last=Max("pk"))["last"] or 0)


def is_current(register: str) -> bool:
    """Whether a register's table says what the register says now, under the declarations of now."""
    return _kept(register) == (version_of(register), _written_under(declared().signature))


def write(name: str) -> bool:
    """Write a register's table anew; readers see the old file or the new one.

    Returns:
        Whether it was written: not when a later state is there already.

    Raises:
        KeyError: no such register.
    """
    known = declared()
    register = known.registers[name]
    if register.sensitivity not in OPEN:
        return False
    version = version_of(name)
    wanted = columns(register, names_of(register), "zh-hans")
    entries = Entry.objects.filter(register=name, archived=False).order_by("code")
    rows = Values(None, register, wanted, "zh-hans", worded=False).of(entries)
    frame = _with_places(typed_frame(register, names_of(register), (values for _record, values in rows)))
    kept = _kept(name)
    if kept and kept[0] > version:
        return False
    marks = {_VERSION: str(version), _DECLARED: _written_under(known.signature)}
    publish(tables(), table_of(register), [(ALL, frame)], marks=marks)
    return True


def refresh(*, every: bool = False) -> dict[str, bool]:
    """Write the tables that are not current; all of them when `every`.

    Returns:
        Register → whether its table was written.
    """
    return {name: (every or not is_current(name)) and write(name) for name in declared().registers}


def _kept(register: str) -> tuple[int, str] | None:
    """Version and declarations of the table that is there; None without one."""
    found = tables().known(table_name(register))
    return (int(found.marks.get(_VERSION, "0")), found.marks.get(_DECLARED, "")) if found else None


def _written_under(signature: str) -> str:
    return f"{_FORM} {signature}"


def _with_places(frame: pl.DataFrame) -> pl.DataFrame:
    """Geometries as WKB, flat; what is no geometry is left empty."""
    shapes = shapely.force_2d(shapely.from_geojson(frame[GEOMETRY.name].to_numpy(), on_invalid="ignore"))
    return frame.with_columns(pl.Series(GEOMETRY.name, shapely.to_wkb(shapes).tolist(), dtype=pl.Binary))


def _column(register: Register, entry: Column) -> TableColumn:
    if entry.name == GEOMETRY.name:
        return GEOMETRY
    field = register.fields.get(entry.name)
    english = field.title.text("en") if field else entry.name.replace("_", " ").capitalize()
    return TableColumn(entry.name, _type(register, entry.name), Bilingual(entry.title, english), entry.unit)


def _type(register: Register, name: str) -> str:
    kind = column_type(register, name)
    if isinstance(kind, pl.List):
        return f"{_TYPES.get(kind.inner, 'text')}[]"
    return _TYPES.get(kind, "time" if isinstance(kind, pl.Datetime) else "text")

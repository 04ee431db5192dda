"""Registers as typed tables of the lake: current entries in Parquet, one file a register, for analysts and indicators."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from django.conf import settings
from django.db.models import Max

from bilan.pack.registers import FieldType, Register
from bilan.pack.registers.fields import Sensitivity
from bilan.registers.declared import declared
from bilan.registers.exporting.columns import Values, columns
from bilan.registers.exporting.typed import typed_frame
from bilan.registers.models import Entry, Revision

OPEN = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
"""Fields more sensitive than these are not written: files have no readers that could be told apart."""
_COMMON = [
    "code", "name", "aliases", "status", "district", "town", "organisation", "valid_from", "valid_to", "longitude", "latitude",
    "geometry", "completeness", "changed",
]  # fmt: skip
_VERSION, _DECLARED = "bilan.revision", "bilan.declarations"


def path_of(register: str) -> Path:
    """Where a register's table is."""
    return Path(settings.CITY.lake) / "registers" / f"{register}.parquet"


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
    return _kept(register) == (version_of(register), declared().signature)


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
    frame = typed_frame(register, names_of(register), (values for _record, values in rows))
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(f".{version}.new")
    frame.write_parquet(fresh, metadata={_VERSION: str(version), _DECLARED: known.signature})
    kept = _kept(name)
    if kept and kept[0] > version:
        fresh.unlink()
        return False
    fresh.replace(target)
    return True


def refresh(*, every: bool = False) -> dict[str, bool]:
    """Write the tables that are not current; all of them when `every`.

    Returns:
        Register → whether its table was written.
    """
    return {name: (every or not is_current(name)) and write(name) for name in declared().registers}


def _kept(register: str) -> tuple[int, str] | None:
    """Version and declarations of the file that is there; None without one that can be read."""
    try:
        found = pl.read_parquet_metadata(path_of(register))
    except (OSError, pl.exceptions.PolarsError):
        return None
    return int(found.get(_VERSION, "0")), found.get(_DECLARED, "")

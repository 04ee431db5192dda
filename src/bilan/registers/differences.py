"""What is different between two states of an entry, field by field, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bilan.pack.registers import Bilingual, Register
from bilan.pack.registers.fields import Sensitivity
from bilan.registers import masking
from bilan.registers.models import Content
from bilan.registers.saying import Speaker
from bilan.tabular.places import shapes

COLUMNS = ("name", "aliases", "status", "district", "town", "organisation", "valid_from", "valid_to", "geometry", "archived")
_MOVED = Bilingual("移动 {metres} 米", "moved by {metres} m")
_RESHAPED = Bilingual("形状改变，中心移动 {metres} 米", "reshaped, its middle moved by {metres} m")
_HIDDEN = Bilingual("已修改（无权查看）", "changed (not shown to you)")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same.

    Attributes:
        before, after: in words; empty for no value.
        note: what the words do not tell, such as how far a place moved.
    """

    name: str
    title: str
    before: str
    after: str
    note: str = ""


def changed(register: Register, before: Content | None, after: Content) -> list[str]:
    """Names of the columns and fields in which two states differ; everything that is filled, when there is none before."""
    columns = [name for name in COLUMNS if _of(before, name) != _of(after, name)]
    old, new = before.data if before else {}, after.data
    return columns + [name for name in register.fields if name not in register.volatile and _blank(old.get(name)) != _blank(new.get(name))]


def differences(
    speaker: Speaker, register: Register, before: Content | None, after: Content, readable: Collection[Sensitivity]
) -> list[Difference]:
    """What one state has otherwise than another; `speaker` must have learnt the names that both point to.

    Parameters:
        before: None for everything that `after` says.
        readable: sensitivities that the reader reads; others are only told to have changed.
    """
    old = masking.masked(register, before.data, readable) if before else {}
    new = masking.masked(register, after.data, readable)
    found = []
    for name in changed(register, before, after):
        title = speaker.title(register, name)
        if name not in register.fields:
            was, now = _of(before, name), _of(after, name)
            note = _moved(speaker, was, now) if name == "geometry" else ""
            found.append(Difference(name, title, speaker.common(register, name, was), speaker.common(register, name, now), note))
            continue
        field = register.fields[name]
        was, now = (speaker.said(field, values.get(name)).text for values in (old, new))
        hidden = register.sensitivity_of(name) not in readable
        found.append(Difference(name, title, was, now, speaker.words(_HIDDEN) if hidden else ""))
    return found


def _of(record: Content | None, name: str) -> Any:
    value = getattr(record, name) if record is not None else None
    return (value or None) if name == "archived" else _blank(value)


def _blank(value: Any) -> Any:
    """Empty texts, lists and mappings are no value."""
    return None if isinstance(value, str | list | dict) and not value else value


def _moved(speaker: Speaker, before: Any, after: Any) -> str:
    if not before or not after:
        return ""
    places = [{"type": "Point", "coordinates": list(shapes.representative(geometry))} for geometry in (before, after)]
    metres = f"{shapes.distance_m(places[0], places[1]):,.0f}"
    points = before.get("type") == after.get("type") == "Point"
    return speaker.words(_MOVED if points else _RESHAPED).format(metres=metres)

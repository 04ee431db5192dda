"""Entries judged by a scored table, within what the reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bilan.pack import scores
from bilan.pack.registers import Register
from bilan.pack.scores import SHEET, Score
from bilan.people.visibility import NotVisible
from bilan.registers.ledger import Ledger, Record
from bilan.registers.masking import HIDDEN
from bilan.science.scores import Judged, judge_row
from bilan.web import site

MOST = 20_000
"""Entries judged for one page."""
OWN = ("name", "code", "district", "town", "status", "lon", "lat")


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with what it earned.

    Attributes:
        values: what the table's expressions looked at.
        veiled: fields of the table that the reader may not read; they count as missing.
        year: of an evaluation sheet.
    """

    record: Record
    values: Mapping[str, Any]
    judged: Judged
    veiled: tuple[str, ...] = ()
    year: int | None = None


def tables() -> dict[str, Score]:
    """Scored tables of the city, as they stand now."""
    return scores.current(site.city().pack)


def table(name: str) -> Score:
    """One scored table.

    Raises:
        NotVisible: there is none.
    """
    found = tables().get(name)
    if found is None:
        raise NotVisible(name)
    return found


def rows(ledger: Ledger, of: Score, district: str = "") -> list[Row]:
    """Every entry a table judges; of sheets those of every year that are not void.

    Raises:
        NotVisible: the reader may not see the register.
    """
    register = ledger.register(of.of)
    filters = {"scheme": of.scheme or of.name} if of.of == SHEET else {}
    found = ledger.entries(of.of, filters, sort="code", district=district)[:MOST]
    return [row(ledger, register, of, record) for record in found if _counts(register, record)]


def row(ledger: Ledger, register: Register, of: Score, record: Record) -> Row:
    """Judge one entry."""
    told = ledger.values(record)
    readable = ledger.sensitivities(record)
    looked = {*of.names, *(["values"] if of.of == SHEET else [])}
    veiled = tuple(sorted(name for name in looked if name in register.fields and register.sensitivity_of(name) not in readable))
    values: dict[str, Any] = {name: getattr(record, name) for name in OWN}
    values |= {name: value for name, value in told.items() if name not in veiled and value != HIDDEN}
    year = None
    if of.of == SHEET:
        values |= _items(told.get("values") or [])
        year = int(told["year"]) if told.get("year") else None
    return Row(record, values, judge_row(of, values), veiled, year)


def ranks(found: Sequence[Row]) -> dict[int, int]:
    """Ranks by score, the best first; equal scores share one."""
    points = sorted((entry.judged.score for entry in found if entry.judged.score is not None), reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(points, 1)))}
    return {entry.record.number: first[entry.judged.score] for entry in found if entry.judged.score is not None}


def years(found: Sequence[Row]) -> list[int]:
    """Years that sheets are of, the newest first."""
    return sorted({entry.year for entry in found if entry.year is not None}, reverse=True)


def subject(entry: Row) -> tuple[str, ...]:
    """What the sheets of several years share: the entry they are about, else name and district without the year."""
    about = next((str(entry.values[name]) for name in ("river", "enterprise") if entry.values.get(name)), "")
    return (about,) if about else (entry.record.name.replace(str(entry.year), ""), entry.record.district)


def _counts(register: Register, record: Record) -> bool:
    state = register.state.get(record.status)
    return state is None or state.active


def _items(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Lines of a sheet as values by item: a word before a number."""
    found: dict[str, Any] = {}
    for line in lines:
        value = line.get("word") or line.get("value")
        found[str(line.get("item", ""))] = _number(value) if not line.get("word") else value
    return found


def _number(value: Any) -> float | None:
    try:
        return None if value is None or value == "" else float(value)
    except (TypeError, ValueError):
        return None

"""Rows as drafts for the write service: cells under their fields' names, numbers in the fields' units, points, links, keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bilan.pack.registers import FieldType, Register
from bilan.pack.registers.values import Refused, read_date, read_number
from bilan.pack.registers.values.texts import EMPTY
from bilan.problems import Place, Problem
from bilan.registers.importing.keys import Keys, Standing, chosen_key
from bilan.registers.importing.references import References
from bilan.registers.importing.settings import ImportSettings
from bilan.registers.importing.source import Source
from bilan.registers.importing.spots import Spots, read_spots
from bilan.registers.ledger import Ledger
from bilan.registers.writing import Draft
from bilan.tabular.places.parsing import Box
from bilan.tabular.sheets.mapping import Mapping, Proposal
from bilan.tabular.sheets.targets import PLACE

_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(.*)", re.DOTALL)
_MASKED = re.compile(r"\*{2,}|＊{2,}|•{2,}")
_LIST = re.compile(r"\s*[;；、,，\n|]\s*")

Read = Callable[[str, Place], Any]


@dataclass(slots=True)
class Row:
    """One row on its way.

    Attributes:
        row: in the sheet.
        problems: why it must be refused, known before the write service sees it.
        skipped: whether its entry is there and is to stay as it is.
    """

    row: int
    draft: Draft
    standing: Standing | None = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    point: tuple[float, float] | None = None
    skipped: bool = False


def make_rows(source: Source, mapping: Mapping, register: Register, ledger: Ledger, settings: ImportSettings, box: Box | None) -> list[Row]:
    """Turn every row of a file into a draft."""
    sheet = source.sheet
    spots = read_spots(sheet, mapping, settings.system, None if settings.outside else box) if register.mapped else None
    made = _Values(source, mapping, register, ledger, settings)
    key = chosen_key(register, list(mapping.by_target), settings.key)
    values = made.rows()
    texts = [_key_text(entry, key) for entry, _problems in values]
    keys = Keys(ledger, register, key, [text for text in texts if text]) if key else None
    titles = {target: entry.column.title for target, entry in mapping.by_target.items()}
    rows = []
    seen: dict[str, int] = {}
    held: dict[tuple[str, str], int] = {}
    unique = [name for name, declared in register.fields.items() if declared.unique and name in titles and name != key]
    for at, ((given, problems), number) in enumerate(zip(values, sheet.row, strict=True)):
        masked = [problem for problem in problems if problem.code == "import.masked"]
        row = Row(number, Draft(), problems=[problem for problem in problems if problem not in masked], notes=masked)
        _locate(row, at, given, source, spots)
        place = Place(sheet.file, number, titles.get(key, ""))
        if keys and texts[at]:
            _identify(row, texts[at], keys, seen, place)
        _alone(row, given, unique, titles, held, sheet.file)
        _decide(row, given, register, settings, key)
        rows.append(row)
    return rows


def _key_text(values: dict[str, Any], key: str) -> str:
    return " ".join(str(values.get(key) or "").split()) if key else ""


def _locate(row: Row, at: int, given: dict[str, Any], source: Source, spots: Spots | None) -> None:
    if source.geometries and source.geometries[at]:
        given["geometry"] = source.geometries[at]
    if spots is None:
        return
    if at in spots.problems:
        row.problems.append(spots.problems[at])
    row.notes += spots.notes.get(at, ())
    point = spots.points[at]
    if point is not None:
        row.point = point
        given["geometry"] = {"type": "Point", "coordinates": list(point)}


def _identify(row: Row, text: str, keys: Keys, seen: dict[str, int], place: Place) -> None:
    found = keys.entry(text, row.point, place)
    if isinstance(found, Problem):
        row.problems.append(found)
        return
    row.standing = found
    mark = found.code if found else text
    # Two things may share a name as long as their places tell them apart.
    mark = f"{mark} {row.point}" if keys.key == "name" and found is None and row.point else mark
    if mark in seen:
        row.problems.append(Problem("import.twice", {"value": text, "other": seen[mark]}, place))
    seen.setdefault(mark, row.row)


def _alone(row: Row, given: dict[str, Any], unique: list[str], titles: dict[str, str], held: dict[tuple[str, str], int], file: str) -> None:
    """Values that no two entries may share must not stand in two rows either."""
    for name in unique:
        text = str(given.get(name) or "").strip()
        if text and held.setdefault((name, text), row.row) != row.row:
            values = {"value": text, "other": held[name, text]}
            row.problems.append(Problem("import.twice", values, Place(file, row.row, titles[name])))


def _decide(row: Row, given: dict[str, Any], register: Register, settings: ImportSettings, key: str) -> None:
    """What the row does to its entry, by the chosen policy."""
    code = str(given.pop("code", "") or "")
    standing = row.standing
    if standing is not None:
        code = standing.code
        if settings.policy == "add":
            row.skipped = True
            row.notes.append(Problem("import.exists", {"value": code}, Place("", row.row)))
        elif settings.policy == "fill":
            given = {name: value for name, value in given.items() if name in register.fields and standing.data.get(name) in (None, "", [])}
    row.draft = Draft(given, code=code, row=row.row)


class _Values:
    """Reads the cells of all rows, column by column."""

    def __init__(self, source: Source, mapping: Mapping, register: Register, ledger: Ledger, settings: ImportSettings) -> None:
        self._sheet, self._register, self._ledger, self._settings = source.sheet, register, ledger, settings
        self._entries = [entry for entry in mapping.proposals if entry.target and entry.target not in PLACE]
        codes = mapping.by_target.get("code")
        self._own = frozenset(self._cells(codes)) if codes else frozenset()

    def _cells(self, entry: Proposal) -> list[str]:
        return [text.strip() for text in self._sheet.cells.to_series(entry.column.index) if text]

    def rows(self) -> list[tuple[dict[str, Any], list[Problem]]]:
        """Values and problems of each row; empty cells and dashes say nothing."""
        found: list[tuple[dict[str, Any], list[Problem]]] = [({}, []) for _ in range(self._sheet.height)]
        for entry in self._entries:
            name, _, part = entry.target.partition(".")
            read = self._reader(entry, name, part)
            title, file = entry.column.title or entry.column.letter, self._sheet.file
            for text, row, (values, problems) in zip(self._sheet.cells.to_series(entry.column.index), self._sheet.row, found, strict=True):
                if text is None or text in EMPTY:
                    continue
                value = read(text, Place(file, row, title)) if read else text
                if isinstance(value, Problem):
                    problems.append(value)
                elif part:
                    _put_part(values, name, part, value)
                elif isinstance(values.get(name), dict):
                    values[name] = {**values[name], "name": value}
                else:
                    values[name] = value
        return found

    def _reader(self, entry: Proposal, name: str, part: str) -> Read | None:
        field_ = self._register.fields.get(name)
        kind = field_.type if field_ else None
        if kind in {FieldType.LINK, FieldType.ORGANISATION} or name == "organisation":
            of_itself = kind is FieldType.LINK and field_ is not None and field_.of == self._register.name
            known = References(self._ledger, field_, set(self._cells(entry)), self._own if of_itself else frozenset())
            return known.resolve
        if name in ("valid_from", "valid_to"):
            return self._day
        if name == "aliases":
            return lambda text, _place: [item for item in _LIST.split(text) if item]
        if kind is FieldType.DATE or part in ("begin", "end"):
            return self._turned if self._settings.dates else None
        if kind is FieldType.PERSON:
            return _not_masked
        if kind in {FieldType.INTEGER, FieldType.DECIMAL} and entry.factor != 1.0:
            return lambda text, _place: _scaled(text, entry)
        return None

    def _turned(self, text: str, _place: Place) -> str:
        """A date whose year stands last, in the order that was chosen."""
        match = _YEAR_LAST.fullmatch(text.strip())
        if not match:
            return text
        day, month = (match[1], match[2]) if self._settings.dates == "day_first" else (match[2], match[1])
        return f"{match[3]}-{month}-{day}"

    def _day(self, text: str, place: Place) -> str | Problem:
        try:
            return read_date(self._turned(text, place) if self._settings.dates else text)
        except Refused as error:
            return Problem(error.code, error.values, place)


def _scaled(text: str, entry: Proposal) -> Any:
    """A number in the field's unit; what is none is left for the write service to refuse."""
    try:
        return float(f"{read_number(text, entry.column.unit) * entry.factor:.12g}")
    except Refused:
        return text


def _not_masked(text: str, place: Place) -> str | Problem:
    return Problem("import.masked", {"value": text}, place) if _MASKED.search(text) else text


def _put_part(values: dict[str, Any], name: str, part: str, value: Any) -> None:
    """Parts of a person or a period, which come from several columns."""
    held = values.get(name)
    if part == "phone":
        values[name] = {"name": held if isinstance(held, str) else (held or {}).get("name", ""), "phone": value}
        return
    period = held if isinstance(held, list) else [None, None]
    period[0 if part == "begin" else 1] = value
    values[name] = period

"""Values of entries in words, in either language, for what is printed and told without a page: dossiers, files, differences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils import timezone

from bilan.pack.areas import areas
from bilan.pack.registers import Bilingual, Field, FieldType, Register, display
from bilan.pack.registers.display import number
from bilan.pack.vocab import parameters
from bilan.pack.vocab.units import unit_symbol
from bilan.registers.ledger import Ledger
from bilan.registers.models import Content

ENTERPRISE = "enterprise"
"""Register in which organisations are looked up."""
EMPTY: tuple[Any, ...] = (None, "", [], {})
YES, NO = Bilingual("是", "yes"), Bilingual("否", "no")
_SHAPES = {"Point": Bilingual("点", "point"), "LineString": Bilingual("线", "line"), "Polygon": Bilingual("面", "area")}
UNVERIFIED = frozenset({"memory_only", "unverified", "assumed"})
"""Confidences of vocabulary terms that are marked where they are shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a value names.

    Attributes:
        register, code: the entry it is, when it is one that the reader may see.
        unverified: whether the vocabulary is not sure of it.
        colour: of the term.
        href: address elsewhere; `attachment`: number of a file.
    """

    text: str
    register: str = ""
    code: str = ""
    unverified: bool = False
    colour: str = ""
    href: str = ""
    attachment: int = 0


@dataclass(frozen=True, slots=True)
class Grid:
    """A table inside a value: headings, then rows of texts."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A value as a reader understands it: items side by side, or a grid."""

    items: tuple[Item, ...] = ()
    grid: Grid | None = None
    unit: str = ""

    @property
    def text(self) -> str:
        """All of it in one line."""
        if self.grid is not None:
            return "; ".join(" · ".join(filter(None, row)) for row in self.grid.rows)
        joined = ", ".join(item.text for item in self.items)
        return f"{joined} {self.unit}" if self.unit and joined else joined


class Speaker:
    """Says values of entries in one language; names of what they point to are looked up beforehand, one query a register.

    Args:
        ledger: what the reader may see.
        language: ``zh-hans`` or ``en``.
    """

    def __init__(self, ledger: Ledger, language: str) -> None:
        self.ledger, self.language = ledger, language
        self._titles: dict[str, dict[str, str]] = defaultdict(dict)

    def learn(self, register: Register, datas: Iterable[Mapping[str, Any]], organisations: Collection[str] = ()) -> None:
        """Look up the names of everything that values of a register point to."""
        wanted: dict[str, set[str]] = defaultdict(set)
        wanted[ENTERPRISE].update(filter(None, organisations))
        for data in datas:
            for field in register.fields.values():
                _collect(field, data.get(field.name), wanted)
        for target, codes in wanted.items():
            if missing := codes - self._titles[target].keys():
                self._titles[target] |= self.ledger.titles(target, missing)

    def words(self, text: Bilingual) -> str:
        """A declared text in the language."""
        return text.text(self.language)

    def title(self, register: Register, name: str) -> str:
        """Title of a field or a common column."""
        return self.words(register.title_of(name))

    def district(self, code: str) -> str:
        """Name of a county; the code itself when it is none of the city's."""
        return self._areas.get(code, code)

    def state(self, register: Register, status: str) -> str:
        """Title of a state."""
        known = register.state.get(status)
        return self.words(known.title) if known else status

    def said(self, field: Field, value: Any) -> Said:
        """A value of a declared field."""
        if value in EMPTY:
            return Said()
        if field.type is FieldType.TABLE:
            return Said(grid=self._grid(field, value))
        if field.type is FieldType.PARAMETER:
            return Said(grid=self._limits(value if isinstance(value, list) else [value]))
        if field.type is FieldType.ATTACHMENT:
            return Said(tuple(Item(str(entry.get("name", "")), attachment=int(entry.get("id") or 0)) for entry in value))
        values = value if field.many and isinstance(value, list) else [value]
        return Said(tuple(self._item(field, entry) for entry in values), unit=unit_symbol(field.unit) if _is_number(value) else "")

    def common(self, register: Register, name: str, value: Any) -> str:
        """A value that every entry has."""
        if value in EMPTY:
            return ""
        match name:
            case "status":
                return self.state(register, str(value))
            case "district" | "town":
                return self.district(str(value))
            case "organisation":
                return self._titles[ENTERPRISE].get(str(value), str(value))
            case "geometry":
                return self.place(value)
            case "archived":
                return self.words(YES if value else NO)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return value.isoformat() if isinstance(value, date) else str(value)

    def place(self, geometry: Mapping[str, Any]) -> str:
        """A geometry in short: coordinates of a point [deg], else its kind."""
        kind = str(geometry.get("type", ""))
        if kind == "Point":
            lon, lat = geometry["coordinates"][:2]
            return f"{lon:.6f}, {lat:.6f}"
        return self.words(_SHAPES.get(kind.removeprefix("Multi"), Bilingual(kind)))

    def moment(self, when: datetime) -> str:
        """A moment in the city's zone."""
        return f"{timezone.localtime(when):%Y-%m-%d %H:%M}"

    @cached_property
    def _areas(self) -> dict[str, str]:
        return {area.adcode: area.name(self.language) for area in areas(settings.CITY)}

    def _item(self, field: Field, value: Any) -> Item:
        match field.type:
            case FieldType.CHOICE:
                term = self.ledger.declared.vocabularies[field.of].by_code.get(str(value))
                if term is None:
                    return Item(str(value), unverified=True)
                return Item(self.words(term.title), unverified=term.confidence in UNVERIFIED, colour=term.colour)
            case FieldType.LINK | FieldType.ORGANISATION:
                target, code = field.of or ENTERPRISE, str(value)
                named = self._titles[target].get(code)
                return Item(named, target, code) if named else Item(code)
            case FieldType.DISTRICT:
                return Item(self.district(str(value)))
            case FieldType.URL:
                return Item(str(value), href=str(value) if str(value).startswith(("http://", "https://")) else "")
        return Item(display.shown(field, value, self.language, self.ledger.declared, unit=False))

    def _grid(self, field: Field, rows: Sequence[Mapping[str, Any]]) -> Grid:
        used = [column for column in field.columns if any(row.get(column.name) not in EMPTY for row in rows)] or list(field.columns)
        heads = tuple(
            f"{self.words(column.title)} ({unit_symbol(column.unit)})" if column.unit else self.words(column.title) for column in used
        )
        return Grid(heads, tuple(tuple(self._in_row(column, row.get(column.name)) for column in used) for row in rows))

    def _in_row(self, column: Field, value: Any) -> str:
        if value in EMPTY:
            return ""
        if column.type is FieldType.PARAMETER:
            return display.shown(column, value, self.language, self.ledger.declared)
        return ", ".join(item.text for item in self.said(column, value).items)

    def _limits(self, values: Sequence[Mapping[str, Any]]) -> Grid:
        heads = [Bilingual("污染物", "Parameter"), Bilingual("限值", "Limit"), Bilingual("单位", "Unit"), Bilingual("依据", "Clause")]
        rows = tuple(
            (
                self.parameter(str(entry.get("parameter") or "")),
                "" if entry.get("limit") is None else number(entry["limit"]),
                unit_symbol(str(entry.get("unit") or "")),
                str(entry.get("clause") or ""),
            )
            for entry in values
        )
        kept = [at for at in range(len(heads)) if at < 2 or any(row[at] for row in rows)]
        return Grid(tuple(self.words(heads[at]) for at in kept), tuple(tuple(row[at] for at in kept) for row in rows))

    def parameter(self, code: str) -> str:
        """Name of a parameter; its code when it is unknown."""
        known = parameters().get(code)
        if known is None:
            return code
        return str((known.name_en if self.language == "en" else known.name_zh) or known.symbol or code)


def _collect(field: Field, value: Any, wanted: dict[str, set[str]]) -> None:
    if value in EMPTY:
        return
    if field.type in {FieldType.LINK, FieldType.ORGANISATION}:
        wanted[field.of or ENTERPRISE].update(map(str, value if isinstance(value, list) else [value]))
    elif field.type is FieldType.TABLE and isinstance(value, list):
        for column in field.columns:
            for row in value:
                _collect(column, row.get(column.name), wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def organisations_of(records: Iterable[Content]) -> set[str]:
    """Codes of the organisations that entries belong to."""
    return {record.organisation for record in records if record.organisation}

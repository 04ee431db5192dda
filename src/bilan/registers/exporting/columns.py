"""Columns of an exported file: their titles, and the values of entries in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from bilan.pack.areas import areas
from bilan.pack.registers import Bilingual, FieldType, Register
from bilan.pack.registers.display import shown
from bilan.problems import BilanError, Problem, nearest
from bilan.registers.declared import declared
from bilan.registers.ledger import Ledger, Record
from bilan.tabular.sheets.targets import targets

PORTION = 2000
"""Entries read at a time."""
ENTERPRISE = "enterprise"
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_MORE = {
    "completeness": Bilingual("完整度", "Completeness"),
    "changed": Bilingual("更新时间", "Changed"),
    "geometry": Bilingual("几何", "Geometry"),
    "longitude": Bilingual("经度", "Longitude"),
    "latitude": Bilingual("纬度", "Latitude"),
}
_POINTING = {FieldType.LINK, FieldType.ORGANISATION}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file.

    Attributes:
        title: in the reader's language.
    """

    name: str
    title: str
    unit: str = ""

    @property
    def heading(self) -> str:
        """Title with the unit, as imports read it."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


def columns(register: Register, names: Sequence[str], language: str) -> list[Column]:
    """The columns with these names, in their order.

    Raises:
        BilanError: there is no such column.
    """
    known = {target.name: (target.title, target.unit) for target in targets(register)}
    known |= {name: (title, "") for name, title in _MORE.items()}
    known |= {field.name: (field.title, field.unit) for field in register.fields.values()}
    found = []
    for name in names:
        if name not in known:
            values = {"name": "columns", "value": name, "allowed": list(known), "nearest": nearest(name, known)}
            raise BilanError(Problem("import.unknown_setting", values))
        title, unit = known[name]
        found.append(Column(name, title.text(language), unit))
    return found


def everything(register: Register) -> list[str]:
    """Names of all columns a register's file can have."""
    common = ["code", "name", "aliases", "status", "district", "town", "organisation", "valid_from", "valid_to"]
    places = ["longitude", "latitude"] if register.mapped else []
    return [*common, *places, *(field.name for field in register.fields.values() if field.type is not FieldType.ATTACHMENT)]


class Values:
    """Values of entries as files hold them.

    Args:
        ledger: what the reader may see; masks the rest. None for the platform itself, which gives no words.
        worded: whether choices, links and districts are given in words; else by their codes, for programs.
    """

    def __init__(self, ledger: Ledger | None, register: Register, wanted: Sequence[Column], language: str, *, worded: bool) -> None:
        self._ledger, self._register, self._columns = ledger, register, wanted
        self._language, self._worded = language, worded
        self._districts = {area.adcode: area.name(language) for area in areas(settings.CITY)}

    def of(self, entries: QuerySet[Any] | Sequence[Record]) -> Iterator[tuple[Record, dict[str, Any]]]:
        """Each entry with its values by column, read in portions."""
        for portion in _portions(entries):
            datas = [record.data if self._ledger is None else self._ledger.values(record) for record in portion]
            titles = self._titles(self._ledger, portion, datas) if self._worded and self._ledger else {}
            for record, data in zip(portion, datas, strict=True):
                yield record, {column.name: self._value(record, data, column.name, titles) for column in self._columns}

    def _titles(self, ledger: Ledger, records: Sequence[Record], datas: Iterable[Mapping[str, Any]]) -> Mapping[str, Mapping[str, str]]:
        """Names of what links and organisations mean, by register and code: one query a register and portion."""
        wanted: dict[str, set[str]] = defaultdict(set)
        pointing = [field for column in self._columns if (field := self._register.fields.get(column.name)) and field.type in _POINTING]
        for data in datas:
            for field in pointing:
                wanted[field.of or ENTERPRISE].update(_codes(data.get(field.name)))
        if any(column.name == "organisation" for column in self._columns):
            wanted[ENTERPRISE].update(record.organisation for record in records if record.organisation)
        return {name: ledger.titles(name, codes) for name, codes in wanted.items() if codes}

    def _value(self, record: Record, data: Mapping[str, Any], name: str, titles: Mapping[str, Mapping[str, str]]) -> Any:
        field = self._register.fields.get(name)
        if field is None:
            return self._common(record, name, titles)
        value = data.get(name)
        if value in _EMPTY or not self._worded:
            return None if value in _EMPTY else value
        if field.type in _POINTING:
            known = titles.get(field.of or ENTERPRISE, {})
            return "、".join(known.get(code, code) for code in _codes(value))
        if field.type is FieldType.DISTRICT:
            return self._districts.get(str(value), str(value))
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        if field.type is FieldType.DATE:
            return _day(value)
        return shown(field, value, self._language, declared(), unit=False)

    def _common(self, record: Record, name: str, titles: Mapping[str, Mapping[str, str]]) -> Any:
        if name in ("longitude", "latitude"):
            return getattr(record, name[:3])
        if name == "changed":
            moment = getattr(record, "changed", None) or getattr(record, "since", None)
            return timezone.localtime(moment).replace(tzinfo=None, microsecond=0) if moment else None
        value = getattr(record, name)
        if not self._worded or value in _EMPTY:
            return None if value in _EMPTY else value
        if name == "status":
            state = self._register.state.get(value)
            return state.title.text(self._language) if state else value
        if name == "district":
            return self._districts.get(value, value)
        if name == "organisation":
            return titles.get(ENTERPRISE, {}).get(value, value)
        return "、".join(value) if isinstance(value, list) else value


def _portions(entries: QuerySet[Any] | Sequence[Record]) -> Iterator[list[Record]]:
    """Numbers first, in the order asked for; then the entries of a portion by them."""
    if not isinstance(entries, QuerySet):
        source = iter(entries)
        while portion := list(islice(source, PORTION)):
            yield portion
        return
    keys = list(entries.values_list("pk", flat=True))
    for at in range(0, len(keys), PORTION):
        found = entries.model.objects.in_bulk(keys[at : at + PORTION])
        yield [found[key] for key in keys[at : at + PORTION] if key in found]


def _codes(value: Any) -> Collection[str]:
    if value in _EMPTY:
        return []
    return [str(code) for code in value] if isinstance(value, list) else [str(value)]


def _day(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return str(value)

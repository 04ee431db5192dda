"""How entries of registers are shown: values in the reader's language, names of what they point to looked up once for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.pack.registers import COMMON, Field, FieldType, Register
from bilan.pack.registers.display import shown
from bilan.people.monitoring import Monitoring
from bilan.people.roles import Capability
from bilan.registers.computing import Computing
from bilan.registers.ledger import Ledger, Record
from bilan.web import site
from bilan.web.components import numbers

ENTERPRISE = "enterprise"
"""Register in which organisations are looked up."""
EMPTY: tuple[Any, ...] = (None, "", [], {})
ONE_LINE = 80


def title_of(register: Register, name: str) -> str:
    """Title of a field or a common column in the reader's language."""
    return register.title_of(name).text(numbers.language())


def link(name: str, *arguments: Any, as_of: str = "") -> str:
    """Address of a page; empty where this site has no such page. `as_of` keeps looking from the same day."""
    try:
        address = reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
    return f"{address}?as_of={as_of}" if as_of else address


def readable(ledger: Ledger, register: Register) -> frozenset[str]:
    """Fields that the reader may read in every entry they see: the only ones to sort and filter by."""
    known = [reach.sensitivities for reach in ledger.scope.reaches(Capability.SEE, register)]
    return frozenset(name for name in register.fields if all(register.sensitivity_of(name) in sensitivities for sensitivities in known))


class Shown:
    """Shows values of entries of one register.

    Args:
        ledger: what the reader may see.
        records: the entries; names of what their `names` point to are looked up with one query for each register pointed to.
        names: fields and columns that will be shown; None for all.
        monitoring: readings for fields that are computed from them when they are read.
    """

    def __init__(
        self,
        ledger: Ledger,
        register: Register,
        records: Sequence[Record],
        names: Collection[str] | None = None,
        monitoring: Monitoring | None = None,
    ) -> None:
        self._ledger, self._register = ledger, register
        self._language = numbers.language()
        self._data = {id(record): ledger.values(record) for record in records}
        if register.volatile and (names is None or not register.volatile.isdisjoint(names)):
            computed = Computing(ledger, monitoring).values(record for record in records if record.pk is not None)
            for record in records:
                self._data[id(record)].update(computed.get(record.number, {}) if record.pk is not None else {})
        wanted = [*COMMON, *register.fields] if names is None else names
        self._titles = titles(ledger, register, ({**data} for data in self._data.values()), wanted)
        organisations = {record.organisation for record in records if record.organisation} if "organisation" in wanted else set()
        self._titles[ENTERPRISE].update(ledger.titles(ENTERPRISE, organisations) if organisations else {})

    def value(self, record: Record, name: str) -> Any:
        """The value as it is kept, masked where the reader may not read it."""
        if name in self._register.fields:
            return self._data[id(record)].get(name)
        return getattr(record, "since" if name == "changed" and not hasattr(record, name) else name)

    def text(self, record: Record, name: str) -> str:
        """The value in the reader's words; empty when there is none."""
        value = self.value(record, name)
        field = self._register.fields.get(name)
        if field is None:
            return common_text(self._register, name, value, self._titles)
        return text(self._ledger, field, value, self._titles)

    def plain(self, record: Record, name: str) -> Any:
        """The value as a file holds it: numbers and days as such, everything else in the reader's words."""
        value = self.value(record, name)
        if isinstance(value, bool) or not isinstance(value, int | float | date):
            return self.text(record, name) or None
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0) if isinstance(value, datetime) else value

    def html(self, record: Record, name: str) -> SafeString | str:
        """The value as a cell of a list shows it."""
        words = self.text(record, name)
        if not words:
            return numbers.NOTHING
        if name == "status" and (state := self._register.state.get(record.status)):
            return format_html('<span class="status status-{}">{}</span>', state.tone, words)
        if name == "completeness":
            return format_html('<span class="meter" title="{} %"><i style="width:{}%"></i></span>{} %', words, words, words)
        field = self._register.fields.get(name)
        if field is not None and field.type is FieldType.CHOICE:
            return self._choice(field, self.value(record, name))
        if len(words) > ONE_LINE:
            return format_html('<span title="{}">{}…</span>', words, words[: ONE_LINE - 1])
        return words

    def _choice(self, field: Field, value: Any) -> SafeString:
        vocabulary = self._ledger.declared.vocabularies[field.of]
        parts = []
        for code in value if isinstance(value, list) else [value]:
            term = vocabulary.by_code.get(str(code))
            parts.append((term.colour if term else "", term.title.text(self._language) if term else code))
        dots = [
            (format_html('<i class="dot" style="background:{}"></i>', colour) if colour else SafeString(""), words)
            for colour, words in parts
        ]
        return format_html_join(", ", "{}{}", dots)


def titles(
    ledger: Ledger, register: Register, datas: Iterable[Mapping[str, Any]], names: Collection[str]
) -> defaultdict[str, dict[str, str]]:
    """Names of what the values of `names` point to, by register and code: one query a register."""
    wanted: dict[str, set[str]] = defaultdict(set)
    fields = [register.fields[name] for name in names if name in register.fields]
    pointing = [field for field in fields if field.type in {FieldType.LINK, FieldType.ORGANISATION}]
    for data in datas:
        for field in pointing:
            value = data.get(field.name)
            if value not in EMPTY:
                wanted[field.of or ENTERPRISE].update(map(str, value if isinstance(value, list) else [value]))
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for target, codes in wanted.items():
        found[target] = ledger.titles(target, codes)
    return found


def common_text(register: Register, name: str, value: Any, known: Mapping[str, Mapping[str, str]]) -> str:
    """A value that every entry has, in the reader's words."""
    language = numbers.language()
    if value in EMPTY:
        return ""
    match name:
        case "status":
            state = register.state.get(str(value))
            return state.title.text(language) if state else str(value)
        case "district" | "town":
            return site.district_name(str(value), language)
        case "organisation":
            return known.get(ENTERPRISE, {}).get(str(value), str(value))
        case "geometry":
            return geometry_text(value)
        case "archived":
            return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def text(ledger: Ledger, field: Field, value: Any, known: Mapping[str, Mapping[str, str]]) -> str:
    """A value of a declared field in the reader's words; empty when there is none.

    Parameters:
        known: names by register and code, from `titles`.
    """
    if value in EMPTY:
        return ""
    if field.type in {FieldType.LINK, FieldType.ORGANISATION, FieldType.DISTRICT}:
        names = known.get(field.of or ENTERPRISE, {})
        codes = value if isinstance(value, list) else [value]
        named = (
            site.district_name(str(code), numbers.language()) if field.type is FieldType.DISTRICT else names.get(str(code), str(code))
            for code in codes
        )
        return ("、" if numbers.language() == "zh-hans" else ", ").join(named)
    return shown(field, value, numbers.language(), ledger.declared, unit=False)


def geometry_text(geometry: Mapping[str, Any]) -> str:
    """A place in short: the coordinates of a point [deg], else what kind of shape it is."""
    kinds = {"Point": "", "LineString": _("line"), "MultiLineString": _("line"), "Polygon": _("area"), "MultiPolygon": _("area")}
    if geometry.get("type") == "Point":
        lon, lat = geometry["coordinates"][:2]
        return f"{lon:.6f}, {lat:.6f}"
    return kinds.get(str(geometry.get("type")), str(geometry.get("type", "")))

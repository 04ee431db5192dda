"""Columns and filters of a register's list, from its declaration."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from bilan.pack.registers import Field, FieldType, Register
from bilan.registers import filtering
from bilan.registers.ledger import Ledger
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.components.entries import link, readable, title_of
from bilan.web.components.table import Column, Filter, Row

COMMON = ("code", "name", "status", "district", "town", "organisation", "valid_from", "valid_to", "completeness", "changed")
UNLISTED = (FieldType.LONG, FieldType.TABLE)
"""Fields that no line of a list can hold."""
MOST_CHOICES = 80
"""Terms up to which a filter offers all of them at once."""
NARROW = 2
"""Columns that narrow screens show, the state beside them."""
FIRST = 3
"""Filters that stand above the table; the others open on demand."""


def columns_of(ledger: Ledger, register: Register, as_of: str) -> list[Column]:
    """All columns that a list of the register can show, those it shows until the reader chooses marked."""
    default = list(register.columns) or ["code", "name", "status", "district"]
    default += [field.name for field in register.fields.values() if field.listed and field.name not in default]
    open_to = readable(ledger, register) - register.volatile
    sortable = {name for name in filtering.sortable(register) if name in COMMON or name in open_to}
    others = [name for name in (*COMMON, *register.fields) if name not in default]
    names = [name for name in (*default, *others) if name in COMMON or _listable(register.fields[name])]
    return [_column(register, name, name in default, at, name in sortable, as_of) for at, name in enumerate(names)]


def _listable(field: Field) -> bool:
    return field.type not in UNLISTED


def _column(register: Register, name: str, shown: bool, at: int, sortable: bool, as_of: str) -> Column:
    field = register.fields.get(name)
    number = field is not None and (field.numeric or (field.type is FieldType.COMPUTED and bool(field.unit)))

    def href(row: Row) -> str:
        return link("dossier", register.name, row["code"], as_of=as_of)

    return Column(
        name,
        title_of(register, name),
        kind="number" if number else "text",
        unit=field.unit if field and number else "",
        decimals=field.decimals if field else None,
        href=href if name in {"code", "name"} else None,
        render=lambda row: row["html"][name],
        shown=shown,
        wide=at >= NARROW and name != "status",
        sortable=sortable,
    )


def filters_of(ledger: Ledger, register: Register, chosen: Mapping[str, str]) -> list[Filter]:
    """All filters of a register's lists: state and the first declared ones above the table, the others on demand.

    Parameters:
        chosen: what the address says, so that names of entries can be shown for their codes.
    """
    language = numbers.language()
    open_to = readable(ledger, register) - register.volatile
    states = [(state.code, state.title.text(language)) for state in register.states]
    declared = [
        _declared(ledger, field, str(chosen.get(field.name, ""))) for field in filtering.filters_of(register) if field.name in open_to
    ]
    districts = [(area.adcode, numbers.named(area)) for area in site.districts() if ledger.scope.allows_district(area.adcode)]
    first = [Filter("status", _("State"), states)] if len(states) > 1 else []
    first += [entry for entry in declared if entry.kind == "choice"][: FIRST - len(first)]
    rest = [entry for entry in declared if entry not in first]
    if len(districts) > 1:
        rest.append(Filter("district", _("District"), districts))
    rest.append(Filter("completeness", _("Completeness"), kind="number", unit="%"))
    rest.append(Filter("archived", _("Archived entries"), [("yes", _("only archived")), ("all", _("archived too"))]))
    return [*first, *(Filter(entry.name, entry.title, entry.choices, entry.kind, entry.unit, entry.lookup, more=True) for entry in rest)]


def _declared(ledger: Ledger, field: Field, chosen: str) -> Filter:
    title = field.title.text(numbers.language())
    if filtering.ranged(field):
        numeric = field.numeric or (field.type is FieldType.COMPUTED and field.unit != "")
        return Filter(field.name, title, kind="number" if numeric else "date", unit=field.unit)
    if field.type is FieldType.BOOLEAN:
        return Filter(field.name, title, [("true", _("yes")), ("false", _("no"))])
    if field.type is FieldType.CHOICE:
        terms = terms_of(ledger, field)
        if len(terms) <= MOST_CHOICES:
            return Filter(field.name, title, terms)
        return Filter(field.name, title, terms, kind="lookup", lookup=link("register-terms", field.of))
    if field.type is FieldType.DISTRICT:
        return Filter(field.name, title, [(area.adcode, numbers.named(area)) for area in site.districts()])
    target = field.of or "enterprise"
    if field.type in {FieldType.LINK, FieldType.ORGANISATION} and target in ledger.declared.registers:
        known = list(ledger.titles(target, chosen.split(",")).items()) if chosen else []
        return Filter(field.name, title, known, kind="lookup", lookup=link("register-lookup", target))
    return Filter(field.name, title, kind="text")


def terms_of(ledger: Ledger, field: Field, today: str = "") -> list[tuple[str, str]]:
    """Terms of a choice in the order of their tree, narrower ones indented; with `today` (ISO date) only those valid then."""
    vocabulary = ledger.declared.vocabularies[field.of]
    children: dict[str, list[str]] = {}
    for term in vocabulary.terms:
        children.setdefault(term.parent if term.parent in vocabulary.by_code else "", []).append(term.code)
    found: list[tuple[str, str]] = []
    _walk(children, "", 0, {code: term.title.text(numbers.language()) for code, term in vocabulary.by_code.items()}, found)
    if not today:
        return found
    valid = {term.code for term in vocabulary.terms if term.valid_from <= today and (not term.valid_to or today <= term.valid_to)}
    return [(code, title) for code, title in found if code in valid]


def _walk(children: Mapping[str, list[str]], parent: str, depth: int, titles: Mapping[str, str], found: list[tuple[str, str]]) -> None:
    for code in children.get(parent, ()):
        found.append((code, "\u2003" * depth + titles[code]))
        _walk(children, code, depth + 1, titles, found)

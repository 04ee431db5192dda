"""Controls of a form, from a declaration: what each field is entered with, its value, its conditions and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from bilan.pack.registers import Field, FieldType, Register
from bilan.pack.vocab import parameters
from bilan.registers.ledger import Ledger
from bilan.web import site
from bilan.web.areas.registers.columns import MOST_CHOICES, terms_of
from bilan.web.components import entries, numbers
from bilan.web.components.entries import ENTERPRISE, link

TICKED = 16
"""Terms up to which several are chosen by ticking."""
WIDE = {FieldType.LONG, FieldType.TABLE, FieldType.ATTACHMENT}


@dataclass(slots=True)
class Control:
    """One control.

    Attributes:
        name: key of the field; also its name in the form.
        kind: which template draws it.
        value: what it holds, as the control shows it; `text` is what a type-ahead shows for it.
        items: of a control for several: each with ``code`` and ``text``.
        options: what a choice offers.
        lookup: address that a type-ahead asks.
        columns, rows: of a table: its controls without values, and those of each row.
        required: whether it must be filled; `required_when` and `visible_when` are conditions in the notation of expressions.
        locked: whether it is only shown, as `text`.
        errors: what is wrong with it, in the reader's words.
    """

    name: str
    kind: str
    title: str
    key: str = ""
    help: str = ""
    unit: str = ""
    value: Any = ""
    text: str = ""
    items: list[dict[str, Any]] = field(default_factory=list)
    options: Sequence[tuple[str, str]] = ()
    lookup: str = ""
    many: bool = False
    lower: str = ""
    upper: str = ""
    step: str = ""
    longest: int = 4000
    columns: list[Control] = field(default_factory=list)
    rows: list[list[Control]] = field(default_factory=list)
    required: bool = False
    required_when: str = ""
    visible_when: str = ""
    locked: bool = False
    wide: bool = False
    errors: list[str] = field(default_factory=list)


class Controls:
    """Makes the controls of one form.

    Args:
        values: what the fields hold: as kept, or as it was sent.
        errors: what is wrong, by field.
        locked: fields that are only shown, with their text.
    """

    def __init__(
        self, ledger: Ledger, register: Register, values: Mapping[str, Any], errors: Mapping[str, list[str]], locked: Mapping[str, str]
    ) -> None:
        self._ledger, self._register = ledger, register
        self._values, self._errors, self._locked = values, errors, locked
        self._today = timezone.localdate().isoformat()
        self._titles = entries.titles(ledger, register, [dict(values)], list(register.fields))
        if values.get("organisation"):
            self._titles[ENTERPRISE].update(ledger.titles(ENTERPRISE, [str(values["organisation"])]))

    def sections(self, names: Collection[str]) -> list[tuple[str, list[Control]]]:
        """Controls of the fields `names`, by section."""
        language = numbers.language()
        found = []
        for section in self._register.sections:
            controls = [self.of(entry) for entry in section.fields if entry.name in names]
            if controls:
                found.append((section.title.text(language), controls))
        return found

    def of(self, entry: Field) -> Control:
        """The control of a declared field."""
        language = numbers.language()
        control = self._filled(entry, entry.name, self._values.get(entry.name))
        control.help = entry.help.text(language)
        control.wide = entry.type in WIDE or (entry.type is FieldType.PARAMETER and entry.many)
        control.required = entry.required is True
        control.required_when = "" if isinstance(entry.required, bool) else entry.required.text
        control.visible_when = entry.visible.text if entry.visible else ""
        control.errors = list(self._errors.get(entry.name, []))
        if entry.type is FieldType.COMPUTED or entry.name in self._locked:
            control.locked, control.text = True, self._locked.get(entry.name, control.text)
        return control

    def common(self, *, new: bool) -> list[Control]:
        """Controls of what every entry has."""
        register, language = self._register, numbers.language()
        districts = [(area.adcode, numbers.named(area)) for area in site.districts() if self._ledger.scope.allows_district(area.adcode)]
        made = [
            self._plain("name", "text", required=True, longest=200),
            self._plain("code", "text", longest=80, required=not register.code.pattern),
            self._plain("status", "select", options=[(state.code, state.title.text(language)) for state in register.states]),
            self._plain("district", "select", options=[("", "–"), *districts]),
            self._plain("town", "text", longest=12),
            self._owner(),
            self._plain("valid_from", "date"),
            self._plain("valid_to", "date"),
            self._plain("aliases", "text", longest=2000, help=_("Former names and codes; several with ; between them")),
        ]
        code = made[1]
        if not new:
            code.locked, code.text = True, str(self._values.get("code", ""))
        elif register.code.pattern:
            code.help = _("Left empty, it is given by the rule %(pattern)s") % {"pattern": register.code.pattern}
        aliases = made[-1]
        aliases.value = "; ".join(self._values.get("aliases") or [])
        return [control for control in made if control.name != "status" or len(register.states) > 1]

    def place(self) -> Control | None:
        """The control of the place; None for a register without."""
        if not self._register.mapped:
            return None
        value = self._values.get("geometry")
        control = self._plain("geometry", "geometry")
        control.value = _written(value) if isinstance(value, Mapping) else str(value or "")
        control.options = [(kind, "") for kind in _SHAPES[self._register.geometry]]
        return control

    def _plain(self, name: str, kind: str, *, help: str = "", **more: Any) -> Control:
        value = self._values.get(name)
        shown = "" if value is None else value if isinstance(value, str) else str(value)
        return Control(
            name, kind, entries.title_of(self._register, name), name, help, value=shown, errors=list(self._errors.get(name, [])), **more
        )

    def _owner(self) -> Control:
        known = ENTERPRISE in self._ledger.declared.registers
        control = self._plain("organisation", "combo" if known else "text", longest=80)
        control.help = _("Whose it is: they see it as their own")
        control.lookup = link("register-lookup", ENTERPRISE) if known else ""
        control.text = self._titles[ENTERPRISE].get(control.value, control.value)
        return control

    def _filled(self, entry: Field, key: str, value: Any) -> Control:
        made = Control(entry.name, entry.type.value, entry.title.text(numbers.language()), key, unit=entry.unit, many=entry.many)
        make = getattr(self, f"_{entry.type.value}", self._text)
        make(made, entry, value)
        return made

    def _text(self, made: Control, entry: Field, value: Any) -> None:
        made.value = "" if value is None else str(value)
        made.longest = 400 if entry.type is FieldType.TEXT else 20_000

    def _integer(self, made: Control, entry: Field, value: Any) -> None:
        self._decimal(made, entry, value)
        made.step = "1"

    def _decimal(self, made: Control, entry: Field, value: Any) -> None:
        made.kind, made.step = "number", "any"
        made.lower, made.upper = _plain_number(entry.lower), _plain_number(entry.upper)
        made.value = _plain_number(value) if isinstance(value, int | float) else str(value or "")

    def _computed(self, made: Control, entry: Field, value: Any) -> None:
        made.text = entries.text(self._ledger, entry, value, self._titles)

    def _boolean(self, made: Control, _entry: Field, value: Any) -> None:
        made.kind, made.options = "select", [("", "–"), ("true", _("yes")), ("false", _("no"))]
        made.value = ("true" if value else "false") if isinstance(value, bool) else str(value or "")

    def _choice(self, made: Control, entry: Field, value: Any) -> None:
        terms = terms_of(self._ledger, entry, self._today)
        chosen = [str(code) for code in (value if isinstance(value, list) else [value]) if code not in (None, "")]
        known = dict(terms_of(self._ledger, entry))
        if entry.many:
            made.items = [{"code": code, "text": known.get(code, code).strip()} for code in chosen]
            made.kind, made.options = ("ticks", terms) if len(terms) <= TICKED else ("combos", ())
            made.value = chosen
        else:
            made.value = chosen[0] if chosen else ""
            made.text = known.get(made.value, made.value).strip()
            offered = terms if made.value in dict(terms) or not made.value else [*terms, (made.value, made.text)]
            made.kind, made.options = ("select", [("", "–"), *offered]) if len(terms) <= MOST_CHOICES else ("combo", ())
        made.lookup = f"{link('register-terms', entry.of)}?valid=1"

    def _link(self, made: Control, entry: Field, value: Any) -> None:
        target = entry.of or ENTERPRISE
        names = self._titles[target]
        made.lookup = link("register-lookup", target)
        made.kind = "combos" if entry.many else "combo"
        if entry.many:
            made.items = [{"code": code, "text": names.get(str(code), str(code))} for code in value or []]
        else:
            made.value = str(value or "")
            made.text = names.get(made.value, made.value)

    def _organisation(self, made: Control, entry: Field, value: Any) -> None:
        self._link(made, entry, value)

    def _district(self, made: Control, _entry: Field, value: Any) -> None:
        made.options, made.value = [(area.adcode, numbers.named(area)) for area in site.districts()], str(value or "")

    def _period(self, made: Control, _entry: Field, value: Any) -> None:
        ends = value if isinstance(value, list) and len(value) == 2 else [None, None]
        made.value = [end or "" for end in ends]

    def _person(self, made: Control, _entry: Field, value: Any) -> None:
        made.value = value if isinstance(value, Mapping) else {}

    def _attachment(self, made: Control, _entry: Field, value: Any) -> None:
        made.items = [{**item, "href": link("register-attachment", item["id"])} for item in value or [] if isinstance(item, Mapping)]

    def _parameter(self, made: Control, entry: Field, value: Any) -> None:
        given = value if isinstance(value, list) else [value] if value else []
        rows = [item for item in given if isinstance(item, Mapping)]
        made.kind = "parameters"
        blank: list[Mapping[str, Any]] = [{}] if not rows or entry.many else []
        made.rows = [self._limit(entry.name, str(at), row) for at, row in enumerate([*rows, *blank])]
        made.columns = self._limit(entry.name, "ROW", {})

    def _limit(self, name: str, row: str, value: Mapping[str, Any]) -> list[Control]:
        code = str(value.get("parameter") or "")
        known = parameters().get(code)
        key = f"{name}[{row}]"
        limit = value.get("limit")
        return [
            Control(
                "parameter",
                "combo",
                _("Parameter"),
                f"{key}.parameter",
                value=code,
                text=numbers.labelled(known) if known else code,
                lookup=link("register-parameters"),
            ),
            Control(
                "limit",
                "number",
                _("Limit"),
                f"{key}.limit",
                step="any",
                value=_plain_number(limit) if isinstance(limit, int | float) else str(limit or ""),
            ),
            Control("unit", "text", _("Unit"), f"{key}.unit", value=str(value.get("unit") or ""), longest=20),
            Control("clause", "text", _("Standard, clause"), f"{key}.clause", value=str(value.get("clause") or ""), longest=200),
        ]

    def _table(self, made: Control, entry: Field, value: Any) -> None:
        rows = [row for row in value or [] if isinstance(row, Mapping)] if isinstance(value, list) else []
        made.rows = [self._cells(entry, str(at), row) for at, row in enumerate(rows or [{}])]
        made.columns = self._cells(entry, "ROW", {})

    def _cells(self, entry: Field, row: str, values: Mapping[str, Any]) -> list[Control]:
        cells = []
        for column in entry.columns:
            value = values.get(column.name)
            if column.type is FieldType.PARAMETER:
                code = str(value.get("parameter") or "") if isinstance(value, Mapping) else str(value or "")
                cell = Control(
                    column.name, "combo", column.title.text(numbers.language()), "", value=code, lookup=link("register-parameters")
                )
                known = parameters().get(code)
                cell.text = numbers.labelled(known) if known else code
            else:
                cell = self._filled(column, "", value)
            cell.key = f"{entry.name}[{row}].{column.name}"
            cell.required = column.required is True
            cell.locked = column.type is FieldType.COMPUTED
            cells.append(cell)
        return cells


_SHAPES = {"point": ("point",), "line": ("line",), "polygon": ("polygon",), "any": ("point", "line", "polygon")}


def _written(geometry: Mapping[str, Any]) -> str:
    """A geometry as the form holds it: a point as its coordinates, anything else as GeoJSON."""
    at = geometry.get("coordinates")
    if geometry.get("type") == "Point" and isinstance(at, list) and len(at) >= 2 and all(isinstance(part, int | float) for part in at):
        return f"{at[0]}, {at[1]}"
    return json.dumps(geometry, ensure_ascii=False)


def _plain_number(value: float | None) -> str:
    """A number as a control takes it: no separators, no needless zeros."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)

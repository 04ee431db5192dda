"""Fields of flows shown and entered as fields of registers are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bilan.pack.flows import Flow
from bilan.pack.registers import Field, FieldType, Register
from bilan.pack.registers.model import Section
from bilan.pack.registers.words import SILENT
from bilan.registers.ledger import Ledger
from bilan.web.areas.registers import posted
from bilan.web.areas.registers.controls import Control, Controls
from bilan.web.components import entries, numbers

EMPTY: tuple[Any, ...] = (None, "", [], {})


def as_register(flow: Flow, fields: Sequence[Field]) -> Register:
    """Fields of a flow as a register has them, so that they are drawn and read alike."""
    return Register(flow.name, flow.title, flow.title, flow.group, (Section(SILENT, tuple(fields)),), geometry="none")


def controls(
    ledger: Ledger, flow: Flow, fields: Sequence[Field], values: Mapping[str, Any], errors: Mapping[str, list[str]]
) -> list[Control]:
    """What the fields of a transition are entered with."""
    made = Controls(ledger, as_register(flow, fields), values, errors, {})
    return [made.of(entry) for entry in fields]


def values_of(fields: Iterable[Field], post: Any) -> dict[str, Any]:
    """Raw values of the fields as a form sent them; what was left empty is not there."""
    raw = {entry.name: posted.value_of(entry, post, entry.name) for entry in fields if entry.type is not FieldType.COMPUTED}
    return {name: value for name, value in raw.items() if value not in EMPTY}


def lines(ledger: Ledger, flow: Flow, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Values in the reader's words with their titles, in the order of the flow; what it no longer knows last, as it is kept."""
    language = numbers.language()
    known = [flow.fields[name] for name in flow.fields if name in values]
    found = entries.titles(ledger, as_register(flow, known), [dict(values)], [entry.name for entry in known])
    shown = [
        {
            "title": entry.title.text(language),
            "unit": entry.unit,
            "text": entries.text(ledger, entry, values[entry.name], found),
            "wide": entry.type in {FieldType.LONG, FieldType.TABLE},
        }
        for entry in known
    ]
    others = [
        {"title": name, "unit": "", "text": str(value), "wide": False}
        for name, value in values.items()
        if name not in flow.fields and name[0] != "@"
    ]
    return [line for line in [*shown, *others] if line["text"]]


def context(flow: Flow, fields: Sequence[Field], data: Mapping[str, Any]) -> list[dict[str, str]]:
    """What conditions of a form may ask of the case beside the fields of the form: plain values under their names."""
    own = {entry.name for entry in fields}
    return [
        {"name": name, "value": "true" if value is True else "false" if value is False else str(value), "kind": _kind(value)}
        for name, value in data.items()
        if name not in own and name[0] != "@" and isinstance(value, str | int | float | bool)
    ]


def _kind(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else "text"

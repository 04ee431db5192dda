"""Reading what makes a register's entries zones."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bilan.pack.registers.fields import COMMON, Field, FieldType
from bilan.pack.registers.model import Activity, ZoneRule
from bilan.pack.registers.taking import Taker

CLAUSE_COLUMNS = ("verdict", "industries", "words", "text", "clause")
"""Columns of the table field that carries an entry's own clauses."""
_INDUSTRY = re.compile(r"[A-T](\d{2,4})?")


def read_zone(taker: Taker, fields: Mapping[str, Field]) -> ZoneRule:
    """Read the mapping ``zone`` of a register with these fields."""
    table = taker.word("table")
    if table:
        _check_table(taker, table, fields)
    names = {*fields, *COMMON}
    return ZoneRule(
        priority=int(taker.number("priority")),
        rules=tuple(_activity(entry, names) for entry in taker.children("rules", "activity")),
        table=table,
        buffer=taker.number("buffer", 0.0, 0.0),
    )


def _check_table(taker: Taker, name: str, fields: Mapping[str, Field]) -> None:
    tables = {key: entry for key, entry in fields.items() if entry.type is FieldType.TABLE}
    taker.known("table", [name], tables)
    if name in tables:
        columns = {column.name for column in tables[name].columns}
        for missing in (column for column in CLAUSE_COLUMNS if column not in columns):
            taker.note("declaration.needs", "table", {"value": name, "allowed": missing})


def _activity(taker: Taker, names: set[str]) -> Activity:
    industries = taker.texts("industries")
    for value in industries:
        if not _INDUSTRY.fullmatch(value):
            taker.note("pack.wrong_value", "industries", {"key": "industries", "value": value, "allowed": "C, C26, C261, C2614"})
    begins, ends = taker.day("from"), taker.day("to")
    if begins and ends and begins > ends:
        taker.note("declaration.wrong_order", "from", {"key": "from / to", "value": begins, "allowed": ends})
    return Activity(
        verdict=taker.word("verdict"),
        text=taker.words("says"),
        clause=taker.word("clause"),
        industries=industries,
        words=taker.texts("words"),
        activities=taker.texts("activities"),
        when=taker.expression("when", names),
        valid_from=begins,
        valid_to=ends,
        confidence=taker.word("confidence"),
    )

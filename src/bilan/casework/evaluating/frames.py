"""What rules about entries and terms look at, as frames of the platform's own, made anew only when something was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from bilan.casework.models import Case, CaseState
from bilan.evaluation.rules.asked import TERMS_FRAME, keys
from bilan.pack import flows
from bilan.pack.flows import Flow
from bilan.pack.registers import Register
from bilan.pack.rules import Rules
from bilan.registers.declared import declared
from bilan.registers.models import ChangeSet, Entry

ENTRIES = "entries:"
COMMON = ("code", "name", "status", "district", "town", "organisation", "valid_from", "valid_to", "lon", "lat")
TERMS = {
    "register": pl.String,
    "code": pl.String,
    "name": pl.String,
    "district": pl.String,
    "organisation": pl.String,
    "term": pl.String,
    "stage": pl.String,
    "stage_en": pl.String,
    "status": pl.String,
    "due": pl.Date,
    "left": pl.Float64,
    "done": pl.Boolean,
}
Source = Callable[[str, date], pl.DataFrame]
"""Gives the frame of a key as it is on a day."""
_published: dict[str, Source] = {}
CASE = "case"
"""What stands for a register in the terms of cases."""


def publish(subject: str, source: Source) -> None:
    """Let rules about a subject look at what another part of the platform keeps.

    Args:
        subject: ``indicators`` or ``forecasts``.
        source: gives the frame of a key such as ``indicators:good-days``.
    """
    _published[subject] = source


class Frames:
    """Frames by the names that rules ask for, kept between evaluations."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], pl.DataFrame]] = {}

    def of(self, rules: Rules, today: date) -> dict[str, pl.DataFrame]:
        """The frames that rules look at; empty ones for what the platform does not keep yet.

        Parameters:
            today: the day that terms count from.
        """
        wanted = {key for spec in rules.values() for key in keys(spec)}
        return {key: self._frame(key, today) for key in sorted(wanted)}

    def _frame(self, key: str, today: date) -> pl.DataFrame:
        if key == TERMS_FRAME:
            return terms(today)
        published = _published.get(key.partition(":")[0])
        if published:
            return published(key, today)
        register = declared().registers.get(key.removeprefix(ENTRIES)) if key.startswith(ENTRIES) else None
        if register is None:
            return pl.DataFrame()
        stamp = (declared().signature, ChangeSet.objects.aggregate(newest=Max("pk"))["newest"])
        kept = self._kept.get(key)
        if kept is None or kept[0] != stamp:
            kept = self._kept[key] = (stamp, entries(register))
        return kept[1]


def entries(register: Register) -> pl.DataFrame:
    """The entries of a register that are not archived: common columns, and one for each field as far as its values are plain."""
    fields = [name for name in register.fields if name not in COMMON]
    rows = Entry.objects.filter(register=register.name, archived=False).order_by("code").values_list(*COMMON, "data")
    columns: dict[str, list[Any]] = {name: [] for name in (*COMMON, *fields)}
    for *common, data in rows.iterator(chunk_size=2000):
        for name, value in zip(COMMON, common, strict=True):
            columns[name].append(value)
        for name in fields:
            columns[name].append(_plain(data.get(name)))
    return pl.DataFrame([_column(name, values) for name, values in columns.items()])


def terms(today: date) -> pl.DataFrame:
    """The terms of running cases.

    Parameters:
        today: the day they count from.
    """
    running = Case.objects.filter(standing=CaseState.RUNNING, due__isnull=False)
    about = running.order_by("code").values_list("code", "title", "district", "organisation", "flow", "state", "due")
    known = flows.current(settings.CITY.pack).flows
    rows = [
        (CASE, code, title, district, organisation, state, *_stage(known.get(flow), state), str(CaseState.RUNNING), day, left, False)
        for code, title, district, organisation, flow, state, due in about.iterator(chunk_size=2000)
        for day in (timezone.localtime(due).date(),)
        for left in (float((day - today).days),)
    ]
    return pl.DataFrame(rows, schema=TERMS, orient="row")


def _stage(flow: Flow | None, state: str) -> tuple[str, str]:
    """What people call a state, in Chinese and in English; its code where the flow is gone or has it no more."""
    found = flow.state.get(state) if flow else None
    return (found.title.text("zh-hans"), found.title.text("en")) if found else (state, state)


def _plain(value: Any) -> Any:
    """A value that a column can hold; of a list what is plain, nothing of what has parts."""
    if isinstance(value, list):
        return [str(item) for item in value if not isinstance(item, dict | list)]
    return None if isinstance(value, dict) else value


def _column(name: str, values: list[Any]) -> pl.Series:
    """One column of a field, of the one kind that all its values have; of several kinds, as texts."""
    kinds = {bool if isinstance(value, bool) else float if isinstance(value, int | float) else type(value) for value in values}
    kinds.discard(type(None))
    if kinds == {float}:
        return pl.Series(name, [None if value is None else float(value) for value in values], dtype=pl.Float64)
    if len(kinds) > 1:
        return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)
    return pl.Series(name, values, dtype=None if kinds else pl.String, strict=False)

"""The protocol's own tables, read once: commands, fields, tags, answer codes, factor codes of both generations."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


def table(name: str) -> list[dict[str, str]]:
    """Rows of one of the CSV tables beside this module."""
    text = resources.files("bilan.telemetry.hj212").joinpath("tables", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def returns() -> dict[tuple[str, str], tuple[str, str]]:
    """(QnRtn or ExeRtn, code) → Chinese and English meaning."""
    return {(row["field"], row["code"]): (row["zh"], row["en"]) for row in table("returns.csv")}


class Tag(NamedTuple):
    """What follows the dash of a key."""

    tag: str
    kind: str
    zh: str
    en: str
    editions: tuple[str, ...]


class Command(NamedTuple):
    """One command code.

    Attributes:
        cn: the code.
        name_zh, name_en: what it is for.
        kind: ``request``, ``upload``, ``notice`` or ``interaction``.
        direction: who begins: ``host``, ``logger`` or ``both``.
        request, upload: plain fields of the data area from the host and from the logger.
        editions: editions that have it.
        note: what differs between editions.
    """

    cn: str
    name_zh: str
    name_en: str
    kind: str
    direction: str
    request: tuple[str, ...]
    upload: tuple[str, ...]
    editions: tuple[str, ...]
    note: str


class Field(NamedTuple):
    """One plain field of the data area and what it may hold.

    Attributes:
        name: as on the wire.
        kind: ``integer``, ``number``, ``time``, ``text`` or ``code``.
        low, high: allowed range of a number, or allowed length of a text; None for any.
        allowed: the only values allowed; empty for any.
        unit: unit of a number.
        zh, en: what it is.
    """

    name: str
    kind: str
    low: int | None
    high: int | None
    allowed: tuple[str, ...]
    unit: str
    zh: str
    en: str


@cache
def commands() -> dict[str, Command]:
    """Command code → command, in the order of the codes.

    Reference: HJ/T 212-2005, HJ 212-2017 6.6.5 table 9, HJ 212-2025.

    Examples:
        >>> commands()["2051"].request, commands()["2051"].name_en
        (('BeginTime', 'EndTime'), 'minute data')
    """
    return {row["cn"]: _command(row) for row in table("commands.csv")}


def _command(row: dict[str, str]) -> Command:
    words = {key: tuple(row[key].split()) for key in ("request", "upload", "editions")}
    return Command(row["cn"], row["name_zh"], row["name_en"], row["kind"], row["direction"], **words, note=row["note"])


@cache
def fields() -> dict[str, Field]:
    """Name → plain field of the data area."""
    return {row["field"]: _field(row) for row in table("fields.csv")}


def _field(row: dict[str, str]) -> Field:
    low, high = (int(row[key]) if row[key] else None for key in ("low", "high"))
    return Field(row["field"], row["kind"], low, high, tuple(row["allowed"].split()), row["unit"], row["zh"], row["en"])


@cache
def tags() -> dict[str, Tag]:
    """Tag → what it says and whether it is a ``number``, a ``mark``, a ``time`` or a ``text``."""
    return {row["tag"]: Tag(row["tag"], row["kind"], row["zh"], row["en"], tuple(row["editions"].split())) for row in table("tags.csv")}


def is_number(tag: str) -> bool:
    """Whether values under a tag are numbers; unknown tags of field devices are.

    Examples:
        >>> is_number("Rtd"), is_number("Flag"), is_number("i22004-Info"), is_number("ValidNum")
        (True, False, False, True)
    """
    known = tags().get(tag.rpartition("-")[2])
    return known is None or known.kind == "number"

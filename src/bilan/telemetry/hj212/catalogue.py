"""The protocol's own tables, read once: commands, fields, tags, answer codes, factor codes of both generations."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("bilan.telemetry.hj212").joinpath("tables", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def returns() -> dict[tuple[str, str], tuple[str, str]]:
    """(QnRtn or ExeRtn, code) → Chinese and English meaning."""
    return {(row["field"], row["code"]): (row["zh"], row["en"]) for row in _rows("returns.csv")}


class Tag(NamedTuple):
    """What follows the dash of a key."""

    tag: str
    kind: str
    zh: str
    en: str
    editions: tuple[str, ...]


@cache
def tags() -> dict[str, Tag]:
    """Tag → what it says and whether it is a ``number``, a ``mark``, a ``time`` or a ``text``."""
    return {row["tag"]: Tag(row["tag"], row["kind"], row["zh"], row["en"], tuple(row["editions"].split())) for row in _rows("tags.csv")}


def is_number(tag: str) -> bool:
    """Whether values under a tag are numbers; unknown tags of field devices are.

    Examples:
        >>> is_number("Rtd"), is_number("Flag"), is_number("i22004-Info"), is_number("ValidNum")
        (True, False, False, True)
    """
    known = tags().get(tag.rpartition("-")[2])
    return known is None or known.kind == "number"

"""The commands that a person may give to a device: code, names, needed fields."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


class Offer(NamedTuple):
    """A command that can be queued.

    Attributes:
        cn: its code.
        zh, en: what it does.
        fields: fields that must stand in its data area.
        editions: editions that have it.
        repeatable: whether doing it twice does no harm.
    """

    cn: str
    zh: str
    en: str
    fields: tuple[str, ...]
    editions: tuple[str, ...]
    repeatable: bool


@cache
def offers() -> dict[str, Offer]:
    """Command code → what it is.

    Reference: HJ 212-2017 6.6.5 and table of commands; HJ 212-2025.

    Examples:
        >>> offers()["2061"].fields
        ('BeginTime', 'EndTime')
    """
    text = resources.files("bilan.telemetry.gateway").joinpath("commands.csv").read_text(encoding="utf-8")
    return {
        row["cn"]: Offer(
            row["cn"], row["zh"], row["en"], tuple(row["fields"].split()), tuple(row["editions"].split()), row["repeatable"] == "yes"
        )
        for row in csv.DictReader(text.splitlines())
    }

"""The words that the grammar of plans knows, kept as CSV files in ``bilan/pack/plans``."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of one list of words.

    Args:
        name: file name without its ending, such as ``units``.

    Examples:
        >>> table("natures")[0]["word"]
        '约束性'
    """
    path = resources.files("bilan.pack") / "plans" / f"{name}.csv"
    return tuple(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@cache
def words(name: str, column: str = "", value: str = "") -> tuple[str, ...]:
    """First column of a list, longest words first; only the rows whose `column` holds `value` when one is named.

    Examples:
        >>> "降到" in words("verbs", "role", "reach")
        True
    """
    rows = table(name)
    if not rows:
        return ()
    first = next(iter(rows[0]))
    chosen = {row[first] for row in rows if not column or row[column] == value}
    return tuple(sorted(chosen, key=lambda word: (-len(word), word)))


@cache
def lookup(name: str, column: str) -> dict[str, str]:
    """First column → another column of a list.

    Examples:
        >>> lookup("units", "dimension")["亩"]
        'area'
    """
    rows = table(name)
    first = next(iter(rows[0]))
    return {row[first]: row[column] for row in rows}


def ending(text: str, choices: tuple[str, ...]) -> str:
    """Longest of the words that the text ends with, or nothing.

    Examples:
        >>> ending("浓度降到", ("到", "降到"))
        '降到'
    """
    return max((word for word in choices if text.endswith(word)), key=len, default="")


def leading(text: str, choices: tuple[str, ...]) -> str:
    """Longest of the words that the text begins with, or nothing.

    Examples:
        >>> leading("新增管网", ("新", "新增"))
        '新增'
    """
    return max((word for word in choices if text.startswith(word)), key=len, default="")

"""Which readings count: marks of HJ 212 and states of HJ 75 and HJ 76, whose letters mean different things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, run
from bilan.science.tables import rows_where, table

VALID, EXCLUDED, STOPPED, INVALID = "valid", "excluded", "stopped", "invalid"
STATUSES = (VALID, EXCLUDED, STOPPED, INVALID)
"""Counts · measured but outside judgement (start-up, shut-down, banked fire) · the source stands still · does not count."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One letter: `scheme` is ``flag`` (HJ 212, beside each value) or ``state`` (HJ 75 and HJ 76, of the hour)."""

    scheme: str
    standard: str
    mark: str
    meaning: str
    name_zh: str
    name_en: str
    confidence: str


@cache
def marks(scheme: str) -> dict[str, Mark]:
    """Letters of a scheme.

    Examples:
        >>> marks("flag")["B"].name_en, marks("state")["B"].name_en
        ('communication fault', 'banked fire')
    """
    columns = tuple(Mark.__dataclass_fields__)
    return {row["mark"]: Mark(**{name: row[name] for name in columns}) for row in table("emission_marks") if row["scheme"] == scheme}


def with_status(frame: Native) -> Native:
    """Add ``status``: what each row counts for.

    Parameters:
        frame: any of ``flag`` (HJ 212 mark of the row), ``state`` (HJ 75/HJ 76 state of the hour), ``running`` (Boolean: the source runs).
            Where both letters are given, the state decides unless it is N; an absent letter says nothing.

    Returns:
        The frame with ``status``: ``valid``, ``excluded``, ``stopped`` or ``invalid``.

    Reference:
        HJ 212-2017 6.6.4 Table 8; HJ 76-2017 data states.

    Examples:
        >>> import polars as pl
        >>> frame = pl.DataFrame({"flag": ["N", "B", "N", "N"], "state": ["N", "N", "B", None], "running": [True, True, True, False]})
        >>> with_status(frame)["status"].to_list()
        ['valid', 'invalid', 'excluded', 'stopped']
    """
    return run(frame, lambda data: data.with_columns(status=status(data.collect_schema().names())))


def status(names: Sequence[str]) -> nw.Expr:
    """Expression of a row's status, from the columns there are."""
    found: nw.Expr = nw.lit(VALID)
    for scheme in ("flag", "state"):
        if scheme in names:
            found = _told(nw.col(scheme), scheme, found)
    if "running" in names:
        found = nw.when(~nw.col("running")).then(nw.lit(STOPPED)).otherwise(found)
    return found


def _told(letter: nw.Expr, scheme: str, otherwise: nw.Expr) -> nw.Expr:
    known = marks(scheme)
    silent = letter.is_null() | letter.is_in(["", *(name for name, entry in known.items() if entry.meaning == VALID)])
    other: nw.Expr = nw.lit(INVALID)
    for meaning in (EXCLUDED, STOPPED):
        letters = [name for name, entry in known.items() if entry.meaning == meaning]
        if letters:
            other = nw.when(letter.is_in(letters)).then(nw.lit(meaning)).otherwise(other)
    return nw.when(silent).then(otherwise).otherwise(other)


def status_of(data: AnyFrame) -> AnyFrame:
    """Give the frame a ``status`` unless it has one."""
    names = data.collect_schema().names()
    return data if "status" in names else data.with_columns(status=status(names))


def least_hours(medium: str = "gas") -> int:
    """Valid hours that a daily mean needs.

    Examples:
        >>> least_hours("gas"), least_hours("wastewater")
        (20, 20)
    """
    return int(rows_where("emission_validity", rule="day_hours", medium=medium)[0]["threshold"])

"""The emission limits as data: which source, which item, which averaging, since when, how certain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from bilan.problems import BilanError, Problem, nearest
from bilan.science.standards.emissions.sources import known_conditions, known_source
from bilan.science.tables import Row, table

Averaging = Literal["hour", "day", "instant", "sample", "rate", "five_minutes"]
AVERAGINGS: tuple[Averaging, ...] = ("hour", "day", "instant", "sample", "rate", "five_minutes")
UNVERIFIED = "memory_only"
ENDLESS = date(9999, 12, 31)
_SCALE = {"ug/m3": ("mg/m3", 1e-3)}
"""Units of the tables that differ from those in which emissions are measured."""


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit.

    Attributes:
        item: science column, e.g. ``so2``; `code`: HJ 212 code, empty where there is none.
        averaging: what the limit is compared with: ``hour``, ``day``, ``instant``, ``sample``, ``rate`` or ``five_minutes``.
        low, high: bounds [unit]; both None where the value is not known or not a number (see `text`).
        reference_o2: oxygen that concentrations are converted to [%]; None where the standard converts nothing.
        when: condition under which it holds, empty for always; `height`: of the stack, of rates [m].
    """

    source: str
    item: str
    code: str
    symbol: str
    name_zh: str
    name_en: str
    averaging: Averaging
    low: float | None
    high: float | None
    text: str
    unit: str
    reference_o2: float | None
    when: str
    height: float | None
    standard: str
    version: str
    clause: str
    effective_from: date
    effective_to: date
    confidence: str
    note: str

    @property
    def known(self) -> bool:
        """Whether there is a number to compare with."""
        return self.low is not None or self.high is not None

    @property
    def title(self) -> str:
        """Standard with its version, e.g. ``GB 13223-2011``."""
        return f"{self.standard}-{self.version}"


@dataclass(frozen=True, slots=True)
class Choice:
    """The limit chosen for an item, and the alternatives it was chosen from.

    Attributes:
        assumed: the condition that decides was not told, so the strictest was taken.
    """

    limit: Limit
    alternatives: tuple[Limit, ...]
    assumed: bool


@cache
def limits_of(source: str, averaging: Averaging) -> tuple[Limit, ...]:
    """Every limit of a source for one averaging, of all times.

    Raises:
        BilanError: unknown source or averaging.

    Examples:
        >>> [(entry.item, entry.high, entry.reference_o2) for entry in limits_of("gb13223-gas-turbine", "hour")]
        [('dust', 5.0, 15.0), ('so2', 35.0, 15.0), ('nox', 50.0, 15.0)]
    """
    known_source(source)
    if averaging not in AVERAGINGS:
        wanted = {"value": averaging, "allowed": AVERAGINGS, "nearest": nearest(averaging, AVERAGINGS)}
        raise BilanError(Problem("value.unknown_choice", wanted))
    rows = table("emission_limits")
    return tuple(_limit(row, source) for row in rows if row["averaging"] == averaging and source in row["group"].split("|"))


def averagings(source: str) -> tuple[Averaging, ...]:
    """Averagings that a source has limits for.

    Examples:
        >>> averagings("gb18485")
        ('hour', 'day', 'sample', 'five_minutes')
    """
    return tuple(averaging for averaging in AVERAGINGS if limits_of(source, averaging))


def spans(source: str, averaging: Averaging) -> tuple[tuple[date, date], ...]:
    """Stretches of days within which the limits of a source do not change, first and last day, oldest first.

    Examples:
        >>> [str(first) for first, last in spans("gb18918-1a", "day")]
        ['2003-07-01', '2026-03-01']
    """
    rows = limits_of(source, averaging)
    edges = sorted({row.effective_from for row in rows} | {_after(row.effective_to) for row in rows if row.effective_to < ENDLESS})
    ends = [edge - timedelta(days=1) for edge in edges[1:]]
    found = zip(edges, [*ends, ENDLESS], strict=True) if edges else []
    return tuple((first, last) for first, last in found if any(row.effective_from <= first <= row.effective_to for row in rows))


def choose(source: str, averaging: Averaging, day: date | None = None, conditions: Sequence[str] = ()) -> dict[str, Choice]:
    """Limits of a source on a day: item → the limit that holds under these conditions.

    A limit whose condition is told goes before one without a condition; where the condition that decides is not told, the strictest
    holds and the choice says so. Rates are not chosen here: they depend on the height of the stack.

    Parameters:
        source: key of the source.
        averaging: what the limits are compared with.
        day: the newest limits without one.
        conditions: keys of `emission_conditions.csv`.

    Raises:
        BilanError: unknown source, averaging or condition.

    Examples:
        >>> choose("gb13223-coal", "hour", date(2026, 1, 1), ["existing"])["so2"].limit.high
        200.0
        >>> loose = choose("gb13223-coal", "hour", date(2026, 1, 1))["so2"]
        >>> loose.limit.high, loose.assumed, len(loose.alternatives)
        (100.0, True, 4)
    """
    told = known_conditions(tuple(conditions))
    by_item: dict[str, list[Limit]] = {}
    for entry in limits_of(source, averaging):
        in_force = entry.effective_to == ENDLESS if day is None else entry.effective_from <= day <= entry.effective_to
        if in_force:
            by_item.setdefault(entry.item, []).append(entry)
    return {item: _choice(entries, told) for item, entries in by_item.items()}


def _choice(entries: list[Limit], told: Sequence[str]) -> Choice:
    matching = [entry for entry in entries if entry.when in told] or [entry for entry in entries if not entry.when]
    chosen = min(matching or entries, key=_strictness)
    return Choice(chosen, tuple(entries), not matching and len({(entry.low, entry.high) for entry in entries}) > 1)


def _strictness(entry: Limit) -> float:
    return entry.high if entry.high is not None else float("inf")


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _number(text: str) -> float | None:
    return float(text) if text else None


def _limit(row: Row, source: str) -> Limit:
    unit, scale = _SCALE.get(row["unit"], (row["unit"], 1.0))
    low, high = _number(row["limit_low"]), _number(row["limit"])
    return Limit(
        source=source,
        item=row["item"],
        code=row["code"],
        symbol=row["symbol"],
        name_zh=row["item_zh"],
        name_en=row["item_en"],
        averaging=next(known for known in AVERAGINGS if known == row["averaging"]),
        low=None if low is None else low * scale,
        high=None if high is None else high * scale,
        text=row["limit_text"],
        unit=unit,
        reference_o2=_number(row["reference_o2"]),
        when=row["when"],
        height=_number(row["height"]),
        standard=row["standard"],
        version=row["version"],
        clause=row["clause"],
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=date.fromisoformat(row["effective_to"]) if row["effective_to"] else ENDLESS,
        confidence=row["confidence"],
        note=row["note"],
    )

"""Indicators for pages: tables kept for a while, the rows behind a value, and queries that somebody tries out."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bilan.pack.city import City
from bilan.pack.indicators import Catalogue, Indicator
from bilan.pack.indicators.reading import indicator_of
from bilan.plans.indicators.behind import rows_behind
from bilan.plans.indicators.computing import compute
from bilan.plans.indicators.sandbox import Answer, Limits
from bilan.plans.indicators.spans import Span
from bilan.plans.indicators.tables import Tables
from bilan.problems import BilanError
from bilan.telemetry.store import Store

KEPT = 300.0
"""How long tables are kept for pages [s]; values that are kept are always computed from fresh ones."""
PAGE_LIMITS = Limits(seconds=8.0, memory="512MB", rows=20_000)
_kept: dict[Path, tuple[float, Tables]] = {}
_keeping = threading.Lock()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a query gave that somebody tries out.

    Attributes:
        values: as `bilan.plans.indicators.computing.compute` gives them.
        rows: the rows behind the value of one district.
        seconds: how long it took [s].
    """

    indicator: Indicator
    values: pl.DataFrame
    rows: Answer
    seconds: float


def tables(city: City, store: Store) -> Tables:
    """The tables of a city, at most some minutes old."""
    with _keeping:
        made, found = _kept.get(city.folder, (0.0, None))
        if found is None or time.monotonic() - made > KEPT:
            found = Tables.now(city, store)
            _kept[city.folder] = (time.monotonic(), found)
        return found


def attempt(text: str, known: Tables, period: str, district: str = "", name: str = "draft.sql") -> Trial:
    """Compute an indicator from its text, as a file would hold it, without keeping anything.

    Args:
        text: front matter and query.
        known: the tables.
        period: such as ``2026``, of a kind that it declares.
        district: whose rows are wanted, empty for the city.

    Raises:
        BilanError: it is wrong, with every mistake that is known; or it takes too much.
    """
    begun = time.monotonic()
    found, problems = indicator_of(text, name)
    problems = [problem for problem in problems if problem.code != "declaration.file_name"]
    if problems:
        raise BilanError(*problems)
    span = Span.parse(period)
    values = compute(Catalogue({found.name: (found,)}), [found.name], known, [span], limits=PAGE_LIMITS)
    rows = rows_behind(found, known, district, span, PAGE_LIMITS)
    return Trial(found, values, rows, time.monotonic() - begun)

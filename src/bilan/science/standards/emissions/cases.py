"""Which limits hold for which rows of a frame: one case a source and stretch of days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import narwhals as nw

from bilan.science.engine import AnyFrame
from bilan.science.standards.emissions.limits import ENDLESS, UNVERIFIED, Averaging, Choice, choose, spans
from bilan.science.standards.emissions.sources import known_source, sources

CASE = "__case"
Value = TypeVar("Value", float, str)


@dataclass(frozen=True, slots=True)
class Case:
    """A source within a stretch of days: the limits that hold for it by item."""

    source: str
    first: date
    last: date
    choices: Mapping[str, Choice]

    @property
    def standards(self) -> str:
        """Standards of the limits, each once, in the order of the table."""
        return _joined(choice.limit.standard for choice in self.choices.values())

    @property
    def versions(self) -> str:
        """Versions that go with the standards."""
        return _joined(choice.limit.version for choice in self.choices.values())

    def symbols(self, items: Sequence[str], wanted: Callable[[Choice], bool]) -> str:
        """Symbols of the items whose choice is wanted, joined by commas."""
        return _joined(self.choices[item].limit.symbol for item in items if item in self.choices and wanted(self.choices[item]))


def unverified(choice: Choice) -> bool:
    """Whether a limit rests on recollection only."""
    return choice.limit.known and choice.limit.confidence == UNVERIFIED


def cases(data: AnyFrame, source: str | None, averaging: Averaging, conditions: Sequence[str]) -> list[Case]:
    """Cases of a frame: of the one source that is named, or of those in the column ``source``.

    An eager frame is looked at for its sources and days; of a lazy one every known source may come.

    Raises:
        BilanError: an unknown source.
    """
    names = data.collect_schema().names()
    keys = [source] if source is not None else _sources_in(data) if "source" in names else []
    first, last = _days_in(data) if "start" in names else (None, None)
    found = []
    for key in keys:
        known_source(key)
        known = spans(key, averaging)
        if "start" not in names:
            known = known[-1:]
        elif first is not None and last is not None:
            known = tuple(span for span in known if span[0] <= last and first <= span[1])
        found += [Case(key, begin, end, choose(key, averaging, begin, conditions)) for begin, end in known]
    return found


def with_case(data: AnyFrame, found: Sequence[Case], single: bool) -> AnyFrame:
    """Add the number of the case of each row; null where none holds.

    Parameters:
        single: the source is one for all rows, so that only days decide.
    """
    dated = "start" in data.collect_schema().names()
    number: nw.Expr = nw.lit(None).cast(nw.Int64)
    for at, case in enumerate(found):
        tests = [] if single else [nw.col("source") == case.source]
        if dated:
            tests.append(nw.col("start") >= nw.lit(datetime(case.first.year, case.first.month, case.first.day)))
            if case.last < ENDLESS:
                after = case.last + timedelta(days=1)
                tests.append(nw.col("start") < nw.lit(datetime(after.year, after.month, after.day)))
        number = nw.when(*tests).then(nw.lit(at)).otherwise(number) if tests else nw.lit(at)
    return data.with_columns(number.cast(nw.Int64).alias(CASE))


def by_case(found: Sequence[Case], pick: Callable[[Case], Value | None], kind: Any) -> nw.Expr:
    """What `pick` gives for the case of each row, as a literal where it is the same for all cases."""
    values: dict[Any, list[int]] = {}
    for at, case in enumerate(found):
        values.setdefault(pick(case), []).append(at)
    chain: nw.Expr = nw.lit(None).cast(kind)
    for value, places in values.items():
        if value is not None:
            chain = (
                nw.when(nw.col(CASE).is_in(places) if len(places) > 1 else nw.col(CASE) == places[0]).then(nw.lit(value)).otherwise(chain)
            )
    return chain


def _sources_in(data: AnyFrame) -> list[str]:
    if isinstance(data, nw.LazyFrame):
        return list(sources())
    return sorted(value for value in data["source"].unique().to_list() if value)


def _days_in(data: AnyFrame) -> tuple[date | None, date | None]:
    if isinstance(data, nw.LazyFrame) or data.is_empty():
        return None, None
    first, last = data["start"].min(), data["start"].max()
    return (None, None) if first is None else (_day(first), _day(last))


def _day(moment: Any) -> date:
    return moment.date() if isinstance(moment, datetime) else date.fromisoformat(str(moment)[:10])


def _joined(texts: Iterable[str]) -> str:
    return ",".join(dict.fromkeys(texts))

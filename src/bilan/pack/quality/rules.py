"""What level-1 quality control looks for in each network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from bilan.pack.loader import base, read_yaml
from bilan.pack.quality.expression import Combination
from bilan.pack.schema import Reader, settle
from bilan.pack.vocab import networks, vocabulary
from bilan.problems import BilanError, Problem, nearest

T = TypeVar("T")
OPERATORS = ("<=", "~")
_SECTIONS = ("network", "zh", "en", "time", "range", "rate", "persistence", "cross")


@dataclass(frozen=True, slots=True)
class RangeRule:
    """A value outside lower … upper is not plausible [unit of the network]."""

    column: str
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class RateRule:
    """Two values that follow each other differ by more than `change` [unit] and by more than `ratio` times the smaller one.

    Attributes:
        hours: values further apart are not compared [h].
    """

    column: str
    change: float
    ratio: float = 0.0
    hours: float = 1.0


@dataclass(frozen=True, slots=True)
class PersistenceRule:
    """The same value (within `tolerance`) stands for `hours` or longer; values up to `above` are left alone."""

    column: str
    hours: int
    tolerance: float = 0.0
    above: float | None = None


@dataclass(frozen=True, slots=True)
class CrossRule:
    """Two sums must stand in an order (`<=`) or be equal (`~`) within absolute + relative × right."""

    id: str
    left: Combination
    operator: str
    right: Combination
    absolute: float
    relative: float
    zh: str
    en: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns it compares, which are flagged together."""
        return (*self.left.columns, *self.right.columns)


@dataclass(frozen=True, slots=True)
class TimeRule:
    """A value begins more than `future` after or `past` before it arrived [s]."""

    future: int = 600
    past: int = 400 * 86400


@dataclass(frozen=True, slots=True)
class NetworkRules:
    """All rules of one network, by science column."""

    network: str
    zh: str
    en: str
    time: TimeRule = field(default_factory=TimeRule)
    ranges: dict[str, RangeRule] = field(default_factory=dict)
    rates: dict[str, RateRule] = field(default_factory=dict)
    persistences: dict[str, PersistenceRule] = field(default_factory=dict)
    crosses: tuple[CrossRule, ...] = ()


@cache
def rules(network: str, city_pack: Path | None = None) -> NetworkRules:
    """Rules of a network: those of the base pack, with what the city's `pack/quality/<network>.yaml` replaces or adds.

    Args:
        network: its code.
        city_pack: pack folder of the city.

    Raises:
        BilanError: unknown network, or a declaration is wrong (file, line, value, what is allowed, nearest match).

    Examples:
        >>> rules("air").crosses[0].id
        'pm25_within_pm10'
    """
    if network not in networks():
        allowed = list(networks())
        raise BilanError(Problem("value.unknown_choice", {"value": network, "allowed": allowed, "nearest": nearest(network, allowed)}))
    declared = read_rules(base("quality", f"{network}.yaml"))
    own = city_pack / "quality" / f"{network}.yaml" if city_pack else None
    return _merged(declared, read_rules(own)) if own is not None and own.is_file() else declared


def read_rules(source: Traversable | Path) -> NetworkRules:
    """Read one file of rules.

    Raises:
        BilanError: everything that is wrong in it, with file and line.
    """
    problems: list[Problem] = []
    reader = Reader(str(source), read_yaml(source), problems)
    reader.only(_SECTIONS)
    network = reader.text("network", allowed=list(networks()))
    found = NetworkRules(
        network,
        reader.text("zh", ""),
        reader.text("en", ""),
        _time(reader.inner("time")),
        {rule.column: rule for rule in _each(reader.inner("range"), _range)},
        {rule.column: rule for rule in _each(reader.inner("rate"), _rate)},
        {rule.column: rule for rule in _each(reader.inner("persistence"), _persistence)},
        tuple(_crosses(reader)),
    )
    settle(problems)
    return found


def _merged(first: NetworkRules, second: NetworkRules) -> NetworkRules:
    own = {rule.id for rule in second.crosses}
    return NetworkRules(
        first.network,
        second.zh or first.zh,
        second.en or first.en,
        second.time if second.time != TimeRule() else first.time,
        {**first.ranges, **second.ranges},
        {**first.rates, **second.rates},
        {**first.persistences, **second.persistences},
        (*(rule for rule in first.crosses if rule.id not in own), *second.crosses),
    )


def _time(reader: Reader) -> TimeRule:
    reader.only(("future_minutes", "past_days"))
    return TimeRule(int(reader.number("future_minutes", 10, 0) * 60), int(reader.number("past_days", 400, 0) * 86400))


def _each(section: Reader, make: Callable[[str, Reader], T]) -> list[T]:
    """One rule a parameter; the key is its science column."""
    known = vocabulary().by_code.values()
    columns = {parameter.column for parameter in known}
    made = []
    for column, declared in section.declared.items():
        if column not in columns:
            section.note("parameter.unknown_column", str(column), {"value": column, "nearest": nearest(str(column), columns)})
            continue
        made.append(make(column, Reader(section.source, declared, section.problems, section.where(column))))
    return made


def _range(column: str, reader: Reader) -> RangeRule:
    reader.only(("lower", "upper"))
    lower = reader.number("lower") if "lower" in reader.declared else None
    upper = reader.number("upper") if "upper" in reader.declared else None
    if lower is not None and upper is not None and upper < lower:
        reader.note("pack.wrong_value", "upper", {"key": "upper", "value": upper, "allowed": f"≥ {lower:g}"})
    return RangeRule(column, lower, upper)


def _rate(column: str, reader: Reader) -> RateRule:
    reader.only(("change", "ratio", "hours"))
    return RateRule(column, reader.number("change", lowest=0), reader.number("ratio", 0, 0), reader.number("hours", 1, 0))


def _persistence(column: str, reader: Reader) -> PersistenceRule:
    reader.only(("hours", "tolerance", "above"))
    above = reader.number("above") if "above" in reader.declared else None
    return PersistenceRule(column, int(reader.number("hours", lowest=2)), reader.number("tolerance", 0, 0), above)


def _crosses(reader: Reader) -> list[CrossRule]:
    made = []
    for declared in reader.items("cross"):
        entry = Reader(reader.source, declared, reader.problems, reader.where("cross"))
        entry.only(("id", "left", "operator", "right", "absolute", "relative", "zh", "en"))
        left, right = _combination(entry, "left"), _combination(entry, "right")
        made.append(
            CrossRule(
                entry.text("id"),
                left,
                entry.text("operator", allowed=OPERATORS),
                right,
                entry.number("absolute", 0, 0),
                entry.number("relative", 0, 0),
                entry.text("zh"),
                entry.text("en"),
            )
        )
    return made


def _combination(reader: Reader, key: str) -> Combination:
    text = reader.text(key)
    found = Combination.parse(text) if text else Combination(())
    if found is None:
        reader.note("pack.wrong_value", key, {"key": key, "value": text, "allowed": "factor*column + column"})
        return Combination(())
    columns = {parameter.column for parameter in vocabulary().by_code.values()}
    for column in found.columns:
        if column not in columns:
            reader.note("parameter.unknown_column", key, {"value": column, "nearest": nearest(column, columns)})
    return found

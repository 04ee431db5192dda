"""How values of shorter spans become one of a longer span, and how many it takes: the table ``quality/validity.csv``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from bilan.pack.loader import base, read_csv
from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry import clock

ANY = "*"
METHODS = ("mean", "weighted", "vector", "energy", "median", "sum", "min", "max", "none")
UNITS = ("samples", "minutes", "hours")
FLAG_RULES = ("none", "any", "share75")
_ALWAYS = clock.seconds(datetime(1, 1, 2)), clock.seconds(datetime(9999, 12, 30))


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    Attributes:
        rule: its name.
        network, parameter, statistic: which series it is for; ``*`` for any network or parameter, several codes joined by ``;``.
        source, target: intervals it leads from and to.
        result: statistic of the result.
        method: arithmetic `mean`; mean `weighted` by the parameter `weight` of the same point; direction of the `vector` mean [deg];
            `energy` mean of levels [dB]; `median`, `sum`, `min`, `max`; `none` where nothing can be made of the values.
        minimum: how much valid data the span needs, counted in `unit`: `samples`, or `minutes` or `hours` covered.
        flags: mark of the result. `none`: N when any value is valid. `any`: one abnormal value makes it abnormal (HJ 212-2017 C.16-C.18,
            water). `share75`: N when at least 75 % of the values are normal, else D (the same tables, gas).
        automatic: whether the worker applies it to what arrives.
        first, last: it holds for spans that begin in this time [s of the wall clock].
    """

    rule: str
    network: str
    parameter: str
    statistic: str
    source: str
    target: str
    result: str
    method: str
    weight: str
    minimum: float
    unit: str
    flags: str
    automatic: bool
    standard: str
    version: str
    clause: str
    first: int
    last: int
    confidence: str
    note: str

    def fits(self, network: str, parameter: str, statistic: str, source: str) -> bool:
        """Whether the rule is for such a series."""
        return (
            self.source == source
            and self.statistic == statistic
            and self.network in (ANY, network)
            and (self.parameter == ANY or parameter in self.parameter.split(";"))
        )

    @property
    def precision(self) -> int:
        """How closely the rule names what it is for; the closest one is taken."""
        return 2 * (self.network != ANY) + (self.parameter != ANY)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the base pack.

    Raises:
        BilanError: a word of the table is not one of those allowed.

    Examples:
        >>> [rule.minimum for rule in rules() if rule.rule == "gas-hour"]
        [45.0]
    """
    columns = ("rule", "network", "parameter", "statistic", "source", "target", "result", "method", "weight", "minimum", "unit", "flags")
    rows = read_csv(base("quality", "validity.csv"), columns)
    return tuple(_rule(row, number) for number, row in enumerate(rows, start=2))


@lru_cache(maxsize=65_536)
def rules_for(network: str, parameter: str, statistic: str, source: str, target: str) -> Sequence[Rule]:
    """The rules that lead a series from one interval to another: the closest, one for each time in which it holds.

    Examples:
        >>> [rule.version for rule in rules_for("air", "a21026", "mean", "hour", "day")]
        ['2012', '2026']
        >>> [rule.method for rule in rules_for("noise", "Leq", "value", "minute", "hour")]
        ['energy']
    """
    fitting = [rule for rule in rules() if rule.target == target and rule.fits(network, parameter, statistic, source)]
    closest = max((rule.precision for rule in fitting), default=0)
    return [rule for rule in fitting if rule.precision == closest and rule.method != "none"]


def _rule(row: dict[str, str], number: int) -> Rule:
    for column, allowed in (("method", METHODS), ("unit", (*UNITS, "")), ("flags", FLAG_RULES)):
        if row[column] not in allowed:
            values = {"row": number, "value": row[column], "allowed": list(allowed), "nearest": nearest(row[column], allowed)}
            raise BilanError(Problem("store.rule_unknown", values))
    first, last = row.pop("effective_from"), row.pop("effective_to")
    return Rule(
        **{
            **row,
            "minimum": float(row["minimum"] or 0),
            "automatic": row["automatic"] == "yes",
            "first": _begin(first) if first else _ALWAYS[0],
            "last": _begin(last) + clock.DAY if last else _ALWAYS[1],
        }  # type: ignore[arg-type]
    )


def _begin(day: str) -> int:
    return clock.seconds(datetime.combine(date.fromisoformat(day), datetime.min.time()))

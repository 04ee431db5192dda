"""From the column language to Polars: every part becomes one operation on whole columns.

A frame holds, source after source, the same number of moments in a row, so a window looks back over rows. The first rows of each source
look back into the source before it; they are there only to be looked back on and are never judged.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from bilan.pack.rules import Call, Kind, Literal, Name, Node, Operation
from bilan.problems import BilanError, Problem

_ROW = "__row"
_COMPARE: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}
_KINDS = {Kind.NUMBER: pl.Float64, Kind.TEXT: pl.String, Kind.BOOL: pl.Boolean, Kind.DATE: pl.Date}
Typed = tuple[pl.Expr, Kind]


def kind_of(dtype: pl.DataType) -> Kind:
    """What a column of a frame is to the language."""
    if dtype.is_numeric():
        return Kind.NUMBER
    if dtype == pl.Boolean:
        return Kind.BOOL
    if dtype.is_temporal():
        return Kind.DATE
    return Kind.LIST if isinstance(dtype, pl.List | pl.Array) else Kind.TEXT


@dataclass
class Compiler:
    """Makes expressions for one frame.

    Attributes:
        kinds: columns of the frame.
        per: moments that one unit of a window's length has: 1 for hours of an hourly frame, 6 for hours of one of ten minutes.
        placed: calls that stand in the frame already → their columns.
        width: rows of each source.
        today: the day conditions on dates count from.
    """

    kinds: Mapping[str, Kind]
    per: float = 1.0
    placed: Mapping[Call, str] | None = None
    width: int = 1
    today: date | None = None

    def of(self, node: Node) -> Typed:
        """The expression of a part and what it gives.

        Raises:
            BilanError: its sides do not fit together, which shows only with the data.
        """
        match node:
            case Literal(value):
                return pl.lit(value), _literal_kind(value)
            case Name(name):
                return self._name(name)
            case Operation(operator, parts):
                return self._operation(operator, parts)
            case Call():
                if self.placed and node in self.placed:
                    return pl.col(self.placed[node]), self.kinds.get(self.placed[node], Kind.NUMBER)
                return self.call(node)

    def moments(self, length: float) -> int:
        """Number of moments of a length of time."""
        return max(1, round(length * self.per))

    def _name(self, name: str) -> Typed:
        if name not in self.kinds:
            return pl.lit(None, dtype=pl.Float64), Kind.ANY
        kind = self.kinds[name]
        return pl.col(name), kind

    def _operation(self, operator: str, parts: tuple[Node, ...]) -> Typed:
        if operator == "list":
            return pl.lit(None), Kind.LIST
        if operator == "in":
            return self._within(parts[0], parts[1]), Kind.BOOL
        if operator in {"==", "!="} and Literal(None) in parts:
            other = parts[1] if parts[0] == Literal(None) else parts[0]
            found = self.of(other)[0]
            return (found.is_null() if operator == "==" else found.is_not_null()), Kind.BOOL
        typed = [self.of(part) for part in parts]
        if operator in _COMPARE:
            (left, right), _ = self._fitting(typed[0], typed[1])
            return _COMPARE[operator](left, right), Kind.BOOL
        if operator == "if":
            (yes, no), kind = self._fitting(typed[1], typed[2])
            return pl.when(self._bool(typed[0])).then(yes).otherwise(no), kind
        if operator in {"and", "or", "not"}:
            return self._logic(operator, [self._bool(entry) for entry in typed]), Kind.BOOL
        return _arithmetic(operator, [self._number(entry) for entry in typed]), Kind.NUMBER

    def _logic(self, operator: str, parts: list[pl.Expr]) -> pl.Expr:
        if operator == "not":
            return ~parts[0]
        found = parts[0]
        for part in parts[1:]:
            found = found & part if operator == "and" else found | part
        return found

    def _within(self, item: Node, container: Node) -> pl.Expr:
        left, kind = self.of(item)
        if isinstance(container, Operation) and container.operator == "list":
            values = [part.value for part in container.parts if isinstance(part, Literal)]
            self._fitting((left, kind), (pl.lit(values[0]), _literal_kind(values[0])))
            if kind is Kind.ANY:
                return pl.lit(None, dtype=pl.Boolean)
            return _date(left, kind).cast(pl.String).is_in(values) if kind is Kind.DATE else left.is_in(values)
        right, inside = self.of(container)
        if inside is Kind.ANY:
            return pl.lit(None, dtype=pl.Boolean)
        if inside is Kind.LIST:
            return right.list.contains(left)
        if inside is Kind.TEXT and kind is Kind.TEXT:
            return right.str.contains(left, literal=True)
        raise _differ(kind, inside)

    def _fitting(self, left: Typed, right: Typed) -> tuple[tuple[pl.Expr, pl.Expr], Kind]:
        """Both sides as one kind; a text beside a date is read as a date."""
        (first, one), (second, other) = left, right
        if Kind.ANY in {one, other} or one is other:
            kind = other if one is Kind.ANY else one
            if Kind.ANY in {one, other} and kind in _KINDS:
                return (first.cast(_KINDS[kind], strict=False), second.cast(_KINDS[kind], strict=False)), kind
            return (first, second), kind
        if {one, other} == {Kind.DATE, Kind.TEXT}:
            return (_date(first, one), _date(second, other)), Kind.DATE
        raise _differ(one, other)

    def _bool(self, typed: Typed) -> pl.Expr:
        if typed[1] is Kind.ANY:
            return typed[0].cast(pl.Boolean, strict=False)
        if typed[1] is not Kind.BOOL:
            raise _differ(typed[1], Kind.BOOL)
        return typed[0]

    def _number(self, typed: Typed) -> pl.Expr:
        if typed[1] not in {Kind.NUMBER, Kind.ANY}:
            raise _differ(typed[1], Kind.NUMBER)
        return typed[0].cast(pl.Float64, strict=False) if typed[1] is Kind.ANY else typed[0]

    def call(self, call: Call) -> Typed:
        """The expression of a call that does not stand in the frame."""
        typed = [self.of(part) for part in call.parts]
        settings = call.settings
        match call.function:
            case "mean" | "sum" | "min" | "max" | "std" | "quantile":
                return self._rolling(call.function, _finite(self._number(typed[0]), call.parts[0]), settings), Kind.NUMBER
            case "slope":
                return self._slope(_finite(self._number(typed[0]), call.parts[0]), self._length(settings[0])), Kind.NUMBER
            case "count" | "share":
                length = self._length(settings[0])
                held = self._bool(typed[0]).fill_null(value=False).cast(pl.Float64).rolling_sum(length, min_samples=1)
                return (held if call.function == "count" else held / length), Kind.NUMBER
            case "repeat":
                return self._repeat(self._number(typed[0]), self._length(settings[0])), Kind.NUMBER
            case "hours_since":
                return self._since(self._bool(typed[0]), self._length(settings[0])), Kind.NUMBER
            case "lag":
                return typed[0][0].shift(self._length(settings[0])), typed[0][1]
            case "diff":
                number = self._number(typed[0])
                return number - number.shift(self._length(settings[0])), Kind.NUMBER
            case "paired":
                other = self._number(self._name(str(settings[0])))
                return self._paired(_finite(self._number(typed[0]), call.parts[0]), other, self._length(settings[1])), Kind.NUMBER
        return self._moment(call.function, typed, settings)

    def _moment(self, function: str, typed: list[Typed], settings: tuple[object, ...]) -> Typed:
        first, kind = typed[0] if typed else (pl.lit(None), Kind.ANY)
        match function:
            case "abs":
                return self._number(typed[0]).abs(), Kind.NUMBER
            case "round":
                scale = 10.0 ** int(float(str(settings[0])))
                return (self._number(typed[0]) * scale).round() / scale, Kind.NUMBER
            case "least" | "greatest":
                one, other = self._number(typed[0]), self._number(typed[1])
                both = pl.min_horizontal(one, other) if function == "least" else pl.max_horizontal(one, other)
                return pl.when(one.is_not_null() & other.is_not_null()).then(both), Kind.NUMBER
            case "filled" | "empty":
                present = _present(first, kind)
                return (present if function == "filled" else ~present), Kind.BOOL
            case "starts":
                return first.cast(pl.String).str.starts_with(str(settings[0])), Kind.BOOL
            case "length":
                return (first.list.len().cast(pl.Float64) if kind is Kind.LIST else pl.lit(None, dtype=pl.Float64)), Kind.NUMBER
            case "days_until" | "days_since":
                days = (_date(first, kind) - pl.lit(self.today)).dt.total_days().cast(pl.Float64)
                return (days if function == "days_until" else -days), Kind.NUMBER
        raise BilanError(Problem("expression.unknown_function", {"value": function, "allowed": [], "nearest": ""}))

    def _length(self, setting: object) -> int:
        return self.moments(float(str(setting)))

    def _rolling(self, function: str, values: pl.Expr, settings: tuple[object, ...]) -> pl.Expr:
        length = self._length(settings[-1])
        half = math.ceil(length / 2)
        match function:
            case "mean":
                return values.rolling_mean(length, min_samples=half)
            case "sum":
                return values.rolling_sum(length, min_samples=1)
            case "min":
                return values.rolling_min(length, min_samples=1)
            case "max":
                return values.rolling_max(length, min_samples=1)
            case "std":
                return values.rolling_std(length, min_samples=max(2, half))
        return values.rolling_quantile(float(str(settings[0])), "linear", length, min_samples=half)

    def _slope(self, values: pl.Expr, length: int) -> pl.Expr:
        """Least squares over the moments that have a value; time counts within the source, so that its squares stay small."""
        least = max(2, math.ceil(length / 2))
        time = pl.when(values.is_not_null()).then((pl.col(_ROW) % self.width).cast(pl.Float64))
        mean_x, mean_y = (entry.rolling_mean(length, min_samples=least) for entry in (time, values))
        covariance = (time * values).rolling_mean(length, min_samples=least) - mean_x * mean_y
        variance = (time * time).rolling_mean(length, min_samples=least) - mean_x * mean_x
        return pl.when(variance > 0.1).then(covariance / variance * self.per)

    def _paired(self, left: pl.Expr, right: pl.Expr, length: int) -> pl.Expr:
        least = max(3, math.ceil(length / 2))
        both = left.is_not_null() & right.is_not_null()
        one, other = pl.when(both).then(left), pl.when(both).then(right)

        def mean(values: pl.Expr) -> pl.Expr:
            return values.rolling_mean(length, min_samples=least)

        covariance = mean(one * other) - mean(one) * mean(other)
        spread_one, spread_other = (mean(entry * entry) - mean(entry) ** 2 for entry in (one, other))
        varied = (spread_one > 1e-9 * mean(one * one)) & (spread_other > 1e-9 * mean(other * other))
        return pl.when(varied).then((covariance / (spread_one * spread_other).sqrt()).clip(-1.0, 1.0))

    def _repeat(self, values: pl.Expr, length: int) -> pl.Expr:
        begins = values.is_null() | values.shift(1).is_null() | (values != values.shift(1))
        start = pl.when(begins).then(pl.col(_ROW)).forward_fill()
        return pl.when(values.is_not_null()).then((pl.col(_ROW) - start + 1).clip(1, length).cast(pl.Float64))

    def _since(self, holds: pl.Expr, length: int) -> pl.Expr:
        last = pl.when(holds.fill_null(value=False)).then(pl.col(_ROW)).forward_fill()
        ago = pl.col(_ROW) - last
        return pl.when(ago < length).then(ago.cast(pl.Float64) / self.per)


def numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the number of each row, which some windows count by."""
    return frame.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(_ROW))


def _literal_kind(value: object) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOL
    if isinstance(value, int | float):
        return Kind.NUMBER
    return Kind.TEXT if isinstance(value, str) else Kind.ANY


def _arithmetic(operator: str, parts: list[pl.Expr]) -> pl.Expr:
    if operator == "negative":
        return -parts[0]
    left, right = parts
    if operator == "/":
        return pl.when(right != 0).then(left / right)
    return left + right if operator == "+" else left - right if operator == "-" else left * right


def _finite(values: pl.Expr, node: Node) -> pl.Expr:
    """What is computed may have grown beyond all numbers, which would stay in a window for ever."""
    return values if isinstance(node, Name) else pl.when(values.is_finite()).then(values)


def _present(values: pl.Expr, kind: Kind) -> pl.Expr:
    if kind is Kind.TEXT:
        return values.is_not_null() & (values != "")
    if kind is Kind.LIST:
        return values.is_not_null() & (values.list.len() > 0)
    return values.is_not_null()


def _date(values: pl.Expr, kind: Kind) -> pl.Expr:
    if kind is Kind.DATE:
        return values.cast(pl.Date)
    return values.cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def _differ(left: Kind, right: Kind) -> BilanError:
    return BilanError(Problem("rules.kinds_differ", {"value": "", "left": left.value, "right": right.value}))

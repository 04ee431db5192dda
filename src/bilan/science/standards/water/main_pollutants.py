"""Which items made the water what it is: main pollutants in their order, and the items that set the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import narwhals as nw

from bilan.science.rounding import snap

KEPT = 3
"""How many main pollutants are named."""

_PRIORITY = 1e7
_CLASS = 1e5
_LARGEST_FACTOR = 9e4
_NO_FACTOR = -1.0
_TIE = 1e-6


class Item(Protocol):
    """What an item of any standard must tell to be named."""

    @property
    def column(self) -> str: ...
    @property
    def symbol(self) -> str: ...
    @property
    def direction(self) -> str: ...
    @property
    def priority(self) -> bool: ...


def with_main_pollutants(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any], counted: Sequence[Item], target: str | None, reference_class: int
) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Add ``main``: symbols of the first three items beyond the class compared with; empty text when there is none.

    Items are ordered by cyanide and heavy metals first, then by class, then by how many times they are over the limit
    (pH and dissolved oxygen, which have no such number, after the others of their class), then as the standard lists them.

    Parameters:
        frame: with ``class_*`` and ``factor_*`` of the `counted` items.
        counted: items that decide the class.
        target: column of the section's target class, or None to compare with `reference_class`.
        reference_class: class that an item must exceed to be named.

    Reference:
        地表水环境质量评价办法(试行) 环办[2011]22号, 主要污染指标的确定 (surface_water_rules.csv MP1 to MP6)
    """
    keys = {entry.symbol: _key(entry, position, target, reference_class) for position, entry in enumerate(counted)}
    return with_largest(frame, keys, "main", KEPT)


def deciding_items(counted: Sequence[Item]) -> nw.Expr:
    """Symbols of the items whose class equals the grade of the row, in the order of the standard; empty for class I."""
    worst = nw.col("grade")
    named = [nw.when((nw.col(f"class_{entry.column}") == worst) & (worst > 1)).then(nw.lit(entry.symbol)) for entry in counted]
    return joined(named)


def joined(parts: Sequence[nw.Expr]) -> nw.Expr:
    """Join the texts that are there by commas; empty text when there is none."""
    return nw.concat_str(*parts, separator=",", ignore_nulls=True).fill_null("")


def with_largest(
    frame: nw.DataFrame[Any] | nw.LazyFrame[Any], keys: Mapping[str, nw.Expr], name: str, count: int
) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Add column `name`: the names of the `count` largest keys of a row, largest first, joined by commas.

    Parameters:
        frame: rows to name.
        keys: name → sort key; empty keys are never named, and two keys of one row must differ.
        name: column to add.
        count: how many names at most.
    """
    columns = {text: f"_k_{position}" for position, text in enumerate(keys)}
    frame = frame.with_columns(keys[text].alias(column) for text, column in columns.items())
    tops = [f"_top_{place}" for place in range(min(count, len(keys)))]
    held = [nw.col(column) for column in columns.values()]
    for place, top in enumerate(tops):
        smaller = [nw.when(key < nw.col(tops[place - 1])).then(key) for key in held] if place else held
        frame = frame.with_columns(nw.max_horizontal(*smaller).alias(top))
    names = _names(frame, tops, columns)
    return frame.with_columns(joined(names).alias(name)).drop([*columns.values(), *tops])


def _names(frame: nw.DataFrame[Any] | nw.LazyFrame[Any], tops: Sequence[str], columns: Mapping[str, str]) -> list[nw.Expr]:
    """Name of the key that each top equals."""
    if frame.implementation.is_polars():
        # Numbers are told apart and then replaced: choosing between texts costs several times as much.
        texts = list(columns)
        places = [
            nw.coalesce(*[nw.when(nw.col(key) == nw.col(top)).then(place) for place, key in enumerate(columns.values())]) for top in tops
        ]
        return [place.replace_strict(range(len(texts)), texts, default=None, return_dtype=nw.String) for place in places]
    return [nw.coalesce(*[nw.when(nw.col(key) == nw.col(top)).then(nw.lit(text)) for text, key in columns.items()]) for top in tops]


def _key(entry: Item, position: int, target: str | None, reference_class: int) -> nw.Expr:
    item_class = nw.col(f"class_{entry.column}")
    beyond = item_class > (reference_class if target is None else nw.coalesce(nw.col(target), nw.lit(reference_class)))
    factor = nw.lit(_NO_FACTOR)
    if entry.direction == "below":
        times = snap(nw.col(f"factor_{entry.column}"), 4)
        factor = nw.when(times > _LARGEST_FACTOR).then(nw.lit(_LARGEST_FACTOR)).otherwise(times).fill_null(_NO_FACTOR)
    fixed = (_PRIORITY if entry.priority else 0.0) - position * _TIE
    return nw.when(beyond).then(item_class * _CLASS + factor + fixed)

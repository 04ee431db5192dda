"""City water quality index (CWQI) and ranking of cities."""

from __future__ import annotations

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.standards.water.classify import REFERENCE_CLASS
from bilan.science.standards.water.limits import Item, SectionType, version_at
from bilan.science.standards.water.means import grouped_means, with_numbers

_NEUTRAL_PH = 7.0


def city_index(frame: Native, *, city: str = "city") -> Native:
    """City water quality index: river index and lake index weighted by their numbers of sections, cities ranked.

    Parameters:
        frame: one row a section, means of the period: `city`, ``section_type`` (river or lake; river when empty), items [mg/L].
        city: column that names the city.

    Returns:
        One row a city: ``sections_river``, ``sections_lake``, ``cwqi_river``, ``cwqi_lake``, ``cwqi``, ``items`` (how many of
        the 21 the index sums), ``rank`` (1 = cleanest).

    Raises:
        BilanError: a column is missing.

    Reference:
        城市地表水环境质量排名技术规定(试行) 环办监测[2017]51号 (surface_water_rules.csv CW1 to CW8)

    Examples:
        >>> import polars as pl
        >>> rows = pl.DataFrame({"city": ["A", "A", "B"], "do": [8.0, 12.0, 5.0], "tp": [0.1, 0.1, 0.2]})
        >>> city_index(rows).select("city", "cwqi", "rank").rows()
        [('A', 1.0, 1), ('B', 2.0, 2)]
    """
    return run(frame, lambda data: _index(data, city))


def index_change(frame: Native) -> Native:
    """Rank cities by the change of their index.

    Parameters:
        frame: ``cwqi`` and ``cwqi_before`` a city.

    Returns:
        The frame with ``change`` [%] (negative = better) and ``change_rank`` (1 = most improved).

    Reference:
        环办监测[2017]51号 (surface_water_rules.csv CW9)

    Examples:
        >>> import polars as pl
        >>> index_change(pl.DataFrame({"cwqi": [4.5, 6.6], "cwqi_before": [5.0, 6.0]})).select("change", "change_rank").rows()
        [(-10.0, 1), (10.0, 2)]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, "cwqi", "cwqi_before")
        change = (nw.col("cwqi") / nw.col("cwqi_before") - 1) * 100
        data = data.with_columns(change=change.round(6), _all=nw.lit(1))
        return data.with_columns(change_rank=_rank("change")).drop("_all")

    return run(frame, rule)


def _rank(column: str) -> nw.Expr:
    return nw.col(column).rank(method="min").over("_all").cast(nw.Int64)


def _index(data: AnyFrame, city: str) -> AnyFrame:
    need(data, city)
    present = data.collect_schema().names()
    items = [entry for entry in version_at().items.values() if entry.counted and entry.column in present]
    data = with_numbers(data, [entry.column for entry in items])
    kind = nw.col("section_type").fill_null("river") if "section_type" in present else nw.lit("river")
    data = data.with_columns(_kind=nw.when(kind == "lake").then(nw.lit("lake")).otherwise(nw.lit("river")))
    means = grouped_means(data, [city, "_kind"], [entry.column for entry in items], nw.len().alias("_sections"))
    parts = {entry.column: _by_kind(entry) for entry in items}
    means = means.with_columns(**{f"_i_{column}": part for column, part in parts.items()})
    numbers = [nw.col(f"_i_{column}") for column in parts]
    means = means.with_columns(
        _index=nw.sum_horizontal(*numbers), _items=nw.sum_horizontal(*[(~one.is_null()).cast(nw.Int64) for one in numbers])
    )
    for name in ("river", "lake"):
        chosen = nw.col("_kind") == name
        means = means.with_columns(
            nw.when(chosen).then(nw.col("_index")).alias(f"cwqi_{name}"),
            nw.when(chosen).then(nw.col("_sections")).otherwise(nw.lit(0)).alias(f"sections_{name}"),
        )
    cities = means.group_by(city).agg(
        *[nw.col(f"cwqi_{name}").max() for name in ("river", "lake")],
        *[nw.col(f"sections_{name}").sum() for name in ("river", "lake")],
        nw.col("_items").min().alias("items"),
    )
    return _ranked(cities, city)


def _ranked(cities: AnyFrame, city: str) -> AnyFrame:
    weighted = [nw.col(f"cwqi_{name}").fill_null(0.0) * nw.col(f"sections_{name}") for name in ("river", "lake")]
    number = nw.col("sections_river") + nw.col("sections_lake")
    cities = cities.with_columns(cwqi=((weighted[0] + weighted[1]) / number).round(9), _all=nw.lit(1))
    cities = cities.with_columns(rank=_rank("cwqi"))
    return cities.select(city, "sections_river", "sections_lake", "cwqi_river", "cwqi_lake", "cwqi", "items", "rank").sort("rank", city)


def _by_kind(entry: Item) -> nw.Expr:
    river, lake = _item_index(entry, "river"), _item_index(entry, "lake")
    if entry.limits.get("river") == entry.limits.get("lake"):
        return river
    return nw.when(nw.col("_kind") == "lake").then(lake).otherwise(river)


def _item_index(entry: Item, kind: SectionType) -> nw.Expr:
    value = nw.col(entry.column)
    limits = entry.limits[kind]
    if entry.direction == "range":
        lower, upper = limits
        acid = (_NEUTRAL_PH - value) / (_NEUTRAL_PH - lower)
        return nw.when(value <= _NEUTRAL_PH).then(acid).when(value > _NEUTRAL_PH).then((value - _NEUTRAL_PH) / (upper - _NEUTRAL_PH))
    limit = limits[REFERENCE_CLASS - 1]
    return limit / value if entry.direction == "above" else value / limit

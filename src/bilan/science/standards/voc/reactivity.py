"""What the species can do: ozone formation potential, OH reactivity, ratios that tell sources and age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import narwhals as nw

from bilan.problems import BilanError, Problem, nearest
from bilan.science.engine import AnyFrame, Native, run
from bilan.science.standards.voc.species import TOGETHER, Species, present
from bilan.science.standards.voc.units import PRESSURE, TEMPERATURE, mass_per_ppb, molecules_per_ppb
from bilan.science.standards.water.numbers import usable

Unit = Literal["ug/m3", "ppb"]
Measure = Literal["mass", "ofp", "reactivity"]
KINDS = ("alkane", "alkene", "alkyne", "aromatic")
_UNITS = ("ug/m3", "ppb")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two mixing ratios: `name`, its parts, and what it tells."""

    name: str
    over: str
    under: str
    says_zh: str
    says_en: str


RATIOS = (
    Ratio("ratio_bt", "benzene", "toluene", "苯/甲苯：约 0.5 为机动车，远低为溶剂，大于 1 为燃煤或生物质燃烧",
          "benzene to toluene: near 0.5 traffic, far below solvents, above 1 coal or biomass burning"),
    Ratio("ratio_xe", TOGETHER, "ethylbenzene", "间对二甲苯/乙苯：约 3 为新鲜排放，越低气团越老",
          "m,p-xylene to ethylbenzene: near 3 fresh, the lower the older the air"),
    Ratio("ratio_isopentane", "isopentane", "n_pentane", "异戊烷/正戊烷：2 至 4 为机动车和汽油挥发，小于 1 为燃煤",
          "isopentane to n-pentane: 2 to 4 traffic and petrol, below 1 coal"),
    Ratio("ratio_ethane", "ethane", "acetylene", "乙烷/乙炔：越高气团越老", "ethane to acetylene: the higher the older the air"),
)  # fmt: skip
"""Ratios that are added by `ratios`; what they tell is a rule of thumb, not verified."""


def ozone_potential(frame: Native, *, unit: Unit = "ug/m3", temperature: float = TEMPERATURE, pressure: float = PRESSURE) -> Native:
    """Add the ozone formation potential of every species and of all.

    Parameters:
        frame: species under their science names, in `unit`; m- and p-xylene apart, or together as ``mp_xylene``.
        unit: ``ug/m3`` or ``ppb``.
        temperature: of the conversion from ppb [°C]; `pressure`: [Pa].

    Returns:
        The frame with ``ofp_<species>``, ``ofp_alkane``, ``ofp_alkene``, ``ofp_alkyne``, ``ofp_aromatic`` and ``ofp`` [µg O₃/m³]; sums
        leave out what is missing and are empty where everything is.

    Raises:
        BilanError: no species, or an unknown unit.

    Reference:
        Carter 2010, SAPRC-07 MIR: OFP = Σ concentration × MIR.

    Examples:
        >>> import polars as pl
        >>> ozone_potential(pl.DataFrame({"toluene": [10.0], "ethylene": [2.0]})).select("ofp_toluene", "ofp_alkene", "ofp").rows()
        [(40.0, 18.0, 58.0)]
    """
    _check(unit)

    def factor(entry: Species) -> float:
        return entry.mir * (mass_per_ppb(entry.molar_mass, temperature, pressure) if unit == "ppb" else 1.0)

    return run(frame, lambda data: _weighted(data, "ofp", {entry: factor(entry) for entry in present(data.collect_schema().names())}))


def oh_reactivity(frame: Native, *, unit: Unit = "ug/m3", temperature: float = TEMPERATURE, pressure: float = PRESSURE) -> Native:
    """Add the OH reactivity of every species and of all.

    Parameters:
        frame, unit, temperature, pressure: as for `ozone_potential`; the rate constants are those of 298 K.

    Returns:
        The frame with ``loh_<species>``, ``loh_alkane``, ``loh_alkene``, ``loh_alkyne``, ``loh_aromatic`` and ``loh`` [1/s].

    Raises:
        BilanError: no species, or an unknown unit.

    Reference:
        Atkinson and Arey 2003: L = Σ k(OH) × number of molecules.

    Examples:
        >>> import polars as pl
        >>> oh_reactivity(pl.DataFrame({"isoprene": [1.0]}), unit="ppb")["loh"].round(2).to_list()
        [2.46]
    """
    _check(unit)

    def factor(entry: Species) -> float:
        ppb = 1.0 if unit == "ppb" else 1 / mass_per_ppb(entry.molar_mass, temperature, pressure)
        return entry.koh * 1e-12 * molecules_per_ppb(temperature, pressure) * ppb

    return run(frame, lambda data: _weighted(data, "loh", {entry: factor(entry) for entry in present(data.collect_schema().names())}))


def ratios(frame: Native, *, unit: Unit = "ug/m3") -> Native:
    """Add ratios of mixing ratios that tell sources and age of the air.

    Parameters:
        frame, unit: as for `ozone_potential`.

    Returns:
        The frame with ``ratio_bt`` (benzene/toluene), ``ratio_xe`` (m,p-xylene/ethylbenzene), ``ratio_isopentane``
        (isopentane/n-pentane) and
        ``ratio_ethane`` (ethane/acetylene) [ppb/ppb], as far as the species are there; empty where the lower part is not above zero.

    Raises:
        BilanError: no species, or an unknown unit.

    Examples:
        >>> import polars as pl
        >>> ratios(pl.DataFrame({"benzene": [0.5], "toluene": [1.0]}), unit="ppb")["ratio_bt"].to_list()
        [0.5]
    """
    _check(unit)

    def rule(data: AnyFrame) -> AnyFrame:
        names = data.collect_schema().names()
        known = {entry.item: entry for entry in present(names)}
        apart = [item for item in ("1_3_dimethylbenzene", "1_4_dimethylbenzene") if item in known]
        value = {item: usable(item) / (mass_per_ppb(entry.molar_mass) if unit == "ug/m3" else 1.0) for item, entry in known.items()}
        if TOGETHER not in known and len(apart) == 2:
            value[TOGETHER] = value[apart[0]] + value[apart[1]]
        made = {
            ratio.name: nw.when(value[ratio.under] > 0).then(value[ratio.over] / value[ratio.under])
            for ratio in RATIOS
            if ratio.over in value and ratio.under in value
        }
        return data.with_columns(**made)

    return run(frame, rule)


def top_species(frame: Native, by: Measure = "ofp", *, count: int = 10, unit: Unit = "ug/m3", groups: Sequence[str] = ()) -> Native:
    """Rank the species by their mean share.

    Parameters:
        frame, unit: as for `ozone_potential`.
        by: ``mass`` [µg/m³], ``ofp`` [µg O₃/m³] or ``reactivity`` [1/s].
        count: so many of each group.
        groups: columns within which is ranked, such as ``point``; all rows together when not given.

    Returns:
        One row a species, the greatest first within each group: `groups`, ``species``, ``name_zh``, ``name_en``, ``kind``, ``mean``,
        ``share`` of the sum of means [1], ``rank``.

    Raises:
        BilanError: no species, or an unknown unit or measure.

    Examples:
        >>> import polars as pl
        >>> top_species(pl.DataFrame({"toluene": [10.0, 20.0], "ethane": [5.0, 5.0]})).select("species", "rank").rows()
        [('toluene', 1), ('ethane', 2)]
    """
    measures = ("mass", "ofp", "reactivity")
    if by not in measures:
        raise BilanError(Problem("value.unknown_choice", {"value": by, "allowed": measures, "nearest": nearest(by, measures)}))
    _check(unit)

    def rule(data: AnyFrame) -> AnyFrame:
        found = present(data.collect_schema().names())
        ready = data.with_columns((usable(entry.item) * _factor(entry, by, unit)).alias(f"__{entry.item}") for entry in found)
        keys = list(groups)
        rows = [
            ready.select(
                *keys,
                nw.lit(entry.item).alias("species"),
                nw.lit(entry.name_zh).alias("name_zh"),
                nw.lit(entry.name_en).alias("name_en"),
                nw.lit(entry.kind).alias("kind"),
                nw.col(f"__{entry.item}").alias("mean"),
            )
            for entry in found
        ]
        labels = [*keys, "species", "name_zh", "name_en", "kind"]
        long = cast(AnyFrame, nw.concat(cast(Any, rows))).group_by(*labels).agg(nw.col("mean").mean()).filter(~nw.col("mean").is_null())
        within = keys or ["__all"]
        long = long if keys else long.with_columns(__all=nw.lit(1))
        long = long.with_columns(
            share=nw.col("mean") / nw.col("mean").sum().over(*within),
            rank=nw.col("mean").rank("ordinal", descending=True).over(*within).cast(nw.Int64),
        )
        ranked = long.filter(nw.col("rank") <= count).sort(*keys, "rank")
        return ranked if keys else ranked.drop("__all")

    return run(frame, rule)


def _weighted(data: AnyFrame, name: str, factors: dict[Species, float]) -> AnyFrame:
    data = data.with_columns((usable(entry.item) * factor).alias(f"{name}_{entry.item}") for entry, factor in factors.items())
    sums = {f"{name}_{kind}": [f"{name}_{entry.item}" for entry in factors if entry.kind == kind] for kind in KINDS}
    sums[name] = [f"{name}_{entry.item}" for entry in factors]
    return data.with_columns(_sum(columns).alias(total) for total, columns in sums.items() if columns)


def _sum(columns: Sequence[str]) -> nw.Expr:
    some = nw.any_horizontal(*(~nw.col(column).is_null() for column in columns), ignore_nulls=False)
    return nw.when(some).then(nw.sum_horizontal(*columns))


def _factor(entry: Species, by: Measure, unit: Unit) -> float:
    per_ppb = mass_per_ppb(entry.molar_mass)
    if by == "reactivity":
        return entry.koh * 1e-12 * molecules_per_ppb() * (1.0 if unit == "ppb" else 1 / per_ppb)
    mass = per_ppb if unit == "ppb" else 1.0
    return mass * (entry.mir if by == "ofp" else 1.0)


def _check(unit: str) -> None:
    if unit not in _UNITS:
        raise BilanError(Problem("value.unknown_choice", {"value": unit, "allowed": _UNITS, "nearest": nearest(unit, _UNITS)}))

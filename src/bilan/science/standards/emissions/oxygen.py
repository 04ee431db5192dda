"""Flue gas as measured, made comparable: standard state, dry gas, units, reference oxygen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import narwhals as nw
import numpy as np
import numpy.typing as npt

from bilan.science.engine import AnyFrame, Native, need, run
from bilan.science.tables import table

AIR_OXYGEN = 21.0
"""Oxygen of air as the Chinese standards count it [%]."""
MOLAR_VOLUME = 22.4
"""Volume of a mole of gas at 273 K and 101325 Pa [L/mol]."""


ANY = "*"
"""Group of the rule for sources that have none of their own."""


@dataclass(frozen=True, slots=True)
class OxygenRule:
    """Up to which oxygen the gas of a source is converted: above it the quotient says more about air than about the source.

    Attributes:
        most: oxygen in dry gas [%].
        standard, version, clause: what it rests on; `confidence`: how certain that is.
        detail_zh, detail_en: the rule in words.
    """

    most: float
    standard: str
    version: str
    clause: str
    confidence: str
    detail_zh: str
    detail_en: str


@cache
def oxygen_rule(source: str = ANY) -> OxygenRule:
    """The rule for a source, the general one where it has none of its own.

    Reference:
        emission_oxygen.csv; none of its rows is verified.

    Examples:
        >>> oxygen_rule("gb25464-kiln").standard, oxygen_rule("gb13223-coal").standard
        ('GB 25464', '(good practice)')
    """
    rows = table("emission_oxygen")
    row = next((row for row in rows if source in row["group"].split("|")), None) or next(row for row in rows if row["group"] == ANY)
    return OxygenRule(float(row["most_oxygen"]), *(row[name] for name in OxygenRule.__dataclass_fields__ if name != "most"))


def converted(value: nw.Expr, oxygen: nw.Expr, reference: nw.Expr | float, most: nw.Expr | float | None = None) -> nw.Expr:
    """Concentration converted to the reference oxygen, as an expression for rules.

    Parameters:
        value: concentration in dry gas [mg/m³].
        oxygen: oxygen in dry gas [%].
        reference: reference oxygen of the standard [%].
        most: oxygen above which nothing is converted [%]; that of `oxygen_rule` for any source when not given.

    Returns:
        [mg/m³]; null where the oxygen is missing, negative or above `most`.

    Reference:
        HJ 212-2017 Annex D eq 28; GB 13223-2011 5.2, GB 13271-2014 5.2.

    Examples:
        >>> import polars as pl
        >>> frame = nw.from_native(pl.DataFrame({"so2": [30.0, 30.0, 30.0], "o2": [6.0, 11.0, 20.9]}))
        >>> frame.select(converted(nw.col("so2"), nw.col("o2"), 6.0))["so2"].to_list()
        [30.0, 45.0, None]
    """
    usable = (oxygen >= 0) & (oxygen <= (oxygen_rule().most if most is None else most))
    return nw.when(usable).then(value * (AIR_OXYGEN - reference) / (AIR_OXYGEN - oxygen))


def converted_values(
    value: npt.NDArray[np.float64], oxygen: npt.NDArray[np.float64], reference: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Concentrations at the reference oxygen, of arrays that fit together; the same rule as `converted`.

    Parameters:
        value: concentration in dry gas [mg/m³]; `oxygen`, `reference`: [%]. Not a number stands for missing.

    Returns:
        [mg/m³]; not a number where something is missing or the oxygen is above what `oxygen_rule` allows for any source.

    Reference:
        HJ 212-2017 Annex D eq 28.

    Examples:
        >>> converted_values(np.array([30.0, 30.0]), np.array([11.0, 20.9]), np.array([6.0, 6.0])).tolist()
        [45.0, nan]
    """
    usable = (oxygen >= 0) & (oxygen <= oxygen_rule().most)
    left = np.where(usable, AIR_OXYGEN - oxygen, np.nan)
    found: npt.NDArray[np.float64] = value * (AIR_OXYGEN - reference) / left
    return found


def convert(frame: Native, references: Mapping[str, float | str], *, oxygen: str = "o2") -> Native:
    """Add ``converted_<item>``: concentrations at the reference oxygen.

    Parameters:
        frame: concentrations in dry gas [mg/m³] and `oxygen` [%], one row a moment.
        references: item column → reference oxygen [%] or the name of the column that holds it.
        oxygen: column of oxygen in dry gas.

    Returns:
        The frame with a column more an item; null where the oxygen is missing or above what `oxygen_rule` allows for any source.

    Raises:
        BilanError: a column is missing.

    Reference:
        HJ 212-2017 Annex D eq 28.

    Examples:
        >>> import polars as pl
        >>> convert(pl.DataFrame({"nox": [40.0], "o2": [13.0]}), {"nox": 9})["converted_nox"].to_list()
        [60.0]
    """

    def rule(data: AnyFrame) -> AnyFrame:
        need(data, oxygen, *references, *(entry for entry in references.values() if isinstance(entry, str)))
        return data.with_columns(
            converted(nw.col(item), nw.col(oxygen), nw.col(entry) if isinstance(entry, str) else float(entry)).alias(f"converted_{item}")
            for item, entry in references.items()
        )

    return run(frame, rule)


def excess_air(oxygen: float) -> float:
    """Excess-air coefficient that goes with an oxygen content.

    Parameters:
        oxygen: in dry gas [%].

    Returns:
        [1]

    Raises:
        ValueError: no such coefficient at 21 % and above.

    Reference:
        HJ 212-2017 Annex D eq 27.

    Examples:
        >>> excess_air(6), excess_air(3.5)
        (1.4, 1.2)
    """
    if oxygen >= AIR_OXYGEN:
        raise ValueError(oxygen)
    return AIR_OXYGEN / (AIR_OXYGEN - oxygen)


def oxygen_of(coefficient: float) -> float:
    """Oxygen content [%] that goes with an excess-air coefficient [1], the other way round.

    Reference:
        HJ 212-2017 Annex D eq 27.

    Examples:
        >>> round(oxygen_of(1.7), 1)
        8.6
    """
    return AIR_OXYGEN * (1 - 1 / coefficient)


def mass_concentration(volume_fraction: float, molar_mass: float) -> float:
    """Mass concentration [mg/m³ at 273 K, 101325 Pa] of a volume fraction [µmol/mol], given the molar mass [g/mol].

    Reference:
        HJ 212-2017 Annex D eq 20.

    Examples:
        >>> round(mass_concentration(1, 64.06), 2)
        2.86
    """
    return volume_fraction * molar_mass / MOLAR_VOLUME


def at_standard_state(value: float, temperature: float, static_pressure: float, ambient_pressure: float = 101325.0) -> float:
    """Concentration at 273 K and 101325 Pa of one at the state of the flue.

    Parameters:
        value: concentration at the state of the flue [mg/m³].
        temperature: of the gas [°C].
        static_pressure: of the gas against the atmosphere [Pa].
        ambient_pressure: of the atmosphere [Pa].

    Reference:
        HJ 212-2017 Annex D eq 18.

    Examples:
        >>> at_standard_state(10, 273, 0)
        20.0
    """
    return value * (101325 / (ambient_pressure + static_pressure)) * ((273 + temperature) / 273)


def dry(value: float, moisture: float) -> float:
    """Concentration in dry gas of one in wet gas whose moisture is a volume fraction [1].

    Reference:
        HJ 212-2017 Annex D eq 19.

    Examples:
        >>> dry(9, 0.1)
        10.0
    """
    return value / (1 - moisture)


def standard_dry_flow(
    flow: float, temperature: float, static_pressure: float, moisture: float, ambient_pressure: float = 101325.0
) -> float:
    """Flow of dry gas at 273 K and 101325 Pa, of a flow of wet gas at the state of the flue, in the same unit.

    Parameters:
        flow: of wet gas [m³/h].
        temperature: [°C]; `static_pressure`, `ambient_pressure`: [Pa]; `moisture`: volume fraction [1].

    Reference:
        HJ 212-2017 Annex D eq 31.

    Examples:
        >>> standard_dry_flow(1000, 273, 0, 0.1)
        450.0
    """
    return flow * (273 / (273 + temperature)) * ((ambient_pressure + static_pressure) / 101325) * (1 - moisture)

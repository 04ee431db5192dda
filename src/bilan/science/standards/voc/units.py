"""Volume mixing ratio and mass concentration of gases in ambient air."""

from __future__ import annotations

import narwhals as nw

from bilan.science.engine import AnyFrame, Native, run
from bilan.science.standards.voc.species import present

GAS_CONSTANT = 8.314462618
"""[J/(mol·K)]"""
AVOGADRO = 6.02214076e23
"""[1/mol]"""
TEMPERATURE = 25.0
"""Reference temperature of gases in ambient air [°C] (GB 3095-2012 with its amendment of 2018)."""
PRESSURE = 101325.0
"""Reference pressure [Pa]."""
KELVIN = 273.15


def mass_per_ppb(molar_mass: float, temperature: float = TEMPERATURE, pressure: float = PRESSURE) -> float:
    """Mass concentration [µg/m³] of 1 ppb of a gas.

    Parameters:
        molar_mass: [g/mol].
        temperature: [°C].
        pressure: [Pa].

    Reference:
        ideal gas.

    Examples:
        >>> round(mass_per_ppb(78.11), 2)
        3.19
    """
    return molar_mass * pressure / (GAS_CONSTANT * (temperature + KELVIN)) * 1e-3


def molecules_per_ppb(temperature: float = TEMPERATURE, pressure: float = PRESSURE) -> float:
    """Molecules in a cubic centimetre [1/cm³] at 1 ppb, given temperature [°C] and pressure [Pa].

    Examples:
        >>> f"{molecules_per_ppb():.3g}"
        '2.46e+10'
    """
    return AVOGADRO * pressure / (GAS_CONSTANT * (temperature + KELVIN)) * 1e-6 * 1e-9


def to_mass(frame: Native, temperature: float = TEMPERATURE, pressure: float = PRESSURE) -> Native:
    """Turn the species of a frame from ppb into µg/m³.

    Parameters:
        frame: species under their science names [ppb].
        temperature: [°C].
        pressure: [Pa].

    Returns:
        The frame with the species in µg/m³.

    Raises:
        BilanError: no species.

    Examples:
        >>> import polars as pl
        >>> to_mass(pl.DataFrame({"toluene": [1.0]}))["toluene"].round(2).to_list()
        [3.77]
    """
    return run(frame, lambda data: _scaled(data, 1, temperature, pressure))


def to_ppb(frame: Native, temperature: float = TEMPERATURE, pressure: float = PRESSURE) -> Native:
    """Turn the species of a frame from µg/m³ into ppb; the other way round of `to_mass`.

    Examples:
        >>> import polars as pl
        >>> to_ppb(to_mass(pl.DataFrame({"benzene": [0.5]})))["benzene"].round(9).to_list()
        [0.5]
    """
    return run(frame, lambda data: _scaled(data, -1, temperature, pressure))


def _scaled(data: AnyFrame, power: int, temperature: float, pressure: float) -> AnyFrame:
    found = present(data.collect_schema().names())
    return data.with_columns(nw.col(entry.item) * mass_per_ppb(entry.molar_mass, temperature, pressure) ** power for entry in found)

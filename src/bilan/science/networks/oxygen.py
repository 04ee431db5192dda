"""Oxygen below an outfall: the sag of Streeter and Phelps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bilan.science.networks.mixing import Numbers

ALIKE = 1e-6
"""Relative difference of the two rates below which their limit is taken."""


@dataclass(frozen=True, slots=True)
class Sag:
    """The worst place: travel time [d], deficit and BOD there [mg/L]."""

    days: float
    deficit: float
    bod: float


def deficit(days: ArrayLike, bod: float, initial: float, *, decay: float, reaeration: float) -> Numbers:
    """Oxygen deficit after some days of travel.

    Parameters:
        days: travel time [d].
        bod: ultimate oxygen demand after mixing L₀ [mg/L]; `initial` deficit D₀ [mg/L].
        decay: k₁ and `reaeration` k₂ [1/d].

    Returns:
        Deficit below saturation [mg/L].

    Reference:
        Streeter & Phelps 1925; table water_mixing_models (STREETER_PHELPS)

    Examples:
        >>> deficit([0.0, 1.0], 20.0, 1.0, decay=0.3, reaeration=0.6).round(2).tolist()
        [1.0, 4.39]
    """
    t = np.asarray(days, float)
    demand = np.exp(-decay * t)
    if abs(reaeration - decay) <= ALIKE * reaeration:
        return np.asarray((decay * bod * t + initial) * demand)
    supply = np.exp(-reaeration * t)
    return np.asarray(decay * bod / (reaeration - decay) * (demand - supply) + initial * supply)


def sag(bod: float, initial: float, *, decay: float, reaeration: float) -> Sag:
    """Where the oxygen is lowest; at once when the deficit only shrinks.

    Parameters:
        bod: ultimate oxygen demand L₀ [mg/L]; `initial` deficit D₀ [mg/L]; `decay` k₁, `reaeration` k₂ [1/d].

    Reference:
        Streeter & Phelps 1925; table water_mixing_models (STREETER_PHELPS)

    Examples:
        >>> worst = sag(20.0, 1.0, decay=0.3, reaeration=0.6)
        >>> round(worst.days, 2), round(worst.deficit, 2)
        (2.14, 5.26)
    """
    if bod <= 0:
        return Sag(0.0, initial, bod)
    if abs(reaeration - decay) <= ALIKE * reaeration:
        days = 1 / decay - initial / (decay * bod)
    else:
        inside = reaeration / decay * (1 - initial * (reaeration - decay) / (bod * decay))
        days = float(np.log(inside) / (reaeration - decay)) if inside > 0 else 0.0
    days = max(days, 0.0)
    return Sag(days, float(deficit(days, bod, initial, decay=decay, reaeration=reaeration)), float(bod * np.exp(-decay * days)))

"""What a spill does: instantaneous and finite releases in one dimension, instantaneous ones in two."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bilan.science.networks.mixing import Numbers


def instantaneous(
    distance: ArrayLike, time: ArrayLike, mass: float, *, area: float, velocity: float, dispersion: float, decay: float = 0.0
) -> Numbers:
    """Concentration after mass fell into a river all at once.

    Parameters:
        distance: below the place [m]; `time` since then [s]; both are broadcast.
        mass: [g]; `area` of the cross-section [m²]; `velocity` [m/s]; `dispersion` lengthwise [m²/s]; `decay` [1/s].

    Returns:
        Concentration above that of the river [mg/L]; 0 before the spill.

    Reference:
        HJ 2.3-2018, appendix E (1D_INST)

    Examples:
        >>> float(instantaneous(3600.0, 3600.0, 1e6, area=50.0, velocity=1.0, dispersion=20.0).round(2))
        21.03
    """
    x, t = np.broadcast_arrays(np.asarray(distance, float), np.asarray(time, float))
    late = np.where(t > 0, t, 1.0)
    spread = 4 * dispersion * late
    found = mass / (area * np.sqrt(np.pi * spread)) * np.exp(-decay * late - (x - velocity * late) ** 2 / spread)
    return np.where(t > 0, found, 0.0)


def peak(distance: ArrayLike, mass: float, *, area: float, velocity: float, dispersion: float, decay: float = 0.0) -> Numbers:
    """Highest concentration at a place after an instantaneous release, taken at the time x / u [mg/L].

    Parameters:
        distance: below the place of the spill [m], above zero; the others as in `instantaneous`.

    Reference:
        HJ 2.3-2018, appendix E (1D_INST_PEAK)

    Examples:
        >>> float(peak(3600.0, 1e6, area=50.0, velocity=1.0, dispersion=20.0).round(2))
        21.03
    """
    x = np.asarray(distance, float)
    return instantaneous(x, x / velocity, mass, area=area, velocity=velocity, dispersion=dispersion, decay=decay)


def finite(
    distance: ArrayLike,
    time: ArrayLike,
    rates: ArrayLike,
    step: float,
    *,
    area: float,
    velocity: float,
    dispersion: float,
    decay: float = 0.0,
) -> Numbers:
    """Concentration after a release that lasted: the sum of one instantaneous release in the middle of each step.

    Parameters:
        distance: [m]; `time` since the release began [s].
        rates: mass rate in each step [g/s]; `step` its length [s]; the others as in `instantaneous`.

    Reference:
        HJ 2.3-2018, appendix E (1D_FINITE)

    Examples:
        >>> rates = [100.0] * 60
        >>> float(finite(3600.0, 5400.0, rates, 60.0, area=50.0, velocity=1.0, dispersion=20.0).round(2))
        2.0
    """
    x, t = np.broadcast_arrays(np.asarray(distance, float), np.asarray(time, float))
    found = np.zeros(x.shape)
    for place, rate in enumerate(np.asarray(rates, float)):
        since = t - (place + 0.5) * step
        found = found + instantaneous(x, since, float(rate) * step, area=area, velocity=velocity, dispersion=dispersion, decay=decay)
    return found


def instantaneous_plane(
    distance: ArrayLike,
    across: ArrayLike,
    time: ArrayLike,
    mass: float,
    *,
    depth: float,
    velocity: float,
    dispersion: float,
    lateral: float,
    decay: float = 0.0,
    shore: bool = True,
) -> Numbers:
    """Concentration after mass fell into a wide river all at once, from its bank or in mid-stream.

    Parameters:
        distance: along the river [m]; `across` from the place of the spill [m]; `time` since then [s].
        mass: [g]; `depth` [m]; `velocity` [m/s]; `dispersion` lengthwise and `lateral` [m²/s]; `decay` [1/s].
        shore: from the bank, all mass stays on one side; else in unbounded water.

    Returns:
        Concentration above that of the river [mg/L].

    Reference:
        HJ 2.3-2018, appendix E (2D_INST_SHORE); 2D_INST_MID from the textbook

    Examples:
        >>> float(instantaneous_plane(500.0, 0.0, 1000.0, 1e5, depth=2.0, velocity=0.5, dispersion=5.0, lateral=0.2).round(2))
        7.96
    """
    x, y, t = np.broadcast_arrays(np.asarray(distance, float), np.asarray(across, float), np.asarray(time, float))
    late = np.where(t > 0, t, 1.0)
    shape = np.exp(-((x - velocity * late) ** 2) / (4 * dispersion * late) - y**2 / (4 * lateral * late) - decay * late)
    found = mass * (2.0 if shore else 1.0) / (4 * np.pi * depth * late * np.sqrt(dispersion * lateral)) * shape
    return np.where(t > 0, found, 0.0)

"""The belt of pollution below an outfall: two dimensions, with the banks as mirrors."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from bilan.science.networks.mixing import Numbers

GRAVITY = 9.81


def mixing_length(velocity: float, width: float, lateral: float, offshore: float = 0.0) -> float:
    """Distance below an outfall at which the effluent is mixed across the river [m].

    Parameters:
        velocity: [m/s]; `width` of the river [m]; `lateral` dispersion E_y [m²/s].
        offshore: distance of the outfall from its bank [m].

    Reference:
        HJ 2.3-2018, appendix E (MIX_LENGTH; from recollection)

    Examples:
        >>> round(mixing_length(1.0, 1.0, 1.0), 3)
        0.442
    """
    rest = 0.5 - offshore / width
    return float((0.11 + 0.7 * np.sqrt(rest - 1.1 * rest**2)) * velocity * width**2 / lateral)


def belt(
    distance: ArrayLike,
    across: ArrayLike,
    load: float,
    *,
    depth: float,
    velocity: float,
    lateral: float,
    decay: float = 0.0,
    width: float | None = None,
    offshore: float = 0.0,
    background: float = 0.0,
    images: int = 1,
) -> Numbers:
    """Concentration below a steady outfall at the bank or off it.

    Parameters:
        distance: below the outfall [m], above zero; `across` from the outfall towards the far bank [m].
        load: [g/s]; `depth` [m]; `velocity` [m/s]; `lateral` dispersion E_y [m²/s]; `decay` [1/s].
        width: of the river [m]; without it the far bank mirrors nothing.
        offshore: distance of the outfall from its bank [m].
        background: concentration of the river [mg/L].
        images: mirrored outfalls on either side; the guideline has one, mass balance far down needs more.

    Returns:
        Concentration [mg/L].

    Reference:
        HJ 2.3-2018, appendix E (2D_SHORE, 2D_SHORE_REFLECT, 2D_OFFSHORE)

    Examples:
        >>> float(belt(1000.0, 0.0, 10.0, depth=2.0, velocity=0.5, lateral=0.2).round(3))
        0.282
    """
    x, y = np.broadcast_arrays(np.asarray(distance, float), np.asarray(across, float))
    spread = 4 * lateral * x / velocity
    mirrors = range(-images, images + 1) if width is not None else range(1)
    shape = np.zeros(x.shape)
    for mirror in mirrors:
        shifted = y - 2 * mirror * (width or 0.0)
        shape = shape + np.exp(-(shifted**2) / spread) + np.exp(-((shifted + 2 * offshore) ** 2) / spread)
    return np.asarray(background + load / (2 * depth * np.sqrt(np.pi * lateral * velocity * x)) * np.exp(-decay * x / velocity) * shape)


def shear_velocity(depth: float, slope: float) -> float:
    """Square root of g h I [m/s], from the depth [m] and the slope of the water [m/m].

    Examples:
        >>> round(shear_velocity(2.0, 0.0005), 3)
        0.099
    """
    return float(np.sqrt(GRAVITY * depth * slope))


def elder(depth: float, slope: float) -> float:
    """Lengthwise dispersion by Elder, 5.93 h u* [m²/s]; from the textbook, not verified.

    Examples:
        >>> round(elder(2.0, 1e-4), 3)
        0.525
    """
    return 5.93 * depth * shear_velocity(depth, slope)


def fischer(velocity: float, width: float, depth: float, slope: float) -> float:
    """Lengthwise dispersion by Fischer, 0.011 u² B² / (h u*) [m²/s]; from the textbook, not verified.

    Examples:
        >>> round(fischer(0.5, 40.0, 2.0, 0.0005), 1)
        22.2
    """
    return 0.011 * velocity**2 * width**2 / (depth * shear_velocity(depth, slope))


def taylor(width: float, depth: float, slope: float) -> float:
    """Lateral dispersion by Taylor, (0.058 h + 0.0065 B) u* [m²/s], for B / h up to 100; from the textbook, not verified.

    Examples:
        >>> round(taylor(40.0, 2.0, 0.0005), 3)
        0.037
    """
    return (0.058 * depth + 0.0065 * width) * shear_velocity(depth, slope)

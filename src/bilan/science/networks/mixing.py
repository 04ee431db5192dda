"""Steady mixing and decay along a river in one dimension."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]

SMALL_ALPHA, LARGE_ALPHA = 0.027, 380.0
"""Bounds of the O'Connor number between which both convection and dispersion count."""


class Form(StrEnum):
    """Which one-dimensional formula holds: the identifiers of the table ``water_mixing_models``."""

    CONVECTION = "1D_CONV"
    CONVECTION_SIMPLE = "1D_CONV_SIMPLE"
    FULL = "1D_FULL"
    DIFFUSION = "1D_DIFF"


def complete_mixing(upstream: ArrayLike, upstream_flow: ArrayLike, effluent: ArrayLike, effluent_flow: ArrayLike) -> Numbers:
    """Concentration after complete mixing of river and effluent.

    Parameters:
        upstream: concentration of the river above the outfall [mg/L], `upstream_flow` its flow [m³/s].
        effluent: concentration of the effluent [mg/L], `effluent_flow` its flow [m³/s].

    Returns:
        (C_p Q_p + C_h Q_h) / (Q_p + Q_h) [mg/L].

    Reference:
        HJ 2.3-2018, appendix E (ZERO_D)

    Examples:
        >>> float(complete_mixing(1.0, 9.0, 11.0, 1.0))
        2.0
    """
    river, waste = np.asarray(upstream_flow, float), np.asarray(effluent_flow, float)
    return np.asarray((np.asarray(effluent, float) * waste + np.asarray(upstream, float) * river) / (waste + river))


def oconnor(decay: float, dispersion: float, velocity: float) -> float:
    """O'Connor number k E_x / u²: how much dispersion counts beside convection.

    Parameters:
        decay: [1/s]; `dispersion` lengthwise [m²/s]; `velocity` [m/s].

    Reference:
        HJ 2.3-2018, appendix E (PARAM; from recollection)

    Examples:
        >>> round(oconnor(0.2 / 86400, 50.0, 0.5), 5)
        0.00046
    """
    return decay * dispersion / velocity**2


def peclet(velocity: float, width: float, dispersion: float) -> float:
    """Péclet number u B / E_x.

    Parameters:
        velocity: [m/s]; `width` of the river [m]; `dispersion` lengthwise [m²/s].

    Reference:
        HJ 2.3-2018, appendix E (PARAM; from recollection)

    Examples:
        >>> peclet(0.5, 40.0, 5.0)
        4.0
    """
    return velocity * width / dispersion


def form(decay: float, dispersion: float, velocity: float, width: float) -> Form:
    """Choose the one-dimensional formula by the O'Connor and the Péclet number.

    Reference:
        HJ 2.3-2018, appendix E (PARAM; the bounds 0.027 and 380 from recollection)

    Examples:
        >>> form(2e-6, 10.0, 0.5, 50.0), form(1e-4, 1000.0, 0.5, 50.0)
        (<Form.CONVECTION: '1D_CONV'>, <Form.FULL: '1D_FULL'>)
    """
    alpha = oconnor(decay, dispersion, velocity)
    if alpha > LARGE_ALPHA:
        return Form.DIFFUSION
    if alpha > SMALL_ALPHA:
        return Form.FULL
    return Form.CONVECTION if peclet(velocity, width, dispersion) >= 1.0 else Form.CONVECTION_SIMPLE


def steady(
    distance: ArrayLike,
    load: float,
    flow: float,
    *,
    velocity: float,
    decay: float,
    dispersion: float = 0.0,
    area: float | None = None,
    use: Form | None = None,
) -> Numbers:
    """Concentration that a steady load brings to a river, along it.

    Parameters:
        distance: below the outfall [m]; negative above it.
        load: C_p Q_p + C_h Q_h, or that of the effluent alone for what it adds [g/s].
        flow: Q_p + Q_h [m³/s].
        velocity: [m/s]; `decay` first order [1/s]; `dispersion` lengthwise E_x [m²/s]; `area` of the cross-section [m²], flow over
            velocity when not told.
        use: the formula; without dispersion convection alone, else the full equation, of which the others are the limits.

    Returns:
        Concentration [mg/L], shape of `distance`; above the outfall 0 by convection alone.

    Reference:
        HJ 2.3-2018, appendix E (1D_CONV, 1D_FULL, 1D_DIFF derived; 1D_CONV_SIMPLE from recollection)

    Examples:
        >>> steady([0.0, 43_200.0], 10.0, 5.0, velocity=0.5, decay=0.2 / 86_400).round(3).tolist()
        [2.0, 1.637]
    """
    x = np.asarray(distance, float)
    chosen = use or (Form.CONVECTION if dispersion <= 0 else Form.FULL)
    start = load / flow
    if chosen is Form.CONVECTION:
        return np.asarray(np.where(x >= 0, start * np.exp(-decay * np.maximum(x, 0.0) / velocity), 0.0))
    if chosen is Form.CONVECTION_SIMPLE:
        exponent = np.where(x >= 0, -decay * x / velocity, velocity * x / dispersion)
        return np.asarray(start * np.exp(exponent))
    if chosen is Form.DIFFUSION:
        section = area if area is not None else flow / velocity
        return np.asarray(load / (2 * section * np.sqrt(decay * dispersion)) * np.exp(-np.abs(x) * np.sqrt(decay / dispersion)))
    root = np.sqrt(1 + 4 * oconnor(decay, dispersion, velocity))
    slope = velocity / (2 * dispersion)
    return np.asarray(start / root * np.exp(slope * np.where(x < 0, x * (1 + root), x * (1 - root))))

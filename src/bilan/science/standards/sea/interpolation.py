"""Concentrations between stations: inverse distance, ordinary kriging, a smooth surface, or the nearest station."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from bilan.problems import BilanError, Problem, nearest
from bilan.science.standards.sea.geometry import Floats

Method = Literal["idw", "kriging", "rbf", "nearest"]

METHODS: tuple[Method, ...] = ("idw", "kriging", "rbf", "nearest")
_CLOSEST = 0.01
"""Nearer than this to a station [km] a cell has its value."""
_BINS = 12

Field = Callable[[Floats], Floats]
"""Places [km], shape (m, 2) → values, shape (m,)."""


def scipy_part(name: str) -> Any:
    """A module of SciPy.

    Raises:
        BilanError: SciPy is not installed; the problem names the extra that brings it.
    """
    try:
        return __import__(f"scipy.{name}", fromlist=[name])
    except ImportError as error:
        raise BilanError(Problem("sea.needs_scipy", {"value": "scipy", "allowed": "pip install bilan[science]"})) from error


def interpolate(places: Floats, values: Floats, wanted: Floats, method: Method = "idw", *, power: float = 2.0) -> Floats:
    """Values at places from the values of stations.

    Parameters:
        places: stations [km], shape (n, 2), each place once.
        values: what was measured there, shape (n,), none missing.
        wanted: places to tell of [km], shape (m, 2).
        method: ``idw`` inverse distance, ``kriging`` ordinary kriging with an exponential variogram, ``rbf`` thin-plate spline with
            smoothing, ``nearest`` (Voronoi: the value of the nearest station).
        power: power of the distance for ``idw``.

    Returns:
        Values, shape (m,), never outside the range that was measured.

    Raises:
        BilanError: the method is unknown or SciPy is not installed.

    Reference:
        Shepard (1968), ACM National Conference, inverse distance; Cressie (1993), Statistics for Spatial Data, 3.2, ordinary kriging

    Examples:
        >>> stations = np.array([[0.0, 0.0], [4.0, 0.0]])
        >>> interpolate(stations, np.array([1.0, 3.0]), np.array([[2.0, 0.0], [1.0, 0.0], [0.0, 0.0]])).round(3).tolist()
        [2.0, 1.2, 1.0]
    """
    if method not in METHODS:
        raise BilanError(Problem("value.unknown_choice", {"value": method, "allowed": METHODS, "nearest": nearest(method, METHODS)}))
    if len(values) == 1 or np.ptp(values) == 0:
        return np.full(len(wanted), values[0])
    if method == "idw":
        return _inverse_distance(places, values, wanted, power)
    if method == "nearest" or len(values) < 4:
        nearest_station: Floats = values[scipy_part("spatial").cKDTree(places).query(wanted)[1]]
        return nearest_station
    found = _kriged(places, values, wanted) if method == "kriging" else _spline(places, values, wanted)
    return np.clip(found, values.min(), values.max())


def _distances(one: Floats, other: Floats) -> Floats:
    found: Floats = scipy_part("spatial").distance.cdist(one, other)
    return found


def _inverse_distance(places: Floats, values: Floats, wanted: Floats, power: float) -> Floats:
    weights = np.maximum(_distances(wanted, places), _CLOSEST) ** -power
    found: Floats = weights @ values / weights.sum(axis=1)
    return found


def _spline(places: Floats, values: Floats, wanted: Floats) -> Floats:
    smoothing = 0.05 * len(values)
    found: Floats = scipy_part("interpolate").RBFInterpolator(places, values, kernel="thin_plate_spline", smoothing=smoothing)(wanted)
    return found


def _kriged(places: Floats, values: Floats, wanted: Floats) -> Floats:
    between = _distances(places, places)
    nugget, sill, length = _variogram(between, values)
    count = len(values)
    system = np.ones((count + 1, count + 1))
    system[:count, :count] = np.where(between > 0, nugget + sill * (1 - np.exp(-between / length)), 0.0)
    system[count, count] = 0.0
    aside = np.ones((count + 1, len(wanted)))
    far = _distances(places, wanted)
    aside[:count] = np.where(far > 0, nugget + sill * (1 - np.exp(-far / length)), 0.0)
    # A trace on the diagonal keeps stations that nearly coincide from making the system singular.
    system[:count, :count] -= np.eye(count) * 1e-9 * (nugget + sill)
    weights = scipy_part("linalg").solve(system, aside, assume_a="sym", check_finite=False)[:count]
    found: Floats = values @ weights
    return found


def _variogram(between: Floats, values: Floats) -> tuple[float, float, float]:
    """Nugget, sill and length [km] of an exponential variogram fitted to half the squared differences, by pairs in a bin."""
    first, second = np.triu_indices(len(values), 1)
    lags, halves = between[first, second], (values[first] - values[second]) ** 2 / 2
    edges = np.linspace(0, lags.max() * 0.6, _BINS + 1)
    which = np.digitize(lags, edges) - 1
    full = [number for number in range(_BINS) if (which == number).any()]
    middle = np.array([lags[which == number].mean() for number in full])
    seen = np.array([halves[which == number].mean() for number in full])
    pairs = np.array([(which == number).sum() for number in full])
    scale = max(float(values.var()), 1e-30)

    def misfit(guess: Floats) -> Floats:
        model = guess[0] + guess[1] * (1 - np.exp(-middle / guess[2]))
        weighed: Floats = np.sqrt(pairs) * (model - seen / scale)
        return weighed

    longest = float(lags.max())
    fitted = (
        scipy_part("optimize")
        .least_squares(misfit, x0=[0.1, 1.0, longest / 4], bounds=([0.0, 1e-6, longest / 100], [2.0, 10.0, longest * 2]))
        .x
    )
    return float(fitted[0]) * scale, float(fitted[1]) * scale, float(fitted[2])

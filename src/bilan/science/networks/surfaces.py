"""Concentration as a surface over time and flow: regressions weighted by nearness in time, flow and season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bilan.science.networks.mixing import Numbers
from bilan.science.networks.regression import fit

FLOW_LEVELS = 14
STEPS_A_YEAR = 16
MARGIN = 0.05
WIDER = 1.1
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Windows:
    """Half widths of the weights, and how much data each regression needs before they are widened.

    Attributes:
        years: in time [a]; `logarithms` in flow [ln]; `season` within the year [a].
        samples: least number of samples of some weight; `measured` of these above their limit.
        edges: widen the window of time near the ends of the record.
    """

    years: float = 7.0
    logarithms: float = 2.0
    season: float = 0.5
    samples: int = 100
    measured: int = 50
    edges: bool = True


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples as columns: decimal year, logarithm of flow, logarithm of concentration (or of the limit), below the limit or not."""

    years: Numbers
    flows: Numbers
    values: Numbers
    censored: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Surface:
    """Expected concentration [mg/L], its logarithm and the standard error of that, on a grid of time and logarithm of flow."""

    first_year: float
    first_flow: float
    flow_step: float
    concentration: Numbers
    logarithm: Numbers
    error: Numbers

    def at(self, which: Numbers, years: Numbers, flows: Numbers) -> Numbers:
        """Interpolate one of the three between the four points of the grid around."""
        across = (years - self.first_year) * STEPS_A_YEAR
        up = (flows - self.first_flow) / self.flow_step
        one = np.clip(across.astype(np.int64), 0, which.shape[0] - 2)
        two = np.clip(up.astype(np.int64), 0, which.shape[1] - 2)
        right, above = across - one, up - two
        low = which[one, two] * (1 - right) + which[one + 1, two] * right
        high = which[one, two + 1] * (1 - right) + which[one + 1, two + 1] * right
        return np.asarray(low * (1 - above) + high * above)


def surface(samples: Samples, years: Numbers, flows: Numbers, windows: Windows) -> Surface:
    """Fit the surface over the time and the flows (logarithms) of the days wanted."""
    first_year, last_year = float(np.floor(years.min())), float(np.ceil(years.max()))
    first_flow, last_flow = float(flows.min()) - MARGIN, float(flows.max()) + MARGIN
    grid_years = np.arange(first_year, last_year + 0.5 / STEPS_A_YEAR, 1.0 / STEPS_A_YEAR)
    grid_flows = np.linspace(first_flow, last_flow, FLOW_LEVELS)
    points = np.array([(year, flow) for year in grid_years for flow in grid_flows])
    parts = [_estimate(samples, points[begin : begin + BATCH], windows) for begin in range(0, len(points), BATCH)]
    logarithm, error = (np.concatenate([part[place] for part in parts]).reshape(len(grid_years), FLOW_LEVELS) for place in (0, 1))
    step = (last_flow - first_flow) / (FLOW_LEVELS - 1)
    return Surface(first_year, first_flow, step, np.exp(logarithm + 0.5 * error**2), logarithm, error)


def _estimate(samples: Samples, points: Numbers, windows: Windows) -> tuple[Numbers, Numbers]:
    weights = nearness(samples, points, windows)
    positive = (weights > 0).sum(axis=1, keepdims=True)
    lines = fit(
        _terms(samples.years, samples.flows), samples.values, samples.censored, weights * positive / weights.sum(axis=1, keepdims=True)
    )
    return (_terms(points[:, 0], points[:, 1]) * lines.coefficients).sum(axis=1), lines.errors


def _terms(years: Numbers, flows: Numbers) -> Numbers:
    turn = 2 * np.pi * years
    return np.column_stack([np.ones_like(years), years - 2000.0, flows, np.sin(turn), np.cos(turn)])


def nearness(samples: Samples, points: Numbers, windows: Windows) -> Numbers:
    """Weight of each sample for each point (decimal year, logarithm of flow): tricube in time, flow and season, widened where few count."""
    apart = np.abs(samples.years[None, :] - points[:, :1])
    flow_apart = np.abs(samples.flows[None, :] - points[:, 1:])
    season_apart = np.minimum(np.ceil(apart) - apart, apart - np.floor(apart))
    to_end = np.minimum(points[:, 0] - samples.years.min(), samples.years.max() - points[:, 0])
    years = np.where(windows.edges & (to_end <= windows.years), 2 * windows.years - to_end, windows.years)
    flow, season = windows.logarithms, windows.season
    weights = np.zeros(apart.shape)
    open_points = np.arange(len(points))
    while len(open_points):
        some = _tricube(apart[open_points], years[open_points, None]) * _tricube(flow_apart[open_points], flow)
        weights[open_points] = some * _tricube(season_apart[open_points], season)
        counted = weights[open_points] > 0
        enough = (counted.sum(axis=1) >= windows.samples) & ((counted & ~samples.censored).sum(axis=1) >= windows.measured)
        open_points = open_points[~enough]
        years, flow = years * WIDER, flow * WIDER
        season = min(season * WIDER, 0.5) if windows.season <= 0.5 else season
    return weights


def _tricube(apart: Numbers, half: Numbers | float) -> Numbers:
    return np.asarray(np.maximum(1.0 - (apart / half) ** 3, 0.0) ** 3)

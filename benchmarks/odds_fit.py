"""Fit how daily air quality remembers, on half of the cities and the years before those that are scored."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from odds_data import SEEN_UNTIL, cities

from bilan.plans.odds import filtering
from bilan.plans.odds.memory import HARMONICS, LEAST, OTHER, Floats, Memory, waves

QUANTITIES = ("aqi", "pm25", "pm10", "so2", "no2", "co", "o3")
POWERS = (0.0, 0.25, 0.5)
MOST_CITIES = 40
NAMES = ("slow_days", "slow", "fast_days", "fast", "noise", "walk", "drift")
ALIKE = 10.0
"""Cities under the same weather tell the same: so many count as one."""
EXPECTED = {"walk": 0.07, "drift": 0.08}
"""What a year and a half cannot show: by how much the levels of two years differ, from longer records of yearly means."""
EXPECTED_SPREAD = 0.4
"""How sure that is, as a standard deviation of the logarithm."""
BEGIN = (40.0, 0.2, 2.0, 0.35, 0.15, 0.08, 0.1)


def fit(quantity: str, tries: int) -> Memory:
    """Maximum likelihood over the structure of one quantity; the scale is the power with the highest likelihood."""
    found = cities(quantity).of_half(0).until(SEEN_UNTIL)
    long = found.values[(~np.isnan(found.values)).sum(axis=1) > 450]
    values = long[:: max(1, len(long) // MOST_CITIES)]
    unit = np.nanmedian(values, axis=1)[:, None]
    best: tuple[float, Memory] | None = None
    for power in POWERS:
        memory = Memory(quantity, power, *BEGIN, unrest=(0.0, 0.0), season=(0.0,) * (2 * HARMONICS), season_spread=(0.15, 0.1, 0.05))
        scaled = memory.scaled(values, unit)
        memory = _season(memory, scaled, found.first)
        jacobian = float(np.nansum((power - 1.0) * np.log(np.maximum(values / unit, LEAST)))) / ALIKE
        memory, loss = _climb(memory, scaled, found.first, tries)
        print(quantity, power, round(loss - jacobian), flush=True)
        if best is None or loss - jacobian < best[0]:
            best = (loss - jacobian, memory)
    assert best is not None
    return best[1]


def write(path: Path, tries: int) -> None:
    """Fit all quantities and write the package's table; the row for others is that of PM2.5 on the logarithm."""
    rows = [fit(quantity, tries) for quantity in QUANTITIES]
    general = next(row for row in rows if row.quantity == "pm25")
    rows.append(
        replace(general, quantity=OTHER, season=(0.0,) * (2 * HARMONICS), season_spread=tuple(2 * size for size in general.season_spread))
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        seasons = (
            ["unrest_1", "unrest_2"]
            + [f"season_{n}" for n in range(1, 2 * HARMONICS + 1)]
            + [f"spread_{n}" for n in range(1, HARMONICS + 1)]
        )
        out.writerow(["quantity", "power", *NAMES, *seasons])
        for row in rows:
            numbers = [getattr(row, name) for name in NAMES] + list(row.unrest) + list(row.season) + list(row.season_spread)
            out.writerow([row.quantity, f"{row.power:g}", *(f"{number:.4g}" for number in numbers)])


def _season(memory: Memory, scaled: Floats, first: int) -> Memory:
    """Mean and spread of the yearly cycle between cities, by least squares in each, and the cycle of the size of what is left."""
    days = first + np.arange(scaled.shape[1])
    design = np.column_stack([np.ones(len(days)), (days - days.mean()) / 365.0, waves(days)])
    rows, size = [], np.full_like(scaled, np.nan)
    for series, rest in zip(scaled, size, strict=True):
        there = ~np.isnan(series)
        found = np.linalg.lstsq(design[there], series[there], rcond=None)[0]
        rows.append(found[2:])
        rest[there] = np.abs(series[there] - design[there] @ found)
    # A normal number's mean distance from its mean is the same share of its spread everywhere, so its logarithm shows the wave.
    unrest = np.linalg.lstsq(np.column_stack([np.ones(len(days)), waves(days)[:, :2]]), np.log(np.nanmean(size, axis=0)), rcond=None)[0][1:]
    mean, deviation = np.mean(rows, axis=0), np.std(rows, axis=0)
    spread = tuple(float(np.sqrt(np.mean(deviation[2 * wave : 2 * wave + 2] ** 2))) for wave in range(HARMONICS))
    return replace(
        memory, unrest=(float(unrest[0]), float(unrest[1])), season=tuple(float(number) for number in mean), season_spread=spread
    )


def _climb(memory: Memory, scaled: Floats, first: int, tries: int) -> tuple[Memory, float]:
    def loss(logarithms: Floats) -> float:
        tried = _with(memory, logarithms)
        usual = sum((np.log(getattr(tried, name) / number) / EXPECTED_SPREAD) ** 2 for name, number in EXPECTED.items())
        return _loss(tried, scaled, first) / ALIKE + 0.5 * float(usual)

    begin = np.log([getattr(memory, name) for name in NAMES])
    best, value = nelder_mead(loss, begin, 0.4, tries)
    return _with(memory, best), value


def _with(memory: Memory, logarithms: Floats) -> Memory:
    numbers = np.exp(logarithms)
    # Swings of weeks last 15 to 90 days: shorter ones are weather, longer ones the difference between years.
    numbers[0] = np.clip(numbers[0], 15.0, 90.0)
    numbers[2] = np.clip(numbers[2], 0.5, 10.0)
    return replace(memory, **dict(zip(NAMES, (float(number) for number in numbers), strict=True)))


def _loss(memory: Memory, scaled: Floats, first: int) -> float:
    """Minus the logarithm of the likelihood, up to a constant; the first 60 days only warm up."""
    days = first + np.arange(scaled.shape[1])
    rows, (turn, new) = filtering.looks(days, memory), filtering.step(memory)
    mean, spread = filtering.before(scaled, memory)
    total = 0.0
    for position in range(len(days)):
        if position:
            mean, spread = mean @ turn.T, turn @ spread @ turn.T + new
        there = ~np.isnan(scaled[:, position])
        value = np.where(there, scaled[:, position], 0.0)
        noise = (memory.noise * rows[position, filtering.FAST]) ** 2
        variance = np.einsum("i,bij,j->b", rows[position], spread, rows[position]) + noise
        mean, spread, chance = filtering.take_in(mean, spread, rows[position], value, there, noise)
        if position >= 60:
            total += float(np.sum(np.where(there, 0.5 * np.log(variance) + 0.5 * chance, 0.0)))
    return total


def nelder_mead(loss: Callable[[Floats], float], begin: Floats, size: float, tries: int) -> tuple[Floats, float]:
    """Minimise without derivatives.

    References:
        Nelder and Mead (1965), The Computer Journal 7, 308-313.
    """
    points = [begin] + [begin + size * row for row in np.eye(len(begin))]
    losses = [loss(point) for point in points]
    for _ in range(tries):
        order = np.argsort(losses)
        points, losses = [points[i] for i in order], [losses[i] for i in order]
        middle = np.mean(points[:-1], axis=0)
        mirrored = middle + (middle - points[-1])
        value = loss(mirrored)
        if value < losses[0]:
            further = middle + 2.0 * (middle - points[-1])
            beyond = loss(further)
            points[-1], losses[-1] = (further, beyond) if beyond < value else (mirrored, value)
        elif value < losses[-2]:
            points[-1], losses[-1] = mirrored, value
        else:
            nearer = middle + 0.5 * (points[-1] - middle)
            inside = loss(nearer)
            if inside < losses[-1]:
                points[-1], losses[-1] = nearer, inside
            else:
                points = [points[0]] + [points[0] + 0.5 * (point - points[0]) for point in points[1:]]
                losses = [losses[0]] + [loss(point) for point in points[1:]]
    best = int(np.argmin(losses))
    return points[best], losses[best]

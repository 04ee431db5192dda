"""Classes that the sections of a period may still come to, drawn from their own record."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bilan.plans.odds.memory import Floats
from bilan.plans.odds.sections import Scene

PATHS = 1000
CLASSES = 6

OWN = 4.0
"""Months that a section must show before its own record counts as much as that of all sections."""

SAME_SEASON = 6.0
"""How much more a month of the same season counts than one of another."""

YEAR_SPREAD = 0.7
"""Standard deviation of the odds' logarithm between years: a dry or a wet year moves all sections."""

OWN_SPREAD = 0.6
"""The same of one section alone."""

DRIFT = 0.5
"""How much a year further ahead adds to the variance of the year's move, as a share of it: what is good today need not stay good."""

STAYS = 0.35
"""Share of months in which a section's class follows from the month before rather than from its record."""


def futures(scene: Scene, paths: int = PATHS) -> Floats:
    """Classes of all cells of the period, of shape (futures, sections, cells); those that are over stand as they were.

    Args:
        scene: what is known; `paths`: how many futures are drawn.
    """
    random = np.random.default_rng(scene.today.toordinal())
    every = _chances(scene)
    ahead = max(0, scene.cells[0].year - scene.today.year)
    moves = random.normal(0.0, YEAR_SPREAD * np.sqrt(1.0 + DRIFT * ahead), paths)
    moves = moves[_likely(random, moves, every, scene)]
    own = moves[:, None] + random.normal(0.0, OWN_SPREAD * np.sqrt(1.0 + DRIFT * ahead), (paths, len(scene.stations)))
    found = np.empty((paths, *scene.past.shape))
    last = np.full((paths, len(scene.stations)), np.nan)
    for cell in range(len(scene.cells)):
        chances = _moved(every[:, cell], own)
        uniform = random.random((paths, len(scene.stations), 1))
        fresh = 1.0 + (uniform > np.cumsum(chances, axis=2)[..., :-1]).sum(axis=2)
        stays = (random.random(fresh.shape) < STAYS) & ~np.isnan(last)
        found[:, :, cell] = np.where(stays, last, fresh)
        seen = np.broadcast_to(scene.past[:, cell], fresh.shape)
        last = np.where(np.isnan(seen), found[:, :, cell], seen) if cell >= scene.over else seen
    return np.where(np.isnan(scene.past), found, scene.past)


def _chances(scene: Scene) -> Floats:
    """Chance of each class, of shape (sections, cells, classes)."""
    number = {name: row for row, name in enumerate(scene.stations)}
    rows = scene.rows.filter(pl.col("station").is_in(scene.stations))
    who = np.array([number[name] for name in rows["station"]], dtype=np.int64)
    when = rows["day"].dt.month().to_numpy()
    which = _places(rows["value"].to_numpy())
    found = np.empty((len(scene.stations), len(scene.cells), CLASSES))
    for place, cell in enumerate(scene.cells):
        apart = np.abs(when - cell.month)
        weight = np.where(np.minimum(apart, 12 - apart) <= 1, SAME_SEASON, 1.0)
        own = np.zeros((len(scene.stations), CLASSES))
        np.add.at(own, (who, which), weight)
        pooled = own.sum(axis=0) + 0.1
        prior = OWN * pooled / pooled.sum()
        found[:, place] = (own + prior) / (own.sum(axis=1, keepdims=True) + OWN)
    return found


def _places(values: Floats) -> NDArray[np.int64]:
    """Place of each class among all classes."""
    return np.clip(np.round(values), 1, CLASSES).astype(np.int64) - 1


def _moved(chances: Floats, moves: Floats) -> Floats:
    """Chances of classes in years that are better (positive) or worse.

    Args:
        chances: of shape (sections, classes); `moves`: of shape (futures, sections) or (futures, 1).

    Returns:
        Chances of shape (futures, sections, classes).
    """
    below = np.clip(np.cumsum(chances, axis=1)[:, :-1], 1e-6, 1 - 1e-6)
    moved = 1.0 / (1.0 + np.exp(-(np.log(below / (1 - below))[None] + moves[..., None])))
    edges = np.concatenate([np.zeros((*moved.shape[:2], 1)), moved, np.ones((*moved.shape[:2], 1))], axis=2)
    return np.diff(edges, axis=2)


def _likely(random: np.random.Generator, moves: Floats, every: Floats, scene: Scene) -> NDArray[np.int64]:
    """Draw among the years those that this year's months speak for."""
    weight = np.zeros(len(moves))
    for cell in range(scene.over):
        seen = ~np.isnan(scene.past[:, cell])
        if seen.any():
            chances = _moved(every[seen, cell], moves[:, None])
            which = _places(scene.past[seen, cell])
            # Months and sections hang together: what they say is worth the share that is their own.
            weight += (1.0 - STAYS) * 0.5 * np.log(chances[:, np.arange(len(which)), which] + 1e-9).sum(axis=1)
    odds = np.exp(weight - weight.max())
    return random.choice(len(moves), len(moves), p=odds / odds.sum())

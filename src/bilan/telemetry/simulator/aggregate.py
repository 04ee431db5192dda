"""Days made of hours, as a logger computes them."""

from __future__ import annotations

import warnings

import numpy as np

from bilan.telemetry.clock import DAY, HOUR
from bilan.telemetry.simulator.block import Block
from bilan.telemetry.simulator.noise import Seconds
from bilan.telemetry.simulator.observing import NORMAL, STOPPED, Observed, Observer

NORMAL_SHARE = 0.75
"""A day is normal when this share of its hours is [HJ 212-2017 6.6.4]."""

FAULT = ord("D")


def days(observer: Observer, network: str, starts: Seconds, every: int = 1) -> Observed:
    """Whole days of a network.

    Parameters:
        starts: midnights in ascending order [s of the wall clock].
        every: take one hour of so many; 1 is exact, 6 is quick and good for distant history.

    Returns:
        Means over the running hours, totals of the day; a day without a running hour is marked as stopped.
    """
    step = every * HOUR
    hours = (starts[:, None] + np.arange(step // 2 // HOUR * HOUR, DAY, step)[None, :]).ravel()
    return fold(observer.observe(network, hours, HOUR), DAY // step, every)


def fold(hours: Observed, per_day: int, every: int) -> Observed:
    """Fold hours into days; `per_day` hours stand for a day, each for `every`."""
    shape = (hours.flags.shape[0], -1, per_day)
    flags = hours.flags.reshape(shape)
    absent = hours.absent.reshape(shape)
    usable = (flags == NORMAL) & ~absent
    stopped = (flags == STOPPED).all(axis=2)
    values = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for (code, statistic), found in hours.block.values.items():
            rows = hours.block.rows.get(code)
            mask = usable if rows is None else usable[rows]
            cube = found.reshape(found.shape[0], -1, per_day)
            if statistic == "total":
                gone = absent if rows is None else absent[rows]
                values[code, statistic] = np.where(gone, 0, cube).sum(axis=2, dtype=np.float32) * np.float32(every)
            else:
                values[code, statistic] = np.nanmean(np.where(mask, cube, np.float32(np.nan)), axis=2, dtype=np.float32)
    working = np.maximum((flags != STOPPED).sum(axis=2), 1)
    marked = np.where(usable.sum(axis=2) >= NORMAL_SHARE * working, np.uint8(NORMAL), np.uint8(FAULT))
    flags_of_days = np.where(stopped, np.uint8(STOPPED), marked).astype(np.uint8)
    return Observed(Block(values, hours.block.rows), flags_of_days, np.asarray(absent.all(axis=2)))

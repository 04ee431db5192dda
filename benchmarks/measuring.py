"""Time and memory of one work, each in a process of its own, so that works do not warm the ground for each other."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from typing import Any

import polars as pl

Work = Callable[[pl.DataFrame], Any]
Measured = tuple[float, float, float, Any]
"""Shortest wall time and CPU time [s], growth of the peak [MB], and what `told` said of the result."""


def apart(make: Callable[[int], pl.DataFrame], work: Work, rows: int, repeat: int, told: Callable[[Any], Any]) -> Measured:
    """Measure a work in a process of its own.

    Args:
        make: makes the frame of so many rows.
        work: what is measured.
        repeat: how often it is done; the shortest counts.
        told: says of a result what must be equal between works.
    """
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_measure, args=(make, work, rows, repeat, told, answer))
    process.start()
    found: Measured = answer.get()
    process.join()
    return found


def _measure(make: Callable[[int], pl.DataFrame], work: Work, rows: int, repeat: int, told: Callable[[Any], Any], answer: Any) -> None:
    frame = make(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = []
    for _ in range(repeat):
        wall, processor = time.perf_counter(), time.process_time()
        result = work(frame)
        times.append((time.perf_counter() - wall, time.process_time() - processor))
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    answer.put((min(t[0] for t in times), min(t[1] for t in times), peak, told(result)))

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bilan.evaluation.rules.episodes import judge

MOMENTS = arrays.arrays(np.int8, st.tuples(st.integers(1, 4), st.integers(1, 15)), elements=st.sampled_from([-1, 0, 1]))


def walked(holds, clears, levels, times, clear_times):
    """The same for one source, a step at a time."""
    found, standing, run, first, quiet, clear = [], None, 0, 0, 0, False
    for at, now in enumerate(holds):
        if now == 1:
            first = at if run == 0 else first
            run += 1
            quiet = 0
            if standing is None and run >= times:
                standing = {"began": first, "opened": at, "peak": 0, "ended": None}
                found.append(standing)
                clear = False
            if standing is not None:
                standing |= {"last": at, "level": int(levels[at]), "peak": max(standing["peak"], int(levels[at]))}
            continue
        run = 0 if now == 0 else run
        clearing = now == 0 if clears is None else clears[at] == 1
        breaking = False if clears is None else clears[at] == 0
        quiet = quiet + 1 if clearing else 0 if breaking else quiet
        if clearing and quiet >= clear_times:
            if standing is not None:
                standing["ended"] = at
                standing = None
            clear = True
    return found, clear


@settings(deadline=None)
@given(MOMENTS, st.data(), st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_all_sources_at_once_give_what_each_gives_alone(holds, data, times, clear_times, own):
    clears = data.draw(arrays.arrays(np.int8, holds.shape, elements=st.sampled_from([-1, 0, 1]))) if own else None
    levels = data.draw(arrays.arrays(np.int8, holds.shape, elements=st.integers(1, 4)))
    judged = judge(holds, clears, levels, times, clear_times)
    for source in range(holds.shape[0]):
        theirs, clear = walked(holds[source], None if clears is None else clears[source], levels[source], times, clear_times)
        ours = [entry for entry in judged.episodes if entry.source == source]
        assert bool(judged.clear[source]) == clear
        assert [(e.began, e.opened, e.last, e.level, e.peak, e.ended) for e in ours] == [
            (e["began"], e["opened"], e["last"], e["level"], e["peak"], e["ended"]) for e in theirs
        ]


@settings(deadline=None)
@given(MOMENTS, st.integers(1, 3))
def test_an_open_source_is_never_clear(holds, times):
    judged = judge(holds, None, np.full_like(holds, 2), times)
    standing = {entry.source for entry in judged.episodes if entry.ended is None}
    assert not standing & set(np.flatnonzero(judged.clear).tolist())


def test_missing_moments_neither_count_nor_interrupt():
    (found,) = judge(np.array([[1, -1, -1, 1, 0]], dtype=np.int8), None, np.full((1, 5), 2, dtype=np.int8), times=2).episodes
    assert (found.began, found.opened, found.ended, found.held) == (0, 3, 4, 2)


def test_between_firing_and_clearing_it_stays_as_it_was():
    holds = np.array([[0, 0], [1, 0]], dtype=np.int8)
    clears = np.array([[0, 0], [0, 0]], dtype=np.int8)
    judged = judge(holds, clears, np.full_like(holds, 2))
    assert judged.clear.tolist() == [False, False]
    assert [(entry.source, entry.ended) for entry in judged.episodes] == [(1, None)]


def test_changes_of_the_level_are_kept():
    levels = np.array([[2, 3, 3, 2]], dtype=np.int8)
    (found,) = judge(np.ones((1, 4), dtype=np.int8), None, levels).episodes
    assert found.changes == [(0, 2), (1, 3), (3, 2)]
    assert (found.level, found.peak) == (2, 3)

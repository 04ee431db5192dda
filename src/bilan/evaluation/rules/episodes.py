"""From moments at which a rule holds to episodes: opened after enough of them, raised, lowered, cleared after enough of the other kind."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Moments = npt.NDArray[np.int8]
"""Sources × moments: 1 holds, 0 does not hold, -1 not known."""
UNKNOWN = -1


@dataclass
class Episode:
    """One episode of one source; moments are columns of the arrays judged.

    Attributes:
        began: first moment of the run that opened it; `opened`: moment at which that run was long enough.
        last: newest moment at which it held; `level`: the level then; `peak`: the highest.
        ended: moment at which it cleared; None while it stands.
        held: number of moments at which it held.
        changes: moments at which the level changed, with the new level; the first is that of opening.
    """

    source: int
    began: int
    opened: int
    last: int
    level: int
    peak: int
    ended: int | None = None
    held: int = 0
    changes: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Judged:
    """What the moments add up to.

    Attributes:
        episodes: in the order of their opening, source by source.
        clear: sources that stand clear: enough clear moments and no opening since. A source that is neither clear nor in an open episode
            is between the two, and whatever was known of it before goes on.
    """

    episodes: list[Episode]
    clear: npt.NDArray[np.bool_]


def judge(holds: Moments, clears: Moments | None, levels: Moments, times: int = 1, clear_times: int = 1) -> Judged:
    """Find the episodes of many sources.

    A moment that is not known neither counts nor interrupts. Where a moment holds and clears at once, it holds.

    Args:
        holds: whether the rule holds.
        clears: whether the condition to clear holds; None for that the rule does not hold.
        levels: level of each moment that holds.
        times: moments that must hold one after the other before an episode opens.
        clear_times: moments that must clear one after the other before it ends.

    Examples:
        >>> holds = np.array([[0, 1, 1, -1, 1, 0, 0]], dtype=np.int8)
        >>> (found,) = judge(holds, None, np.full_like(holds, 2), times=2, clear_times=2).episodes
        >>> found.began, found.opened, found.last, found.ended
        (1, 2, 4, 6)
    """
    touched = np.flatnonzero((holds == 1).any(axis=1))
    clear = np.zeros(holds.shape[0], dtype=bool)
    quiet = np.setdiff1d(np.arange(holds.shape[0]), touched, assume_unique=True)
    clear[quiet] = _ever_clear(holds[quiet], None if clears is None else clears[quiet], clear_times)
    if not touched.size:
        return Judged([], clear)
    found, clear[touched] = _walk(holds[touched], None if clears is None else clears[touched], levels[touched], times, clear_times)
    for episode in found:
        episode.source = int(touched[episode.source])
    return Judged(sorted(found, key=lambda entry: (entry.source, entry.opened)), clear)


def _ever_clear(holds: Moments, clears: Moments | None, clear_times: int) -> npt.NDArray[np.bool_]:
    """Sources, at none of which the rule ever holds, that were clear for long enough."""
    if clears is None:
        return np.asarray((holds == 0).sum(axis=1) >= clear_times)
    run = np.zeros(holds.shape[0], dtype=np.int32)
    ever = np.zeros(holds.shape[0], dtype=bool)
    for at in range(holds.shape[1]):
        run = np.where(clears[:, at] == 1, run + 1, np.where(clears[:, at] == 0, 0, run))
        ever |= run >= clear_times
    return ever


def _walk(
    holds: Moments, clears: Moments | None, levels: Moments, times: int, clear_times: int
) -> tuple[list[Episode], npt.NDArray[np.bool_]]:
    """Go from moment to moment with all sources at once."""
    sources = holds.shape[0]
    run, clear_run, first = (np.zeros(sources, dtype=np.int32) for _ in range(3))
    clear = np.zeros(sources, dtype=bool)
    standing: dict[int, Episode] = {}
    is_open = np.zeros(sources, dtype=bool)
    found: list[Episode] = []
    for at in range(holds.shape[1]):
        now = holds[:, at]
        true = now == 1
        first = np.where(true & (run == 0), at, first)
        run = np.where(true, run + 1, np.where(now == 0, 0, run))
        cleared = now == 0 if clears is None else (clears[:, at] == 1) & ~true
        broken = true if clears is None else true | (clears[:, at] == 0)
        clear_run = np.where(cleared, clear_run + 1, np.where(broken, 0, clear_run))
        done = cleared & (clear_run >= clear_times)
        for source in np.flatnonzero(done & is_open):
            standing.pop(int(source)).ended = at
        is_open &= ~done
        clear |= done
        for source in np.flatnonzero(true & ~is_open & (run >= times)):
            episode = Episode(int(source), int(first[source]), at, at, 0, 0)
            episode.held = int(run[source]) - 1
            standing[int(source)] = episode
            found.append(episode)
            is_open[source], clear[source] = True, False
        for source in np.flatnonzero(true & is_open):
            _hold(standing[int(source)], at, int(levels[source, at]))
    return found, clear


def _hold(episode: Episode, at: int, level: int) -> None:
    if level != episode.level:
        episode.changes.append((at, level))
    episode.last, episode.level, episode.peak = at, level, max(episode.peak, level)
    episode.held += 1

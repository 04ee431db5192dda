"""What happens to instruments and to their numbers: scheduled by seed, the same for history and live, and known as ground truth."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from bilan.telemetry.clock import DAY
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.block import Rows
from bilan.telemetry.simulator.noise import mix, seed_of, seeds_of
from bilan.telemetry.simulator.plant import profile_of

MINUTE = 60
FRAUDS = (
    "constant", "clipped", "copied", "drift", "night",
    "stair", "replayed", "ratio", "untreated", "idle_flow", "range", "weatherless", "exceedance",
)  # fmt: skip
"""What somebody does on purpose; the last one happens only by order."""

SILENT = ("outage", "loss")
TOTAL_NITROGEN, AMMONIA = "w21001", "w21003"
FRAUD_POINTS = 3
"""How many outlets of a network each fraud pattern is planted at."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event.

    Attributes:
        flag: data mark while it lasts; empty when nothing is sent.
        slot: once in each slot [s] it may happen, with `probability`.
        shortest, longest: how long it lasts [s].
    """

    name: str
    flag: str
    networks: tuple[str, ...]
    slot: int
    probability: float
    shortest: int
    longest: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Window:
    """One event at one point.

    Attributes:
        row: position of the point among those of its network.
        begin, end: begin ≤ time < end [s of the wall clock].
        source: position of the point whose numbers are copied; -1 otherwise.
        ordered: whether a person ordered it, so that it is no part of the schedule.
    """

    kind: Kind
    row: int
    begin: int
    end: int
    source: int = -1
    ordered: bool = False


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind of event.

    Examples:
        >>> {kind.name for kind in kinds()} >= set(FRAUDS)
        True
    """
    text = resources.files("bilan.telemetry.simulator").joinpath("events.csv").read_text(encoding="utf-8")
    return tuple(
        Kind(
            name=row["kind"],
            flag=row["flag"],
            networks=tuple(row["networks"].split()),
            slot=int(row["slot_days"]) * DAY,
            probability=float(row["probability"]),
            shortest=int(row["shortest_minutes"]) * MINUTE,
            longest=int(row["longest_minutes"]) * MINUTE,
            zh=row["zh"],
            en=row["en"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def can(name: str, point: Point) -> bool:
    """Whether a fraud would change anything at an outlet: a plant that rests at night cannot cheat at night.

    Examples:
        >>> can("night", Point("A", "source_gas", "", attributes={"profile": "stone"}))
        False
    """
    kind = profile_of(point)
    codes = {item.parameter for item in kind.items}
    conditions = {
        "night": kind.regime == "continuous",
        "idle_flow": kind.regime != "continuous",
        "ratio": kind.reference_o2 is not None or codes >= {TOTAL_NITROGEN, AMMONIA},
        "untreated": bool(point.attributes.get("meters")),
        "weatherless": point.network == "source_gas",
    }
    return conditions.get(name, True)


class Schedule:
    """The events of the points of one network.

    Parameters:
        network: which kinds can happen.
        points: its points, in order.
        seed: of the run.
    """

    def __init__(self, network: str, points: Sequence[Point], seed: int) -> None:
        self.kinds = [kind for kind in kinds() if network in kind.networks]
        self._codes = [point.code for point in points]
        self._points = list(points)
        self._seed = seed
        self._cheats = self._choose() if network.startswith("source_") else {}

    def _choose(self) -> dict[str, dict[int, int]]:
        """For each fraud pattern the rows it is planted at, and the row that is copied from (-1 when none is).

        The patterns take turns, so that a small city has some of each; no outlet has two.
        """
        order = [int(row) for row in np.argsort(seeds_of(self._codes, "fraud", self._seed))]
        planted = [kind.name for kind in self.kinds if kind.name in FRAUDS]
        chosen: dict[str, dict[int, int]] = {name: {} for name in planted}
        free = list(order)
        for name in planted * FRAUD_POINTS:
            row = next((row for row in free if can(name, self._points[row])), None)
            if row is not None:
                twin = self.twin(row) if name == "copied" else -1
                if name != "copied" or twin >= 0:
                    chosen[name][row] = twin
                    free.remove(row)
        return chosen

    def twin(self, row: int) -> int:
        """An outlet of the same kind, whose numbers would not surprise; -1 when there is none."""
        order = [int(other) for other in np.argsort(seeds_of(self._codes, "fraud", self._seed))[::-1]]
        own = profile_of(self._points[row])
        return next((other for other in order if other != row and profile_of(self._points[other]) is own), -1)

    def windows(self, begin: int, end: int) -> Iterator[Window]:
        """Events that touch begin ≤ time < end, kind by kind."""
        for kind in self.kinds:
            cheats = self._cheats.get(kind.name, {})
            rows = np.array(sorted(cheats), dtype=np.intp) if kind.name in FRAUDS else np.arange(len(self._codes))
            for window in self._of_kind(kind, rows, begin, end):
                yield Window(kind, window[0], window[1], window[2], cheats.get(window[0], -1))

    def _of_kind(self, kind: Kind, rows: Rows, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        if not len(rows):
            return
        seeds = seeds_of([self._codes[row] for row in rows], kind.name, self._seed)
        shift = seeds.astype(np.int64) % kind.slot
        first, last = (begin - kind.slot) // kind.slot - 1, end // kind.slot + 1
        slots = np.arange(first, last + 1, dtype=np.int64)
        base = mix(seeds)[:, None] ^ mix((slots * 0x9E3779B1 + seed_of(kind.name)).astype(np.uint32))[None, :]
        chance, length, place = (mix(base ^ np.uint32(salt)) / np.float64(2**32) for salt in (1, 2, 3))
        lasts = (kind.shortest + length * (kind.longest - kind.shortest)) // MINUTE * MINUTE
        offset = (place * (kind.slot - lasts)).astype(np.int64)
        starts = (slots[None, :] * kind.slot + shift[:, None] + offset) // MINUTE * MINUTE
        stops = starts + lasts.astype(np.int64)
        for number, slot in zip(*np.nonzero((chance < kind.probability) & (starts < end) & (stops > begin)), strict=True):
            yield int(rows[number]), int(starts[number, slot]), int(stops[number, slot])

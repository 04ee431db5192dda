"""Checks on arrival: cheap enough for every reading of every telegram."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from bilan.pack import quality as pack
from bilan.pack.vocab import parameters
from bilan.telemetry.model import Reading
from bilan.telemetry.quality.check import Check
from bilan.telemetry.quality.limits import plausible

_INFINITE = float("inf")
_NORMAL = "N"
_COUNTED = frozenset({"value", "mean", "min", "max"})


class SeriesPlace(NamedTuple):
    """What a check must know of a series: its network, parameter and statistic."""

    network: str
    parameter: str
    statistic: str = "value"


class _Bounds(NamedTuple):
    lower: float
    upper: float
    change: float
    ratio: float
    gap: float
    future: int
    past: int


_FREE = _Bounds(-_INFINITE, _INFINITE, _INFINITE, 0.0, 0.0, 600, 400 * 86400)


class Arrival:
    """Judges readings as they arrive: range, mark of the device, time, rate of change.

    The rate is taken against the newest value seen of the series, and only for readings that are newer: a repeated or late
    reading gets the same bits again or none for its rate, so that delivering twice changes nothing.

    Args:
        place_of: gives the place of a series by its id; asked once a series. None for a series that is not known.
        city_pack: pack folder of the city.

    Examples:
        >>> checks = Arrival(lambda series: SeriesPlace("surface_water", "w01001"))
        >>> [entry.quality for entry in checks.apply([Reading(1, 0, 0, 7.1), Reading(1, 60, 0, 15.0), Reading(1, 120, 0, 7.2, "D")], 120)]
        [0, 3, 16]
    """

    def __init__(self, place_of: Callable[[int], SeriesPlace | None], city_pack: Path | None = None) -> None:
        self._place_of = place_of
        self._city_pack = city_pack
        self._bounds: dict[int, _Bounds] = {}
        self._newest: dict[int, tuple[int, float, int]] = {}

    def forget(self) -> None:
        """Look places and rules up again, after the catalogue or the pack changed."""
        self._bounds.clear()

    def apply(self, readings: Sequence[Reading], arrived: int | Sequence[int]) -> list[Reading]:
        """Give the readings back with their bits; those already set stay.

        Args:
            readings: in the order they came.
            arrived: wall time of arrival, for all or one each [s].
        """
        times = [arrived] * len(readings) if isinstance(arrived, int) else arrived
        judged = []
        for reading, at in zip(readings, times, strict=True):
            bits = reading.quality | self.bits(reading, at)
            judged.append(reading if bits == reading.quality else reading._replace(quality=bits))
        return judged

    def bits(self, reading: Reading, arrived: int) -> int:
        """Bits of one reading; remembers it as the newest of its series."""
        bounds = self._bounds.get(reading.series)
        if bounds is None:
            bounds = self._bounds[reading.series] = self._look_up(reading.series)
        found = 0
        if reading.flag != _NORMAL:
            found = int(Check.DEVICE)
        if not arrived - bounds.past <= reading.start <= arrived + bounds.future:
            found |= Check.TIME
        value = reading.value
        if value is None:
            return int(found)
        if not bounds.lower <= value <= bounds.upper:
            found |= Check.RANGE
        if bounds.change < _INFINITE and reading.flag == _NORMAL:
            found |= self._rate(reading, value, bounds)
        return int(found)

    def _rate(self, reading: Reading, value: float, bounds: _Bounds) -> int:
        newest = self._newest.get(reading.series)
        if newest and reading.start <= newest[0]:
            return newest[2] if reading.start == newest[0] and value == newest[1] else 0
        found = 0
        if newest and reading.start - newest[0] <= bounds.gap:
            change = abs(value - newest[1])
            if change > bounds.change and change > bounds.ratio * min(abs(value), abs(newest[1])):
                found = int(Check.RATE)
        self._newest[reading.series] = (reading.start, value, found)
        return found

    def _look_up(self, series: int) -> _Bounds:
        place = self._place_of(series)
        parameter = parameters().get(place.parameter) if place else None
        if place is None or parameter is None or not place.network or place.statistic not in _COUNTED:
            return _FREE
        rules = pack.rules(place.network, self._city_pack)
        lower, upper = plausible(parameter, rules)
        rate = rules.rates.get(parameter.column) if place.statistic in ("value", "mean") else None
        return _Bounds(
            -_INFINITE if lower is None else lower,
            _INFINITE if upper is None else upper,
            rate.change if rate else _INFINITE,
            rate.ratio if rate else 0.0,
            rate.hours * 3600 if rate else 0.0,
            rules.time.future,
            rules.time.past,
        )

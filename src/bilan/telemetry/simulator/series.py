"""Which series the devices of a city fill: made at once, so that no first telegram has to make its own."""

from __future__ import annotations

from collections.abc import Iterator

from bilan.pack.vocab import networks, vocabulary
from bilan.telemetry.model import Interval, Point, SeriesKey, Statistic
from bilan.telemetry.simulator.plant import profile_of
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.simulator.species import PAMS

MEAN_AND_RANGE = (Statistic.MEAN, Statistic.MINIMUM, Statistic.MAXIMUM)
CONVERTED = (Statistic.CONVERTED_MEAN, Statistic.CONVERTED_MINIMUM, Statistic.CONVERTED_MAXIMUM)
_HOURLY_ONLY = frozenset(entry.code for entry in PAMS)
_FLOWS = ("a00000", "w00000")


def series_of(point: Point, signals: Signals) -> Iterator[tuple[SeriesKey, str]]:
    """Every series that the device of a point reports, with its unit."""
    emission = networks()[point.network].unit_kind == "emission"
    for code in signals.parameters(point):
        word = vocabulary().by_code[code]
        unit = word.emission_unit if emission else word.unit
        for interval in (Interval.INSTANT, Interval.MINUTE, Interval.HOUR, Interval.DAY):
            for statistic in _statistics(point, code, interval, emission):
                shown = word.total_unit if statistic == Statistic.TOTAL else unit
                yield SeriesKey(point.code, code, str(statistic), str(interval)), shown


def _statistics(point: Point, code: str, interval: Interval, emission: bool) -> tuple[Statistic, ...]:
    if (interval == Interval.DAY and not emission) or (interval != Interval.HOUR and code in _HOURLY_ONLY):
        return ()
    if not emission:
        spans_value = point.network == "noise" or interval == Interval.INSTANT
        return (Statistic.VALUE,) if spans_value else (Statistic.MEAN,)
    kind = profile_of(point)
    pollutant = code in {item.parameter for item in kind.items}
    converts = pollutant and kind.reference_o2 is not None
    if interval == Interval.INSTANT:
        return (Statistic.VALUE, Statistic.CONVERTED) if converts else (Statistic.VALUE,)
    total = (Statistic.TOTAL,) if pollutant or code in _FLOWS else ()
    return (*MEAN_AND_RANGE, *total, *(CONVERTED if converts else ()))

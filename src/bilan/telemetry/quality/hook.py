"""The arrival checks as the ingest calls them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from bilan.pack.quality import rules
from bilan.pack.vocab import networks
from bilan.telemetry import clock
from bilan.telemetry.model import Reading
from bilan.telemetry.quality.arrival import Arrival, SeriesPlace
from bilan.telemetry.store import Store


def arrival_checks(store: Store, city_pack: Path | None = None) -> Callable[[str, Sequence[Reading]], list[Reading]]:
    """Make the function that gives readings their bits: interval and readings in, the same readings out.

    Args:
        store: where series and points are looked up.
        city_pack: pack folder of the city.

    Raises:
        BilanError: a rule is declared wrongly; said now, so that no reading waits for it later.
    """
    for network in networks():
        rules(network, city_pack)
    places: dict[int, SeriesPlace] = {}
    seen = -1

    def refresh() -> None:
        networks = {point.code: point.network for point in store.catalogue.points()}
        frame = store.catalogue.series_frame().select("id", "point", "parameter", "statistic")
        places.clear()
        for series, point, parameter, statistic in frame.iter_rows():
            places[series] = SeriesPlace(networks.get(point, ""), parameter, statistic)

    def place_of(series: int) -> SeriesPlace | None:
        if series not in places:
            refresh()
        return places.get(series)

    checks = Arrival(place_of, city_pack)

    def judge(interval: str, readings: Sequence[Reading]) -> list[Reading]:
        nonlocal seen
        version = store.catalogue.version()
        if version != seen:
            seen = version
            places.clear()
            checks.forget()
        return checks.apply(readings, clock.now(store.zone))

    return judge

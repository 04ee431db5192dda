"""The monitoring data of a city as one person may see them: the only door from pages and API to the store."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from bilan.evaluation.completeness import shares
from bilan.evaluation.methods import KINDS, current
from bilan.pack.vocab import networks
from bilan.people.equipment import Equipment
from bilan.people.roles import Action
from bilan.people.visibility import NotAllowed, NotVisible, Scope
from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry.gateway.devices import DeviceState, listed
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.model import Device, Interval, Point, SeriesKey
from bilan.telemetry.store import Amendment, Store


class Monitoring:
    """Reads of the store, each limited to what the scope allows.

    Args:
        store: the city's store.
        scope: what the reader may see, from `bilan.people.visibility.visible_to`.
    """

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store = store
        self.scope = scope
        self._points: dict[str, Point] | None = None

    def can(self, action: Action) -> bool:
        """Whether the reader may do `action`."""
        return self.scope.can(action)

    def version(self) -> int:
        """Number that changes whenever a point, a device or a series is added or altered."""
        return self._store.catalogue.version()

    def points(self, network: str | None = None, district: str | None = None, codes: Iterable[str] | None = None) -> list[Point]:
        """The visible points of a network, of a district, or with these codes; all of them by default."""
        wanted = None if codes is None else set(codes)
        return [
            point
            for point in self._visible().values()
            if (network is None or point.network == network)
            and (not district or point.district == district)
            and (wanted is None or point.code in wanted)
        ]

    def point(self, code: str) -> Point:
        """The point with `code`.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        try:
            return self._visible()[code]
        except KeyError:
            raise NotVisible(code) from None

    def series(
        self,
        points: Iterable[str] | None = None,
        parameters: Sequence[str] | None = None,
        interval: str | None = None,
    ) -> pl.DataFrame:
        """The series of visible points: ``id, point, parameter, statistic, interval, occurrence, unit``."""
        frame = self._store.catalogue.series_frame(
            self._codes(points), None if parameters is None else list(parameters), None if interval is None else _interval(interval)
        )
        return self._only(frame)

    def scan(self, series: Sequence[int], begin: int, end: int, interval: str, *, level: str = "reviewed") -> pl.DataFrame:
        """Values of series between two moments, as `Store.scan` gives them.

        Raises:
            NotVisible: one of the series belongs to no visible point.
        """
        self._check_series(series)
        return self._store.scan(list(series), begin, end, _interval(interval), level=level)

    def scan_reduced(self, series: Sequence[int], begin: int, end: int, interval: str, marks: int = 2000) -> pl.DataFrame:
        """Values rolled up to at most about `marks` a series, as `Store.scan_reduced` gives them.

        Raises:
            NotVisible: one of the series belongs to no visible point.
        """
        self._check_series(series)
        return self._store.scan_reduced(list(series), begin, end, _interval(interval), marks)

    def wide(
        self, points: Iterable[str], parameters: Sequence[str], begin: int, end: int, interval: str, statistic: str = "mean"
    ) -> pl.DataFrame:
        """Values of visible points with a column a parameter, as `Store.wide` gives them."""
        return self._store.wide(self._codes(points) or [], list(parameters), begin, end, _interval(interval), statistic=statistic)

    def latest(
        self,
        points: Iterable[str] | None = None,
        networks: Sequence[str] | None = None,
        *,
        parameters: Sequence[str] | None = None,
        interval: str | None = None,
    ) -> pl.DataFrame:
        """The newest value of every series of visible points, networks, parameters and interval."""
        kind = None if interval is None else _interval(interval)
        return self._only(self._store.latest(self._codes(points), networks, parameters=parameters, interval=kind))

    def statistics(self, series: Sequence[int]) -> pl.DataFrame:
        """Count, first, last, minimum, maximum and mean of series, kept by the writer."""
        self._check_series(series)
        return self._store.statistics(list(series))

    def verdicts(self, method: str, points: Iterable[str] | None, begin: int, end: int) -> pl.DataFrame:
        """Verdicts of visible points and areas by `method` (``air.hour`` …) with begin ≤ start < end [s].

        Districts and the city have verdicts under their administrative code.
        """
        return self._only(self._store.verdicts.scan(method, self._judged(points), begin, end))

    def standing(self, points: Iterable[str] | None = None) -> pl.DataFrame:
        """The newest verdict that says how each visible point stands, whatever its network.

        Returns:
            Verdicts with `kind`, the scale of the grade, and `until` [s of the wall clock], to when it says so.
        """
        codes = self._codes(points)
        networks = {point.network for point in self._store.catalogue.points(codes=codes)}
        methods = {method.name: method for network in networks for method in current(network)}
        found = self._store.verdicts.latest(list(methods), points=codes).filter(pl.col("grade").is_not_null())
        newest = found.sort("start", maintain_order=True).unique("point", keep="last", maintain_order=True).sort("point")
        fresh = {name: method.fresh for name, method in methods.items()}
        return newest.with_columns(
            pl.col("method").replace_strict(KINDS, return_dtype=pl.String).alias("kind"),
            (pl.col("start") + pl.col("method").replace_strict(fresh, default=0, return_dtype=pl.Int64)).alias("until"),
        )

    def latest_verdicts(self, method: str | Collection[str], points: Iterable[str] | None = None) -> pl.DataFrame:
        """The newest verdict of every visible point and area by `method`, or by each of several."""
        return self._only(self._store.verdicts.latest(method, points=self._judged(points)))

    def digest(self, key: str) -> dict[str, Any] | None:
        """A page's precomputed numbers, without what is about a point or a district that the reader may not see.

        In a digest everything about one point carries the key ``point``, and everything about one district ``district``.
        """
        payload = self._store.digests.get(key)
        return payload if payload is None or self.scope.whole_city else self._pruned(payload)

    def devices(self) -> list[Device]:
        """Devices of visible points; those still to be claimed are shown to readers of the whole city only."""
        visible = self._visible()
        return [
            device for device in self._store.catalogue.devices() if device.point in visible or (not device.point and self.scope.whole_city)
        ]

    def equipment(self, limits: Settings | None = None) -> Equipment:
        """Devices of visible points with their commands, gaps and quarantine; `limits` say when one counts as late or silent."""
        return Equipment(self._store, self.scope, self._visible(), limits)

    def device_states(self, points: Iterable[str], limits: Settings | None = None) -> list[DeviceState]:
        """Devices of visible points and how they are doing; `limits` say when one counts as late or silent."""
        wanted = {self.point(code).code for code in points}
        return listed(self._store, limits, mns=[device.mn for device in self._store.catalogue.devices() if device.point in wanted])

    def received(self, series: int, start: int, interval: str) -> dict[str, Any] | None:
        """One value as it was received, with `arrived` [s] and `source` (position of its frame in the journal); None when there is none.

        Raises:
            NotVisible: the series belongs to no visible point.
        """
        self._check_series([series])
        return next(iter(self._store.scan_raw([series], start, start + 1, _interval(interval)).to_dicts()), None)

    def amendments(self, series: Sequence[int], begin: int | None = None, end: int | None = None) -> list[Amendment]:
        """Decisions about these series that touch begin ≤ start < end, oldest first.

        Raises:
            NotVisible: one of the series belongs to no visible point.
        """
        self._check_series(series)
        return self._store.amendments(series, begin, end) if series else []

    def completeness(self, code: str, begin: int, end: int) -> pl.DataFrame:
        """For each parameter of a visible point: expected, present and share of its values between two moments."""
        network = networks()[self.point(code).network]
        return shares(self._store, self.series([code], None, network.interval), network, begin, end, by="parameter")

    def rows(self, sql: str, params: Sequence[Any] = (), *, point: str = "point") -> list[dict[str, Any]]:
        """Rows of a query of the telemetry database whose column `point` names a visible point.

        Raises:
            BilanError: the query gives no such column, so its rows cannot be limited to what the reader may see.
        """
        found = self._store.database.query_dicts(sql, params)
        if found and point not in found[0]:
            raise BilanError(Problem("web.rows_without_point", {"value": point}))
        visible = self._visible()
        return [row for row in found if row[point] in visible or (not row[point] and self.scope.whole_city)]

    def require(self, action: Action) -> Store:
        """The store itself, to change something.

        Raises:
            NotAllowed: the reader may not do `action`.
        """
        if not self.scope.can(action):
            raise NotAllowed(action)
        return self._store

    def _visible(self) -> dict[str, Point]:
        if self._points is None:
            self._points = {point.code: point for point in self.scope.visible(self._store.catalogue.points())}
        return self._points

    def _codes(self, wanted: Iterable[str] | None) -> list[str] | None:
        """Codes to ask the store for: None asks for everything, which only a reader of the whole city may."""
        visible = self._visible()
        if wanted is None:
            return None if self.scope.whole_city else list(visible)
        return [code for code in wanted if code in visible]

    def _judged(self, wanted: Iterable[str] | None) -> list[str] | None:
        """Codes of points and areas to ask verdicts for, as `_codes`."""
        if wanted is None:
            return None if self.scope.whole_city else [*self._visible(), *(self.scope.districts or ())]
        return [code for code in wanted if code in self._visible() or (_is_area(code) and self.scope.allows_district(code))]

    def _only(self, frame: pl.DataFrame) -> pl.DataFrame:
        if self.scope.whole_city:
            return frame
        return frame.filter(pl.col("point").is_in([*self._visible(), *(self.scope.districts or ())]))

    def _check_series(self, series: Sequence[int]) -> None:
        if self.scope.whole_city:
            return
        known = set(self._store.catalogue.series_frame(points=list(self._visible()))["id"].to_list())
        unknown = [number for number in series if number not in known]
        if unknown:
            raise NotVisible(str(unknown[0]))

    def _pruned(self, payload: Any) -> Any:
        if isinstance(payload, Mapping):
            return {key: self._pruned(value) for key, value in payload.items() if not self._hidden(value)}
        if isinstance(payload, list):
            return [self._pruned(item) for item in payload if not self._hidden(item)]
        return payload

    def _hidden(self, item: Any) -> bool:
        if not isinstance(item, Mapping):
            return False
        point, district = item.get("point"), item.get("district")
        return (isinstance(point, str) and point not in self._visible()) or (
            isinstance(district, str) and not self.scope.allows_district(district)
        )


def series_key(row: Mapping[str, Any]) -> SeriesKey:
    """The key of a row of `Monitoring.series` or `Monitoring.latest`."""
    return SeriesKey(row["point"], row["parameter"], row["statistic"], row["interval"], row["occurrence"])


def _is_area(code: str) -> bool:
    """Whether a code can be an administrative one: six digits."""
    return len(code) == 6 and code.isascii() and code.isdigit()


def _interval(name: str) -> Interval:
    """The interval called `name`.

    Raises:
        BilanError: there is none; the message names those there are.
    """
    known = [entry.value for entry in Interval]
    if name not in known:
        raise BilanError(Problem("value.unknown_choice", {"value": name, "allowed": known, "nearest": nearest(name, known)}))
    return Interval(name)

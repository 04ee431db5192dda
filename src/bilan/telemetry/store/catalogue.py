"""What is measured where: points, devices and series, cached in the process and checked by a version counter."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict

import polars as pl

from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry.model import Device, Point, SeriesKey
from bilan.telemetry.store.database import Database, Row

SERIES_SCHEMA = {
    "id": pl.Int64,
    "point": pl.String,
    "parameter": pl.String,
    "statistic": pl.String,
    "interval": pl.String,
    "occurrence": pl.Int64,
    "unit": pl.String,
}
_POINT_COLUMNS = ("code", "network", "name_zh", "name_en", "district", "lon", "lat", "attributes")
_SERIES_COLUMNS = ("point", "parameter", "statistic", "interval_name", "occurrence", "unit")


class Catalogue:
    """Points, devices and series of the city.

    Every change raises `version`; each process keeps what it read and reads again only after the version moved, so no
    cache can go stale.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._forget()
        database.on_rollback(self._forget)

    def _forget(self) -> None:
        self._seen = -1
        self._points: dict[str, Point] | None = None
        self._devices: dict[str, Device] | None = None
        self._ids: dict[SeriesKey, int] | None = None
        self._places: dict[int, tuple[str, str]] | None = None
        self._frame: pl.DataFrame | None = None

    def version(self) -> int:
        """Number that grows with every change of the catalogue; cheap to poll."""
        rows = self._database.query("SELECT value FROM counter WHERE name = 'catalogue'")
        return int(rows[0][0]) if rows else 0

    def _refresh(self) -> None:
        now = self.version()
        if now != self._seen:
            self._forget()
            self._seen = now

    def _changed(self) -> None:
        self._database.execute(
            "INSERT INTO counter (name, value) VALUES ('catalogue', 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1"
        )
        self._forget()

    def put_points(self, points: Iterable[Point]) -> None:
        """Add points, or change those whose code is there already."""
        unique = {point.code: point for point in points}
        rows = [
            (p.code, p.network, p.name_zh, p.name_en, p.district, p.lon, p.lat, json.dumps(p.attributes, ensure_ascii=False))
            for p in unique.values()
        ]
        if rows:
            with self._database.transaction():
                self._database.bulk_upsert("point", _POINT_COLUMNS, rows, ["code"])
                self._changed()

    def points(self, network: str | None = None, codes: Collection[str] | None = None) -> list[Point]:
        """Points of one network, or with these codes, or all, in the order of their codes."""
        known = self._known_points()
        chosen = known.values() if codes is None else [known[code] for code in sorted(set(codes)) if code in known]
        return [point for point in chosen if network is None or point.network == network]

    def point(self, code: str) -> Point:
        """The point with `code`.

        Raises:
            BilanError: there is none; the message names the nearest code.
        """
        known = self._known_points()
        if code not in known:
            raise BilanError(Problem("store.unknown_point", {"value": code, "nearest": nearest(code, known)}))
        return known[code]

    def _known_points(self) -> dict[str, Point]:
        self._refresh()
        if self._points is None:
            rows = self._database.query(f"SELECT {', '.join(_POINT_COLUMNS)} FROM point ORDER BY code")
            self._points = {row[0]: _point(row) for row in rows}
        return self._points

    def put_devices(self, devices: Iterable[Device]) -> None:
        """Add devices, or change those whose MN is there already."""
        unique = {device.mn: device for device in devices}
        rows = [(d.mn, d.point, d.state, json.dumps(asdict(d), ensure_ascii=False)) for d in unique.values()]
        if rows:
            with self._database.transaction():
                self._database.bulk_upsert("device", ("mn", "point", "state", "dialect"), rows, ["mn"])
                self._changed()

    def devices(self) -> list[Device]:
        """Every device, in the order of the MNs."""
        return list(self._known_devices().values())

    def device(self, mn: str) -> Device:
        """The device with this MN.

        Raises:
            BilanError: there is none; the message names the nearest MN.
        """
        known = self._known_devices()
        if mn not in known:
            raise BilanError(Problem("store.unknown_device", {"value": mn, "nearest": nearest(mn, known)}))
        return known[mn]

    def _known_devices(self) -> dict[str, Device]:
        self._refresh()
        if self._devices is None:
            rows = self._database.query("SELECT dialect FROM device ORDER BY mn")
            self._devices = {device.mn: device for device in (Device(**json.loads(text)) for (text,) in rows)}
        return self._devices

    def series_ids(self, keys: Sequence[SeriesKey], units: Sequence[str] | Mapping[str, str] | None = None) -> list[int]:
        """Number of each series, made on first use.

        Parameters:
            keys: what identifies the series.
            units: unit of each key in the same order, or unit by parameter code; used only for series made now.

        Returns:
            One id a key, in the order of `keys`.
        """
        ids = self._known_ids()
        missing = {key: place for place, key in enumerate(keys) if key not in ids}
        if missing:
            rows = [(*key, _unit(units, key, place)) for key, place in missing.items()]
            with self._database.transaction():
                if self._database.insert_new("series", _SERIES_COLUMNS, rows):
                    self._changed()
            ids = self._known_ids()
        return [ids[key] for key in keys]

    def _known_ids(self) -> dict[SeriesKey, int]:
        self._refresh()
        if self._ids is None:
            rows = self._database.query("SELECT id, point, parameter, statistic, interval_name, occurrence FROM series")
            self._ids = {SeriesKey(*row[1:]): row[0] for row in rows}
        return self._ids

    def places(self) -> dict[int, tuple[str, str]]:
        """Point and interval of every series, by the series' id."""
        self._refresh()
        if self._places is None:
            self._places = {number: (key.point, key.interval) for key, number in self._known_ids().items()}
        return self._places

    def series_frame(
        self, points: Collection[str] | None = None, parameters: Collection[str] | None = None, interval: str | None = None
    ) -> pl.DataFrame:
        """Series of these points, parameters and interval: columns id, point, parameter, statistic, interval, occurrence, unit."""
        self._refresh()
        if self._frame is None:
            columns = "id, point, parameter, statistic, interval_name, occurrence, unit"
            self._frame = self._database.frame(f"SELECT {columns} FROM series ORDER BY id", (), SERIES_SCHEMA)
        chosen = [
            pl.col(name).is_in(list(values))
            for name, values in (("point", points), ("parameter", parameters), ("interval", None if interval is None else [interval]))
            if values is not None
        ]
        return self._frame.filter(*chosen) if chosen else self._frame


def _point(row: Row) -> Point:
    return Point(**dict(zip(_POINT_COLUMNS, (*row[:-1], json.loads(row[-1])), strict=True)))


def _unit(units: Sequence[str] | Mapping[str, str] | None, key: SeriesKey, place: int) -> str:
    if units is None:
        return ""
    return units.get(key.parameter, "") if isinstance(units, Mapping) else units[place]

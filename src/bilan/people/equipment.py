"""Devices, their commands and gaps, and what is in quarantine, as one person may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

from bilan.people.visibility import NotVisible, Scope
from bilan.telemetry.gateway import commands, devices
from bilan.telemetry.gateway.commands import Command
from bilan.telemetry.gateway.devices import Claim, DeviceState, Presence
from bilan.telemetry.gateway.settings import Settings
from bilan.telemetry.ingest import gaps, quarantine
from bilan.telemetry.ingest.gaps import Gap
from bilan.telemetry.ingest.quarantine import Entry
from bilan.telemetry.model import Device, Point
from bilan.telemetry.readers import Refused, quarantined
from bilan.telemetry.store import Store

MOST = 1000
"""So many commands, telegrams and rows are looked through, the newest first; more are reached by filtering."""


class Equipment:
    """Reads about devices, each limited to those of visible points; what belongs to no point is the whole city's.

    Args:
        store: the city's store.
        scope: what the reader may see.
        points: the visible points by code.
        limits: when a device counts as late or silent; those of the base pack by default.
    """

    def __init__(self, store: Store, scope: Scope, points: Mapping[str, Point], limits: Settings | None = None) -> None:
        self._store = store
        self._scope = scope
        self._points = points
        self._limits = limits

    @property
    def whole_city(self) -> bool:
        """Whether the reader may see what belongs to no point: unknown devices, frames without identity, everybody's files."""
        return self._scope.whole_city

    def point(self, code: str) -> Point | None:
        """The point a visible device reports for; None when it is not registered as a point."""
        return self._points.get(code)

    def point_of(self, mn: str) -> Point | None:
        """The visible point that a device reports for."""
        device = self._devices.get(mn)
        return self._points.get(device.point) if device else None

    def mns(self) -> list[str]:
        """MNs of every visible registered device."""
        return list(self._devices)

    def states(self) -> list[DeviceState]:
        """Every registered device and how it is doing."""
        return devices.listed(self._store, self._limits, mns=self._devices) if self._devices else []

    def state(self, mn: str) -> DeviceState:
        """One registered device.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        found = devices.listed(self._store, self._limits, mns={mn}) if mn in self._devices else []
        if not found:
            raise NotVisible(mn)
        return found[0]

    def claims(self, states: Collection[str] = ("open",)) -> list[Claim]:
        """Devices that report, or are announced, and that nobody has registered; for readers of the whole city only."""
        if not self.whole_city:
            return []
        found = devices.claims(self._store, states)
        known = {claim.mn for claim in devices.claims(self._store, ("open", "claimed", "ignored"))}
        announced = [entry.mn for entry in self._store.catalogue.devices() if entry.state == Presence.CLAIMABLE and entry.mn not in known]
        return found + [Claim(mn, "open", 0, 0, 0, "", "", 0) for mn in announced if "open" in states]

    def claim(self, mn: str) -> Claim:
        """One device that nobody has registered.

        Raises:
            NotVisible: nobody of that MN waits, or the reader may not see it.
        """
        for claim in self.claims(("open", "ignored")):
            if claim.mn == mn:
                return claim
        raise NotVisible(mn)

    def commands(self, mn: str = "", limit: int = 200) -> list[Command]:
        """Commands to visible devices, the newest first."""
        if mn:
            return commands.listed(self._store, mn, limit=limit) if mn in self._devices else []
        found = commands.listed(self._store, limit=limit if self.whole_city else MOST)
        return [entry for entry in found if entry.mn in self._devices][:limit]

    def gaps(self, mn: str, limit: int = 200) -> list[Gap]:
        """What is missing of a device: what is asked for or open, and what was given up."""
        return gaps.listed(self._store, mn, ("open", "asked", "given_up"), limit) if mn in self._devices else []

    def telegrams(self, state: str = quarantine.OPEN, code: str = "", mn: str = "") -> list[Entry]:
        """Telegrams in quarantine, the newest first."""
        return [entry for entry in quarantine.listed(self._store, state=state, code=code, mn=mn, limit=MOST) if self._sees_mn(entry.mn)]

    def telegram(self, number: int) -> Entry:
        """One telegram in quarantine.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        found = quarantine.listed(self._store, state="", before=number + 1, limit=1)
        if not found or found[0].id != number or not self._sees_mn(found[0].mn):
            raise NotVisible(str(number))
        return found[0]

    def telegram_counts(self) -> list[dict[str, Any]]:
        """Telegrams by reason: ``code``, ``kept``, ``counted`` beyond what is kept, the most frequent first."""
        if self.whole_city:
            return quarantine.counts(self._store)
        kept: Counter[str] = Counter()
        for mn, code, count in self._store.database.query("SELECT mn, code, COUNT(*) FROM quarantine GROUP BY mn, code"):
            kept[code] += count if mn in self._devices else 0
        return [{"code": code, "kept": number, "counted": 0} for code, number in kept.most_common() if number]

    def open_telegrams(self) -> int:
        """Number of telegrams in quarantine that nobody has dealt with."""
        if self.whole_city:
            return quarantine.open_count(self._store)
        sql = "SELECT mn, COUNT(*) FROM quarantine WHERE state = ? GROUP BY mn"
        return sum(count for mn, count in self._store.database.query(sql, (quarantine.OPEN,)) if mn in self._devices)

    def rows(self, person: str, state: str | None = "open") -> list[Refused]:
        """Refused rows of files: all of them for readers of the whole city, else those that `person` brought."""
        return [row for row in quarantined(self._store, state, MOST) if self.whole_city or row.person == person]

    def open_rows(self, person: str) -> int:
        """Number of refused rows that wait to be corrected."""
        if not self.whole_city:
            return len(self.rows(person))
        return int(self._store.database.query("SELECT COUNT(*) FROM import_quarantine WHERE state = 'open'")[0][0])

    def row(self, number: int, person: str) -> Refused:
        """One refused row.

        Raises:
            NotVisible: there is none that the reader may see.
        """
        found = quarantined(self._store, None, 1, [number])
        if not found or not (self.whole_city or found[0].person == person):
            raise NotVisible(str(number))
        return found[0]

    def among(self) -> frozenset[str] | None:
        """Codes of the points the reader may bring readings in for; None for all."""
        return None if self.whole_city else frozenset(self._points)

    @cached_property
    def _devices(self) -> dict[str, Device]:
        """The visible registered devices by MN; a reader lives as long as a request."""
        return {device.mn: device for device in self._store.catalogue.devices() if self._sees(device)}

    def _sees(self, device: Device) -> bool:
        return device.state != Presence.CLAIMABLE and (device.point in self._points or (not device.point and self.whole_city))

    def _sees_mn(self, mn: str) -> bool:
        return self.whole_city or mn in self._devices

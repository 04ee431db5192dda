"""The devices that may report, as the gateway knows them: read again when the catalogue changes."""

from __future__ import annotations

from dataclasses import dataclass

from bilan.problems import Problem
from bilan.telemetry.gateway.wire import Header
from bilan.telemetry.hj212.frame import BAD_CRC, Frame
from bilan.telemetry.model import Device
from bilan.telemetry.store import Store

OFF = "off"


@dataclass(frozen=True, slots=True)
class Profile:
    """A device with its fields as they are compared on the wire."""

    device: Device
    mn: bytes
    password: bytes

    @classmethod
    def of(cls, device: Device) -> Profile:
        """Prepare a device for comparing."""
        return cls(device, device.mn.encode(), device.password.encode())


class DeviceTable:
    """Devices by MN.

    Args:
        store: where the catalogue is.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._version = -1
        self.profiles: dict[bytes, Profile] = {}

    def refresh(self) -> bool:
        """Read the devices again when the catalogue has changed; may be called from any thread."""
        version = self._store.catalogue.version()
        if version == self._version:
            return False
        self.profiles = {profile.mn: profile for profile in map(Profile.of, self._store.catalogue.devices())}
        self._version = version
        return True

    def get(self, mn: bytes) -> Profile | None:
        """The device of an MN; None for one nobody knows or that waits to be claimed."""
        profile = self.profiles.get(mn)
        return None if profile is None or profile.device.state == "claimable" else profile


def refuse_frame(frame: Frame, profile: Profile | None) -> Problem | None:
    """Say why the bytes of a frame cannot be trusted; a dialect may allow another check sum, or none."""
    if not frame.error or frame.readable:
        return None
    if profile and frame.error == BAD_CRC and (profile.device.crc == OFF or frame.sums_as(profile.device.crc)):
        return None
    values = {"declared": frame.checksum, "length": frame.declared, "fits": frame.variant or "–", "bytes": len(frame.raw)}
    return Problem(f"gateway.{frame.error}", values)


def refuse_sender(head: Header, profile: Profile, address: str) -> Problem | None:
    """Say why a device is not who it says it is: blocked, from another address, with another password."""
    device = profile.device
    if device.state == "blocked":
        return Problem("gateway.blocked", {"mn": device.mn})
    if device.address and device.address != address:
        return Problem("gateway.wrong_address", {"mn": device.mn, "value": address, "allowed": device.address})
    if profile.password and head.pw != profile.password:
        return Problem("gateway.wrong_password", {"mn": device.mn, "value": head.pw.decode("utf-8", "replace")[:32]})
    return None


def refuse_time(head: Header, earliest: bytes, latest: bytes) -> Problem | None:
    """Say why the time of the data cannot be: digits that are none, far ahead of the clock, too long ago."""
    stamp = head.stamp
    if not stamp or earliest <= stamp <= latest:
        return None
    values = {"value": stamp.decode("ascii", "replace"), "earliest": earliest.decode(), "latest": latest.decode()}
    if not stamp.isdigit() or len(stamp) != 14:
        return Problem("value.not_a_time", values)
    return Problem("gateway.future_time" if stamp > latest else "gateway.ancient_time", values)

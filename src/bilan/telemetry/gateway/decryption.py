"""From a frame as it came to the segment as it was meant: encrypted data areas of the 2025 edition opened with the device's key."""

from __future__ import annotations

from collections.abc import Callable

from bilan.telemetry.gateway.table import DeviceTable
from bilan.telemetry.gateway.wire import header
from bilan.telemetry.hj212 import Framer
from bilan.telemetry.hj212.sm4 import decrypt
from bilan.telemetry.model import Device

OVERHEAD = 10
"""Bytes of a regular frame beside its segment: ``##``, four digits of length, four of check sum."""


def decrypter(table: DeviceTable) -> Callable[[bytes], bytes | None]:
    """Open segments with the key of the device that they name."""

    def opened(segment: bytes) -> bytes | None:
        head = header(segment)
        profile = table.get(head.mn) if head else None
        return _opened(segment, profile.device) if profile else None

    return opened


def _opened(segment: bytes, device: Device) -> bytes | None:
    """Decrypted segment; None without a key, with one that is none, or when nothing is encrypted."""
    try:
        return decrypt(segment, bytes.fromhex(device.sm4_key)) if device.sm4_key else None
    except ValueError:
        return None


def segment_of(frame: bytes, device: Device) -> bytes | None:
    """Give the data segment of a frame from the journal; None when it holds none.

    Examples:
        >>> segment_of(b"##0013ST=91;CP=&&&&3B80", Device("A1"))
        b'ST=91;CP=&&&&'
    """
    if not device.sm4_key and frame[2:6].isdigit() and int(frame[2:6]) + OVERHEAD == len(frame):
        return frame[6:-4]
    framer = Framer(decrypt=lambda segment: _opened(segment, device))
    found = [*framer.feed(frame), *framer.finish()]
    return next((entry.segment for entry in found if entry.segment), None)

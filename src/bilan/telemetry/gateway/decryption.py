"""From a frame as it came to the segment as it was meant: encrypted data areas of the 2025 edition opened with the device's key."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from bilan.telemetry.gateway.table import DeviceTable
from bilan.telemetry.gateway.wire import header
from bilan.telemetry.hj212 import Framer
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
    return decrypt_segment(segment, bytes.fromhex(device.sm4_key)) if device.sm4_key else None


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


def decrypt_segment(segment: bytes, key: bytes) -> bytes:
    """Decrypt the data area of a segment: SM4, electronic code book, a remainder shorter than 16 bytes stays plain.

    Args:
        segment: with raw cipher bytes between ``CP=&&`` and the closing ``&&``.
        key: 16 bytes.

    Reference: HJ 212-2025, encryption of data areas.
    """
    head, mark, rest = segment.partition(b"CP=&&")
    area, tail = rest[:-2], rest[-2:]
    whole = len(area) // 16 * 16
    opener = Cipher(SM4(key), modes.ECB()).decryptor()
    return head + mark + opener.update(area[:whole]) + opener.finalize() + area[whole:] + tail

"""Encryption of the data area, edition 2025."""

from __future__ import annotations

import re

from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from bilan.telemetry.hj212.building import wrap
from bilan.telemetry.hj212.crc import checksum

BLOCK = 16
_OPENING = b"CP=&&"
_CLOSING = b"&&"
_PLAIN_START = re.compile(rb"[A-Za-z0-9_]+(?:-[A-Za-z0-9_-]+)? ?=")


def covers(cn: str) -> bool:
    """Whether a logger encrypts the data area of a command: data commands, key requests and site information.

    Reference: HJ 212-2025.

    Examples:
        >>> covers("2051"), covers("1014"), covers("9014")
        (True, True, False)
    """
    return cn in ("1014", "3020") or (len(cn) == 4 and cn.startswith("2"))


def encrypt(segment: bytes, key: bytes, *, written: bool = False) -> bytes:
    """Encrypt the data area of a plain segment: whole blocks of 16 bytes, the remainder stays plain.

    Args:
        segment: the plain data segment.
        key: 16 bytes.
        written: write the cipher bytes out as ``{0xE4,0x3E,…}``, the way the standard prints them; raw by default.

    Returns:
        The segment as sent; raw cipher bytes keep its length.

    Raises:
        ValueError: the key has not 16 bytes.

    Reference: HJ 212-2025 annex A.2 (SM4, ECB, no padding).

    Examples:
        >>> sent = encrypt(b"ST=31;CN=2051;MN=A1;CP=&&DataTime=20260301100000&&", bytes(16))
        >>> len(sent), decrypt(sent, bytes(16))
        (50, b'ST=31;CN=2051;MN=A1;CP=&&DataTime=20260301100000&&')
    """
    head, area = _divide(segment)
    blocks = len(area) // BLOCK * BLOCK
    encryptor = Cipher(SM4(key), modes.ECB()).encryptor()
    cipher = encryptor.update(area[:blocks]) + encryptor.finalize()
    if written and cipher:
        cipher = b"{" + b",".join(b"0x%02X" % byte for byte in cipher) + b"}"
    return head + cipher + area[blocks:] + _CLOSING


def decrypt(segment: bytes, key: bytes) -> bytes | None:
    """Decrypt the data area of a segment with raw cipher bytes, as `Framer` delivers it.

    Args:
        segment: the segment as received.
        key: 16 bytes.

    Returns:
        The plain segment; None when it does not read like one: a wrong key, or not encrypted.

    Raises:
        ValueError: the key has not 16 bytes.

    Reference: HJ 212-2025 annex A.2.

    Examples:
        >>> decrypt(encrypt(b"ST=31;CN=2051;MN=A1;CP=&&DataTime=20260301100000&&", bytes(16)), b"another key.....") is None
        True
    """
    head, area = _divide(segment)
    blocks = len(area) // BLOCK * BLOCK
    decryptor = Cipher(SM4(key), modes.ECB()).decryptor()
    plain = decryptor.update(area[:blocks]) + decryptor.finalize() + area[blocks:]
    return head + plain + _CLOSING if _PLAIN_START.match(plain) else None


def build_encrypted(segment: bytes, key: bytes, *, written: bool = False) -> bytes:
    """Write a whole telegram with an encrypted data area; length and check sum are those of the plain segment.

    Args:
        segment: the plain data segment.
        key: 16 bytes.
        written: write the cipher bytes out, as for `encrypt`.

    Returns:
        The bytes to send.

    Raises:
        ValueError: the key has not 16 bytes, or the segment is too long.

    Examples:
        >>> build_encrypted(b"ST=31;CN=2051;MN=A1;CP=&&DataTime=20260301100000&&", bytes(16))[-6:]
        b'A881\\r\\n'
    """
    plain = wrap(segment)
    return plain[:6] + encrypt(segment, key, written=written) + checksum(segment).encode() + b"\r\n"


def _divide(segment: bytes) -> tuple[bytes, bytes]:
    """Everything up to ``CP=&&``, and what stands between it and the closing ``&&``."""
    head, opening, area = segment.partition(_OPENING)
    return head + opening, area[: -len(_CLOSING)]

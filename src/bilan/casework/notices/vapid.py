"""The key pair by which push services know the city: made on first use and kept with its data."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat, load_pem_private_key
from django.conf import settings
from py_vapid import Vapid

from bilan.pack.kept import kept_secret

FILE = "vapid.pem"


def public_key() -> str:
    """The public key as browsers want it when they subscribe (base64url without padding)."""
    raw = (
        load_pem_private_key(_pem(settings.CITY.data).encode(), None)
        .public_key()
        .public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def private_key() -> Vapid:
    """The key that signs push messages."""
    return _vapid(settings.CITY.data)


@cache
def _vapid(data: Path) -> Vapid:
    return Vapid.from_pem(_pem(data).encode())


def _pem(data: Path) -> str:
    return kept_secret(data / FILE, _made)


def _made() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

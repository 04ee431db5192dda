"""The site's secret key, made on first start and kept with the city's data."""

from __future__ import annotations

import secrets
from pathlib import Path

from bilan.pack.kept import kept_secret


def secret_key(path: Path) -> str:
    """Read the key in `path`; when there is none, make one that only the owner of the process can read."""
    return kept_secret(path, lambda: secrets.token_urlsafe(50))

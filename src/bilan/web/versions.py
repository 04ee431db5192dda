"""One short version of all files the site serves: it stands in their address, so browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path


def assets_version(folder: Path) -> str:
    """Hash of the names and the contents of all files in `folder`, ten hex digits."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".gz"):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]

"""Finding and reading the lake's tables."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bilan.lake import manifest as manifests
from bilan.lake.manifest import Manifest
from bilan.problems import BilanError, Problem, nearest

FOLDER = "tables"
CURRENT = "current"
VERSIONS = "versions"


class LakeTables:
    """The tables below the root of a lake.

    Args:
        root: the lake's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, name: str) -> Path:
        """Where a table is, or would be."""
        return self.root / FOLDER / name

    def names(self) -> list[str]:
        """Tables that have a version, in order."""
        return sorted(found.parent.name for found in (self.root / FOLDER).glob(f"*/{CURRENT}"))

    def version_folder(self, name: str, version: int) -> Path:
        """Where one version of a table is, or would be."""
        return self.folder(name) / VERSIONS / f"{version:06d}"

    def versions(self, name: str) -> list[int]:
        """Versions that are still there, oldest first."""
        return sorted(int(found.name) for found in (self.folder(name) / VERSIONS).glob("[0-9]*"))

    def manifest(self, name: str, version: int | None = None) -> Manifest:
        """The manifest of a version, of the one that stands by default.

        Raises:
            BilanError: there is no such table or version.
        """
        folder = self._current(name) if version is None else self.version_folder(name, version)
        if not folder.is_dir():
            raise BilanError(Problem("lake.no_version", {"value": version, "place": name, "allowed": self.versions(name)}))
        return manifests.read(folder / manifests.FILE)

    def known(self, name: str) -> Manifest | None:
        """The manifest of the version that stands, or None when the table was never written."""
        try:
            return manifests.read((self.folder(name) / CURRENT).resolve(strict=True) / manifests.FILE)
        except FileNotFoundError:
            return None

    def files(self, name: str, version: int | None = None) -> list[Path]:
        """Files of one version, by their lasting names: a reader of these never mixes two versions.

        Raises:
            BilanError: there is no such table or version.
        """
        held = self.manifest(name, version)
        folder = self.version_folder(name, held.version)
        return [folder / part.file for part in held.parts]

    def scan(self, name: str, version: int | None = None) -> pl.LazyFrame:
        """A version as a lazy frame.

        Raises:
            BilanError: there is no such table or version.
        """
        return pl.scan_parquet(self.files(name, version), glob=False)

    def _current(self, name: str) -> Path:
        try:
            return (self.folder(name) / CURRENT).resolve(strict=True)
        except FileNotFoundError:
            known = self.names()
            raise BilanError(Problem("lake.no_table", {"value": name, "allowed": known, "nearest": nearest(name, known)})) from None

"""Unpacking archives of strangers: bounded in number, size and ratio, nothing outside the folder."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from bilan.problems import BilanError, Problem

MOST_FILES = 200
STEEPEST = 200
"""How many times its packed size a file of more than a megabyte may have unpacked."""
WANTED = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".kml", ".geojson", ".json")
_CHUNK = 1 << 20


def unpacked(archive: Path, folder: Path, largest: int) -> list[Path]:
    """Unpack the files of interest into `folder` under names of our own making.

    Files that belong together (same name but for the ending) keep belonging together; what is of no interest is passed over.

    Args:
        archive: a zip file.
        largest: bytes that everything unpacked may have together.

    Returns:
        Where they are now, in the order of the archive.

    Raises:
        BilanError: `geofile.unreadable` for what is no archive or is locked; `geofile.too_large` beyond a bound.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [
                entry for entry in opened.infolist() if PurePosixPath(entry.filename).suffix.lower() in WANTED and not entry.is_dir()
            ]
            entries = [entry for entry in entries if not PurePosixPath(entry.filename).name.startswith(("._", "."))]
            _bounded(entries, largest)
            return _written(opened, entries, folder, largest)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BilanError(Problem("geofile.unreadable", {"value": "ZIP", "reason": str(error)[:100]})) from error


def _bounded(entries: list[zipfile.ZipInfo], largest: int) -> None:
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES:
        raise BilanError(Problem("geofile.too_many_files", {"value": len(entries), "allowed": MOST_FILES}))
    steep = any(entry.file_size > 1_000_000 and entry.file_size > STEEPEST * max(entry.compress_size, 1) for entry in entries)
    if total > largest or steep:
        raise BilanError(Problem("geofile.too_large", {"value": total, "allowed": largest}))


def _written(opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, largest: int) -> list[Path]:
    stems: dict[str, Path] = {}
    found: list[Path] = []
    left = largest
    for entry in entries:
        inside = PurePosixPath(entry.filename)
        stem = str(inside.with_suffix("")).lower()
        if stem not in stems:
            stems[stem] = folder / str(len(stems))
            stems[stem].mkdir()
        target = stems[stem] / f"{_safe(inside.stem)}{inside.suffix.lower()}"
        with opened.open(entry) as source, target.open("wb") as sink:
            # The sizes in the directory are the packer's word; what really comes out is counted.
            while chunk := source.read(min(_CHUNK, left + 1)):
                left -= len(chunk)
                if left < 0:
                    raise BilanError(Problem("geofile.too_large", {"value": f"> {largest}", "allowed": largest}))
                sink.write(chunk)
        found.append(target)
    return found


def _safe(stem: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_ ()" else "_" for sign in stem)[:60] or "layer"

"""Files that prove what a department or district says of a figure or of a score: kept once under their hash, never changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from bilan.problems import BilanError, Problem
from bilan.registers import attachments

MOST_FILES = 10
"""Files that one figure or one appeal may carry."""

File = tuple[BinaryIO, str]
"""Content of a file and its name."""


def added(standing: Sequence[Mapping[str, Any]], files: Sequence[File]) -> list[Mapping[str, Any]]:
    """Keep files beside those that stand; a content that stands already is not named twice.

    Returns:
        All of them, each with ``name``, ``file`` (its place among the city's files), ``digest`` (SHA-256), ``mime`` and ``size`` [bytes].

    Raises:
        BilanError: there are too many, or one is empty, too large or of no kind that may be attached; none of them is named then.
    """
    if len(standing) + len(files) > MOST_FILES:
        raise BilanError(Problem("evidence.too_many_files", {"allowed": MOST_FILES, "value": len(standing) + len(files)}))
    found = list(standing)
    for stream, name in files:
        content = attachments.keep(stream, name)
        if all(entry.get("digest") != content.digest for entry in found):
            place = attachments.path_of(content.digest).relative_to(attachments.root()).as_posix()
            found.append({"name": content.name, "file": place, "digest": content.digest, "mime": content.mime, "size": content.size})
    return found


def path_of(kept: Mapping[str, Any]) -> Path | None:
    """Where the content of a kept file is; None when it is gone or never came."""
    path = attachments.path_of(kept["digest"]) if kept.get("digest") else None
    return path if path is not None and path.is_file() else None

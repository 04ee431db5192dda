"""Files of entries: each content lies once under its digest, is known by its first bytes, and never leaves but through a page."""

from __future__ import annotations

import codecs
import csv
import hashlib
import os
import secrets
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.conf import settings
from PIL import Image, UnidentifiedImageError

from bilan.pack.registers import FieldType, Register
from bilan.problems import BilanError, Problem, nearest
from bilan.registers.models import Attachment, Entry

LARGEST = 50 << 20
"""Bytes a file may have."""
LARGEST_IMAGE = 80_000_000
"""Pixels an image may have to be shown small."""
THUMBNAIL = (480, 360)
LONGEST_NAME = 180
_HEAD = 65_536
_PORTION = 1 << 20
_CHUNK = 900


@dataclass(frozen=True, slots=True)
class FileType:
    """A kind of file that may be attached.

    Attributes:
        magic: its first bytes; empty for any.
        within: bytes that stand among its first ones; empty for any.
        image: whether it is shown small.
    """

    mime: str
    endings: tuple[str, ...]
    magic: bytes
    within: bytes
    image: bool


@cache
def file_types() -> tuple[FileType, ...]:
    """All kinds of files that may be attached, from ``filetypes.csv``."""
    text = resources.files("bilan.registers").joinpath("filetypes.csv").read_text(encoding="utf-8")
    return tuple(
        FileType(
            row["mime"], tuple(row["endings"].split()), bytes.fromhex(row["magic"]), bytes.fromhex(row["within"]), row["image"] == "yes"
        )
        for row in csv.DictReader(text.splitlines())
    )


def endings() -> list[str]:
    """Endings of names that may be attached."""
    return sorted({ending for kind in file_types() for ending in kind.endings})


def sniffed(name: str, head: bytes) -> FileType:
    """The kind of a file: its ending must be known and its content be what the ending says.

    Raises:
        BilanError: it is of no kind that may be attached, or of another than its ending says.
    """
    ending = PurePosixPath(name.lower()).suffix
    kinds = [kind for kind in file_types() if ending in kind.endings]
    if not kinds:
        values = {"value": ending or name[-40:], "allowed": endings(), "nearest": nearest(ending, endings())}
        raise BilanError(Problem("attachment.type", values))
    for kind in kinds:
        if kind.mime == "text/plain":
            if _is_text(head):
                return kind
        elif head.startswith(kind.magic) and kind.within in head:
            return kind
    raise BilanError(Problem("attachment.content", {"value": name[-80:], "allowed": ending}))


@dataclass(frozen=True, slots=True)
class Content:
    """A file as it is kept.

    Attributes:
        name: its own name without folders.
        digest: SHA-256 of the content, under which it lies.
        size: of the content [bytes].
    """

    name: str
    mime: str
    size: int
    digest: str


def store(stream: BinaryIO, name: str, register: str, field: str, person: Any) -> Attachment:
    """Keep a file for a field of an entry that is yet to be written.

    Raises:
        BilanError: it is empty, too large, or of no kind that may be attached; nothing is kept then.
    """
    kept = keep(stream, name)
    return Attachment.objects.create(
        register=register, field=field, name=kept.name, mime=kept.mime, size=kept.size, digest=kept.digest, person=person
    )


def keep(stream: BinaryIO, name: str, largest: int = LARGEST, fits: Callable[[Content], None] | None = None) -> Content:
    """Put a content under its digest, once however often it comes.

    Parameters:
        largest: bytes it may have.
        fits: looks at what came before it is kept, and raises `BilanError` when it may not be.

    Raises:
        BilanError: it is empty, too large, of no known kind, or does not fit; nothing is kept then.
    """
    name = _plain(name)
    folder = root()
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{secrets.token_hex(12)}"
    try:
        digest, size, head = _copied(stream, temporary, largest)
        if not size:
            raise BilanError(Problem("attachment.empty", {"value": name}))
        kind = sniffed(name, head)
        content = Content(name, kind.mime, size, digest)
        if fits is not None:
            fits(content)
        path = path_of(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        if kind.image:
            _shrink(temporary, thumbnail_of(digest))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return content


def reference(attachment: Attachment) -> dict[str, Any]:
    """What an entry's value says of a file."""
    known = attachment
    return {"id": known.pk, "name": known.name, "digest": known.digest, "mime": known.mime, "size": known.size}


def references(numbers: Iterable[int], register: str, field: str, entry: Entry | None, person: Any) -> list[dict[str, Any]]:
    """What an entry's value says of the files of these numbers; only of its own, and of those that `person` just brought."""
    found = Attachment.objects.in_bulk(list(dict.fromkeys(numbers)))
    kept = []
    for attachment in found.values():
        own = entry is not None and attachment.entry_id == entry.pk
        fresh = attachment.entry_id is None and attachment.person_id == getattr(person, "pk", None)
        if attachment.register == register and attachment.field == field and (own or fresh):
            kept.append(reference(attachment))
    return kept


def settle(register: Register, entries: Iterable[Entry], moment: datetime) -> None:
    """Bind the files that entries name to them, and note which they no longer name; call it where entries are written."""
    fields = [field.name for field in register.fields.values() if field.type is FieldType.ATTACHMENT]
    if not fields:
        return
    written = {entry.pk: entry for entry in entries}
    named = {
        int(item["id"]): number
        for number, entry in written.items()
        for name in fields
        for item in entry.data.get(name) or []
        if "id" in item
    }
    known = sorted(written)
    for at in range(0, len(known), _CHUNK):
        standing = Attachment.objects.filter(entry_id__in=known[at : at + _CHUNK])
        gone = [item.pk for item in standing if item.removed is None and item.pk not in named]
        back = [item.pk for item in standing if item.removed is not None and item.pk in named]
        if gone:
            Attachment.objects.filter(pk__in=gone).update(removed=moment)
        if back:
            Attachment.objects.filter(pk__in=back).update(removed=None)
    for attachment in Attachment.objects.filter(pk__in=list(named), register=register.name, entry__isnull=True) if named else ():
        Attachment.objects.filter(pk=attachment.pk, entry__isnull=True).update(entry_id=named[attachment.pk])


def root() -> Path:
    """Folder of the city in which contents are kept."""
    return Path(settings.CITY.data) / "files"


def path_of(digest: str) -> Path:
    """Where the content with this SHA-256 is kept."""
    return root() / digest[:2] / digest[2:]


def thumbnail_of(digest: str) -> Path:
    """Where the small picture of an image is kept; it is not there for other files."""
    return root() / "thumbnails" / digest[:2] / f"{digest[2:]}.webp"


def _copied(stream: BinaryIO, path: Path, largest: int) -> tuple[str, int, bytes]:
    digest, size, head = hashlib.sha256(), 0, b""
    with path.open("wb") as file:
        while portion := stream.read(_PORTION):
            size += len(portion)
            if size > largest:
                raise BilanError(Problem("attachment.too_large", {"value": f"> {largest >> 20} MB", "allowed": f"{largest >> 20} MB"}))
            if len(head) < _HEAD:
                head += portion[: _HEAD - len(head)]
            digest.update(portion)
            file.write(portion)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size, head


def _shrink(source: Path, target: Path) -> None:
    """Make the small picture; an image that cannot be read as one is kept without."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_suffix(f".{secrets.token_hex(6)}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source) as image:
                if image.width * image.height > LARGEST_IMAGE:
                    return
                image.thumbnail(THUMBNAIL)
                image.convert("RGB").save(temporary, "WEBP", quality=80)
        temporary.replace(target)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError, SyntaxError):
        temporary.unlink(missing_ok=True)


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < _HEAD)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _plain(name: str) -> str:
    """A file's own name without folders and signs that mean something."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    stem, dot, ending = kept.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if len(kept) > LONGEST_NAME else kept or "file"

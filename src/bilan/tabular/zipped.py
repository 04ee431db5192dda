"""Zipped files of strangers, looked at before any reader touches them: what the directory says of sizes is not believed."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator

_CHUNK = 1 << 20
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


class DamagedZip(Exception):
    """The file is no archive, or part of it cannot be unpacked."""


class ZipBomb(Exception):
    """The parts unpack to more than is allowed.

    Attributes:
        most: what is allowed [bytes].
    """

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class Parts:
    """The parts of a zipped file, unpacked from the bytes themselves and counted as they come.

    Raises:
        DamagedZip: it is no archive.

    Examples:
        >>> held = io.BytesIO()
        >>> with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        ...     archive.writestr("a.txt", "abc" * 1000)
        >>> parts = Parts(held.getvalue())
        >>> list(parts.entries), len(parts.content("a.txt")), parts.measured(10_000)
        (['a.txt'], 3000, 3000)
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                self.entries = {entry.filename.lstrip("/"): entry for entry in archive.infolist()}
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
            raise DamagedZip(str(error)) from error

    @property
    def locked(self) -> bool:
        """Whether a part is encrypted."""
        return any(entry.flag_bits & 1 for entry in self.entries.values())

    def content(self, name: str) -> bytes:
        """Content of one part; empty when there is none.

        Raises:
            DamagedZip: it cannot be unpacked.
        """
        entry = self.entries.get(name.lstrip("/"))
        return b"".join(self._unpacked(entry)) if entry else b""

    def measured(self, most: int, endings: tuple[str, ...] = ("",)) -> int:
        """Unpack every part once, counting.

        Parameters:
            most: what they may have together [bytes].
            endings: how the names of the parts end that count.

        Returns:
            Their size [bytes].

        Raises:
            DamagedZip: a part cannot be unpacked.
            ZipBomb: they have more.
        """
        total = 0
        for chunk in self._chunks(entry for name, entry in self.entries.items() if name.endswith(endings)):
            total += len(chunk)
            if total > most:
                raise ZipBomb(most)
        return total

    def _chunks(self, entries: Iterable[zipfile.ZipInfo]) -> Iterator[bytes]:
        for entry in entries:
            yield from self._unpacked(entry)

    def _unpacked(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        header = self._content[entry.header_offset : entry.header_offset + _LOCAL_HEADER.size]
        if len(header) < _LOCAL_HEADER.size:
            raise DamagedZip(entry.filename)
        *_, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        begin = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        packed = memoryview(self._content)[begin : begin + entry.compress_size]
        if entry.compress_type == zipfile.ZIP_STORED:
            yield bytes(packed)
            return
        if entry.compress_type != zipfile.ZIP_DEFLATED:
            raise DamagedZip(entry.filename)
        opened = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            rest = bytes(packed)
            while rest and not opened.eof:
                yield opened.decompress(rest, _CHUNK)
                rest = opened.unconsumed_tail
        except zlib.error as error:
            raise DamagedZip(entry.filename) from error

"""Cutting a TCP byte stream into telegrams, whatever arrives and in whatever pieces."""

from __future__ import annotations

import re
from collections.abc import Callable

from bilan.telemetry.hj212 import braces
from bilan.telemetry.hj212.crc import POSSIBLE, STANDARD, WRITTEN, crc16
from bilan.telemetry.hj212.frame import BAD_LENGTH_FIELD, LONGEST, NO_HEADER, Frame
from bilan.telemetry.hj212.wrong import START, diagnose, extent

SAMPLE = 256
"""How much of a run of garbage is kept as evidence [bytes]."""

SHORTEST = 10
"""A telegram has at least length, check sum and ``##``; a shorter stretch is garbage [bytes]."""

_LONGEST_HEADER = 300
_PIECE = 1 << 16
_PATIENCE = 16
_PATIENCE_FLOOR = 1 << 16
_REGULAR = re.compile(rb"##([0-9]{4})[A-Za-z]")
_LOOSE = re.compile(rb"##([0-9]{1,4}) ?[A-Za-z]")
_BETWEEN = b"\r\n \t\0"
_PLAIN = bytes(range(32, 127))


class Framer:
    """Finds telegrams in a stream: by their declared length, resuming right behind the ``##`` that failed.

    Memory is bounded by `limit` plus one piece of input. The frames found do not depend on how the stream was cut into
    chunks. Wrong telegrams come out as frames with an `error`; a run of bytes that belongs to no telegram comes out
    once, as ``no_header`` with its first bytes.

    Args:
        limit: longest data segment accepted [bytes].
        decrypt: turns an encrypted segment into the plain one, or gives None when it cannot; asked only when the
            segment holds bytes other than printable ASCII. It may be set later, when the device is known.

    Attributes:
        garbage: bytes seen so far that belong to no telegram, line ends aside.

    Reference: HJ 212-2017 6.3; HJ 212-2025.

    Examples:
        >>> framer = Framer()
        >>> [frame.segment for frame in framer.feed(b"##0006ST=91;5C40") + framer.feed(b"##00")], framer.pending
        ([b'ST=91;'], 4)
        >>> [frame.error for frame in framer.feed(b"06ST=91;0000")], [frame.error for frame in framer.finish()]
        ([], ['bad_crc'])
    """

    def __init__(self, limit: int = LONGEST, decrypt: Callable[[bytes], bytes | None] | None = None) -> None:
        self.limit = min(limit, LONGEST)
        self.decrypt = decrypt
        self.garbage = 0
        self._rest = b""
        self._base = 0
        self._need = 0
        self._failed = False
        self._run = b""
        self._run_offset = 0
        self._wasted = 0

    @property
    def pending(self) -> int:
        """Bytes held back because their telegram is not complete."""
        return len(self._rest)

    def feed(self, chunk: bytes) -> list[Frame]:
        """Take the next bytes of the stream.

        Args:
            chunk: any number of bytes.

        Returns:
            The frames that became complete, right and wrong ones in the order of the stream.
        """
        if len(chunk) <= _PIECE:
            return self._take(chunk)
        frames: list[Frame] = []
        for start in range(0, len(chunk), _PIECE):
            frames += self._take(chunk[start : start + _PIECE])
        return frames

    def finish(self) -> list[Frame]:
        """Treat what is held back as all that will come: at the end of the stream, or when a device fell silent inside a telegram.

        Returns:
            The last frames; afterwards nothing is pending and the framer may be fed again.
        """
        frames: list[Frame] = []
        while START.match(self._rest):
            end = extent(self._rest, 0, self.limit, final=True)
            self._give_up(self._rest, 0, end, frames)
            self._keep(self._rest, end)
            frames += self._take(b"")
        self._discard(self._rest, 0, len(self._rest))
        self._keep(b"", 0)
        return frames + self._end_run()

    def _keep(self, data: bytes, position: int) -> None:
        self._rest = data[position:]
        self._base += position
        self._need = 0
        self._failed = False

    def _take(self, chunk: bytes) -> list[Frame]:
        data = self._rest + chunk if self._rest else chunk
        if len(data) < self._need:
            self._rest = data
            return []
        frames: list[Frame] = []
        position, failed = 0, self._failed
        while True:
            if not failed:
                position = self._ordinary(data, position, frames)
                if position == len(data):
                    need = 0
                    break
            if not START.match(data, position):
                position = self._skip(data, position)
                if not START.match(data, position):
                    need = 0
                    break
            found = 0 if failed else self._right(data, position)
            if found == 0:
                failed = True
                end = extent(data, position, self.limit, final=False)
                if end:
                    self._give_up(data, position, end, frames)
                    position, failed = end, False
                    continue
            if isinstance(found, int):
                need = found
                break
            frames += [*self._end_run(), found]
            position += len(found.raw)
        self._keep(data, position)
        self._need, self._failed = need, failed
        return frames

    def _ordinary(self, data: bytes, position: int, frames: list[Frame]) -> int:
        """Take right frames of the ordinary form as long as they follow each other; everything else is left to `_right`."""
        if self.decrypt is not None or (self._wasted and self._is_tired(position)):
            return position
        base, limit = self._base, self.limit
        while True:
            if not self._run and data.startswith(b"\r\n", position):
                position += 2
            head = _REGULAR.match(data, position)
            if head is None:
                return position
            declared = int(head[1])
            end = position + 6 + declared
            checksum = data[end : end + 4]
            digits = checksum.upper()
            if digits not in POSSIBLE or declared > limit:
                return position
            segment = data[position + 6 : end]
            if digits != WRITTEN[crc16(segment)] or braces.OPENING in segment:
                return position
            if self._run:
                frames += self._end_run()
            raw = data[position : end + 4]
            frames.append(Frame(raw, segment, declared, checksum.decode(), "", STANDARD, False, base + position))
            position = end + 4

    def _right(self, data: bytes, position: int) -> Frame | int:
        """Read a frame by its declared length; else 0 when it is wrong, or how many bytes must be at hand to know."""
        head = _REGULAR.match(data, position)
        error = ""
        if head is None:
            if len(data) < position + 7:
                return 7
            head = _LOOSE.match(data, position)
            if head is None:
                return 0
            error = "" if len(head[1]) == 4 else BAD_LENGTH_FIELD
        declared = int(head[1])
        begin = head.end(1)
        end = begin + declared
        if declared > self.limit:
            return 0
        if len(data) < end + 4:
            return end + 4 - position
        segment = b""
        if data.find(braces.OPENING, begin, min(end, begin + _LONGEST_HEADER)) >= 0:
            unfolded = braces.unfold(data, begin, declared)
            if isinstance(unfolded, int):
                return unfolded - position if unfolded else 0
            segment, end = unfolded
        checksum = data[end : end + 4]
        if checksum.upper() not in POSSIBLE or (self._is_tired(position) and START.search(data, position + 1, end)):
            return 0
        segment = segment or data[begin:end]
        encrypted = False
        if self.decrypt and segment.translate(None, _PLAIN):
            plain = self.decrypt(segment)
            if plain is not None and WRITTEN[crc16(plain)] == checksum.upper():
                segment, encrypted = plain, True
        if not encrypted and WRITTEN[crc16(segment)] != checksum.upper():
            self._wasted += declared
            return 0
        raw = data[position : end + 4]
        return Frame(raw, segment, declared, checksum.decode(), error, STANDARD, encrypted, self._base + position)

    def _give_up(self, data: bytes, start: int, end: int, frames: list[Frame]) -> None:
        """Report a wrong telegram, or count it as garbage when it is too short to be one."""
        if end - start < SHORTEST:
            self._discard(data, start, end)
        else:
            frames += [*self._end_run(), diagnose(data[start:end], self.limit, self._base + start)]

    def _is_tired(self, position: int) -> bool:
        """Whether so much of the stream was summed in vain that telegrams inside telegrams are no longer believed."""
        return self._wasted > _PATIENCE * (self._base + position) + _PATIENCE_FLOOR

    def _skip(self, data: bytes, position: int) -> int:
        """Discard what cannot begin a telegram; keep one or two ``#`` at the end that still may."""
        found = START.search(data, position)
        end = found.start() if found else len(data) - (2 if data.endswith(b"##") else 1 if data.endswith(b"#") else 0)
        end = max(end, position)
        self._discard(data, position, end)
        return end

    def _discard(self, data: bytes, start: int, end: int) -> None:
        piece = data[start:end]
        if not self._run:
            piece = piece.lstrip(_BETWEEN)
            self._run_offset = self._base + end - len(piece)
        self.garbage += len(piece)
        self._run += piece[: SAMPLE - len(self._run)]

    def _end_run(self) -> list[Frame]:
        run, self._run = self._run, b""
        return [Frame(run, b"", None, "", NO_HEADER, "", False, self._run_offset)] if run else []

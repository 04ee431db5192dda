"""Telegrams too long for one frame: cutting them into parts and joining the parts again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bilan.problems import BilanError, Problem
from bilan.telemetry.hj212.building import area, segment
from bilan.telemetry.hj212.packet import SPLIT, Packet
from bilan.telemetry.hj212.qn import following
from bilan.telemetry.hj212.text import canonical_charset

SEGMENT_LIMIT = 1024
AREA_LIMIT = 950
"""Longest data segment and longest data area that the standard allows [bytes]."""

PARTS_LIMIT = 9999
_Group = tuple[str, dict[str, str]]


def split(packet: Packet, charset: str = "utf-8", segment_limit: int = SEGMENT_LIMIT, area_limit: int = AREA_LIMIT) -> list[Packet]:
    """Cut a packet into parts that each fit a frame; a packet that fits stays whole.

    Parts are cut between factors, each repeats DataTime and the other plain fields, has bit 1 of Flag, PNUM, PNO and its
    own QN one millisecond after the one before.

    Args:
        packet: what to say.
        charset: what text will be written in.
        segment_limit, area_limit: longest segment and data area [bytes].

    Returns:
        The parts in order.

    Raises:
        BilanError: a single value does not fit a frame.

    Reference: HJ 212-2017 6.3.2, 6.4.

    Examples:
        >>> hours = Packet(qn="20260301101500001", st="32", cn="2061", pw="123456", mn="A1", flag="5",
        ...                fields={"DataTime": "20260301090000"}, values={f"w{n:05d}": {"Avg": "1.5", "Flag": "N"} for n in range(40)})
        >>> [(part.pno, part.qn[-3:], part.flag, len(part.values)) for part in split(hours)]
        [('1', '001', '7', 31), ('2', '002', '7', 9)]
        >>> joiner = Joiner()
        >>> whole = [joiner.add(part, now=0.0) for part in split(hours)][-1]
        >>> whole.values == hours.values
        True
    """
    codec = canonical_charset(charset)
    if len(segment(packet, charset)) <= segment_limit and len(area(packet).encode(codec, "surrogateescape")) <= area_limit:
        return [packet]
    flag = str((packet.flag_number or 0) | SPLIT)
    bare = replace(packet, flag=flag, pnum=str(PARTS_LIMIT), pno=str(PARTS_LIMIT), values={})
    room = min(area_limit, segment_limit - len(segment(replace(bare, fields={}), charset)))
    room -= len(area(bare).encode(codec, "surrogateescape"))
    chunks = list(_chunks(packet, room, codec))
    parts = []
    qn = packet.qn
    for index, values in enumerate(chunks, 1):
        parts.append(replace(bare, qn=qn, pnum=str(len(chunks)), pno=str(index), values=values))
        qn = following(qn) if qn else qn
    return parts


def _chunks(packet: Packet, room: int, codec: str) -> Iterator[dict[str, dict[str, str]]]:
    """Groups of factors whose text fits `room` bytes, separators in front included."""
    chunk: dict[str, dict[str, str]] = {}
    used = 0
    for factor, tags in _groups(packet, room, codec):
        size = _size(factor, tags, codec)
        if chunk and (used + size > room or factor in chunk):
            yield chunk
            chunk, used = {}, 0
        chunk[factor] = tags
        used += size
    yield chunk


def _groups(packet: Packet, room: int, codec: str) -> Iterator[_Group]:
    """Factors with their tags; a factor too long for one part comes in several pieces."""
    for factor, tags in packet.values.items():
        piece: dict[str, str] = {}
        for tag, text in tags.items():
            if _size(factor, {tag: text}, codec) > room:
                raise BilanError(
                    Problem("hj212.value_too_long", {"key": f"{factor}-{tag}", "length": len(text.encode(codec, "surrogateescape"))})
                )
            if piece and _size(factor, {**piece, tag: text}, codec) > room:
                yield factor, piece
                piece = {}
            piece[tag] = text
        yield factor, piece


def _size(factor: str, tags: dict[str, str], codec: str) -> int:
    return sum(len(f",{factor}-{tag}={text}".encode(codec, "surrogateescape")) for tag, text in tags.items())


@dataclass(slots=True)
class _Set:
    begun: float
    count: int
    parts: dict[int, Packet] = field(default_factory=dict)


class Joiner:
    """Puts the parts of split telegrams together, by MN, ST, CN, DataTime and PNUM, whatever their order.

    Every part is readable alone: store it when it comes, and use the joiner to know when a set is complete. The number
    of parts held is bounded; the oldest set is given up first.

    Args:
        timeout: how long a set may stay open [s].
        parts: how many parts may be held at once.
    """

    def __init__(self, timeout: float = 60.0, parts: int = 8192) -> None:
        self.timeout = timeout
        self.parts = parts
        self._open: dict[tuple[str, ...], _Set] = {}
        self._held = 0

    def __len__(self) -> int:
        return len(self._open)

    def add(self, packet: Packet, now: float) -> Packet | None:
        """Take a packet.

        Args:
            packet: a part, or a whole packet.
            now: any steady clock [s].

        Returns:
            The joined packet once its last part is there, a whole packet at once, else None.
        """
        if not packet.is_part or not _in_range(packet):
            return packet
        key = (packet.mn, packet.st, packet.cn, packet.data_time, packet.pnum.lstrip("0"))
        opened = self._open.setdefault(key, _Set(now, int(packet.pnum)))
        self._held += int(packet.pno) not in opened.parts
        opened.parts[int(packet.pno)] = packet
        if len(opened.parts) == opened.count:
            return _join(self._close(key))
        while self._held > self.parts:
            self._close(next(iter(self._open)))
        return None

    def _close(self, key: tuple[str, ...]) -> list[Packet]:
        """The parts of a set, in order; the set is forgotten."""
        parts = self._open.pop(key).parts
        self._held -= len(parts)
        return [parts[index] for index in sorted(parts)]

    def expire(self, now: float) -> list[list[Packet]]:
        """Close the sets that waited too long.

        Args:
            now: the clock given to `add` [s].

        Returns:
            For each closed set the parts that did come, in order.
        """
        late = [key for key, opened in self._open.items() if now - opened.begun >= self.timeout]
        return [self._close(key) for key in late]


def _in_range(packet: Packet) -> bool:
    return len(packet.pnum) <= 4 and len(packet.pno) <= 4 and 1 <= int(packet.pno) <= int(packet.pnum)


def _join(parts: list[Packet]) -> Packet:
    fields: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    for part in parts:
        fields |= part.fields
        for factor, tags in part.values.items():
            values[factor] = values.get(factor, {}) | dict(tags)
    flag = parts[0].flag_number
    unsplit = "" if flag is None else str(flag & ~SPLIT)
    problems = tuple(problem for part in parts for problem in part.problems)
    return replace(parts[0], flag=unsplit, pnum="", pno="", fields=fields, values=values, problems=problems)

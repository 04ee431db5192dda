"""The hot path: header and numbers of a segment without building a packet.

Loggers repeat themselves: the same keys in the same order, only the values differ. The keys of a data area are
therefore studied once and kept as a `Shape`; afterwards reading is one split, one look-up and one conversion. Whatever
is out of the ordinary goes through `parsing.parse`, so both ways always agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from bilan.problems import Problem
from bilan.telemetry.hj212.catalogue import is_number
from bilan.telemetry.hj212.packet import Packet
from bilan.telemetry.hj212.parsing import parse
from bilan.telemetry.hj212.text import number

SHAPES = 4096
"""How many shapes are remembered at most; beyond it the memory starts afresh."""

KEYS = 100_000
"""How many keys all remembered shapes may have together."""

_ORDINARY = frozenset(range(33, 127)) - frozenset(b"_/")
_SORTED_OUT = bytes(ord(";") if byte == ord(",") else byte if byte in _ORDINARY else ord("_") for byte in range(256))
"""Commas become semicolons; whatever needs a closer look (blanks, controls, ``_``, ``//`` texts, other than ASCII) becomes ``_``."""


WORTH_COMPILING = 8
LARGEST_PATTERN = 300
_NUMBER = r"[-+.0-9eE]*+"
_TEXT = r"[^\x00- ,;=/&_\x7f]*+"


class Header(NamedTuple):
    """Header fields as text, empty when absent: the same names as in `Packet`."""

    qn: str = ""
    st: str = ""
    cn: str = ""
    pw: str = ""
    mn: str = ""
    flag: str = ""
    pnum: str = ""
    pno: str = ""
    rf: str = ""


class Column(NamedTuple):
    """One number of a shape: its factor and tag."""

    factor: str
    tag: str


class Shape:
    """The keys of a data area in their order, studied once.

    Attributes:
        columns: the numbers that such an area holds.
        plans: room for what a receiver works out once per device and shape; it is forgotten together with the shape.
    """

    __slots__ = ("_keys", "_marks", "_picks", "_time", "_uses", "columns", "pattern", "plans")

    def __init__(self, keys: Sequence[str]) -> None:
        parts = [(factor, tag) for factor, _, tag in (key.partition("-") for key in keys)]
        numeric = [index for index, (factor, tag) in enumerate(parts) if factor and tag and is_number(tag)]
        marks = {factor: index for index, (factor, tag) in enumerate(parts) if tag == "Flag"}
        self.columns = tuple(Column(*parts[index]) for index in numeric)
        self.plans: dict[Any, Any] = {}
        self.pattern: re.Pattern[str] | None = None
        self._keys = [(key, index in numeric) for index, key in enumerate(keys)]
        self._uses = 0
        self._time = keys.index("DataTime") if "DataTime" in keys else len(keys)
        self._picks = _picker(numeric)
        self._marks = _picker([marks.get(parts[index][0], len(keys)) for index in numeric])

    def used(self) -> None:
        """Count a use; a shape that comes again and again gets a pattern, which reads faster than splitting."""
        self._uses += 1
        if self._uses == WORTH_COMPILING and len(self._keys) <= LARGEST_PATTERN:
            items = (f"{re.escape(key)}=({_NUMBER if numeric else _TEXT})" for key, numeric in self._keys)
            self.pattern = re.compile(f"{'[,;]'.join(items)}[,;]*&&()\\Z")

    def read(self, texts: Sequence[str]) -> Numbers | None:
        """Read the values of an area of this shape.

        Args:
            texts: value texts in the order of the keys, and one empty text behind them.

        Returns:
            The numbers; None when some text is no number and deserves a closer look.
        """
        try:
            values = list(map(float, self._picks(texts)))
        except ValueError:
            return None
        # The sum is finite only when no value is NaN or infinite.
        total = sum(values)
        return Numbers(self, texts[self._time], values, self._marks(texts), ()) if total - total == 0.0 else None

    def read_thoroughly(self, texts: Sequence[str], problems: tuple[Problem, ...]) -> Numbers:
        """Read the values of an area one by one, None for what is no number; `texts` as for `read`."""
        values = [number(text) for text in self._picks(texts)]
        unread = [
            Problem("hj212.not_a_number", {"key": f"{column.factor}-{column.tag}", "value": text})
            for column, text, value in zip(self.columns, self._picks(texts), values, strict=True)
            if value is None and text
        ]
        return Numbers(self, texts[self._time], values, self._marks(texts), (*problems, *unread))


class Numbers(NamedTuple):
    """The numbers of one telegram.

    Attributes:
        shape: what the columns are.
        data_time: DataTime as sent; empty when absent.
        values: one for each column; None where the text is no number.
        marks: data mark of each column's factor; empty when it has none.
        problems: what deviated, as `Packet.problems`.
    """

    shape: Shape
    data_time: str
    values: Sequence[float | None]
    marks: tuple[str, ...]
    problems: tuple[Problem, ...]


def _picker(indices: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    if len(indices) > 1:
        return itemgetter(*indices)
    return (lambda texts: (texts[indices[0]],)) if indices else (lambda texts: ())


class _Memory:
    """Shapes by their keys, each key with its ``=``; None for keys that need the slow way."""

    def __init__(self) -> None:
        self.shapes: dict[tuple[str, ...], Shape | None] = {}
        self.keys = 0

    def study(self, keys: tuple[str, ...]) -> Shape | None:
        """Study new keys and remember them."""
        names = [key[:-1] for key in keys]
        regular = len(set(keys)) == len(keys) and all(_is_regular(key) for key in keys)
        shape = Shape(names) if regular else None
        self.keys += len(keys)
        if self.keys > KEYS or len(self.shapes) >= SHAPES:
            self.shapes.clear()
            self.keys = len(keys)
        self.shapes[keys] = shape
        return shape


def _is_regular(key: str) -> bool:
    """Whether a key is ``name=``, ``factor-tag=`` or ``factor-tag-tag=``."""
    factor, dash, tag = key[:-1].partition("-")
    return key.endswith("=") and key.count("=") == 1 and bool(factor) and (not dash or bool(tag))


_memory = _Memory()


class _Sender:
    """What one logger repeats in its telegrams of one command: all of the header but QN, and the shape it sent last."""

    __slots__ = ("header", "shape")

    def __init__(self, header: Header) -> None:
        self.header = tuple(header[1:])
        self.shape: Shape | None = None


_senders: dict[str, _Sender] = {}
LONGEST_HEADER = 200
SENDERS = 50_000
"""How many different headers are remembered at most; beyond it the memory starts afresh."""


def _sender(text: str, end: int) -> tuple[str, _Sender | None]:
    """QN and sender of a segment whose header ends at `end`; no sender when the header is unusual in any way."""
    regular = text.startswith("QN=") and text[20:21] == ";" and text[3:20].isdecimal()
    qn, rest = (text[3:20], text[21:end]) if regular else ("", text[:end])
    known = _senders.get(rest)
    if known is None and len(rest) <= LONGEST_HEADER and "QN" not in rest.upper():
        packet = parse(rest.encode("latin-1") + b"CP=&&&&")
        if not packet.problems and not packet.extra:
            if len(_senders) >= SENDERS:
                _senders.clear()
            known = _senders[rest] = _Sender(_header(packet))
    return qn, known


def _header(packet: Packet) -> Header:
    return Header(packet.qn, packet.st, packet.cn, packet.pw, packet.mn, packet.flag, packet.pnum, packet.pno, packet.rf)


def read_header(segment: bytes) -> Header:
    """Read the header of a segment; the data area is not looked at.

    Args:
        segment: the data segment.

    Returns:
        The header, as `parse` reads it.

    Examples:
        >>> header = read_header(b"ST=31;CN=2051;PW=123456;MN=A1;Flag=5;CP=&&DataTime=20260301100000&&")
        >>> header.mn, header.cn, header.flag, header.qn
        ('A1', '2051', '5', '')
    """
    end = segment.find(b"CP=&&")
    if end > 0:
        text = segment[:end].decode("latin-1")
        qn, sender = _sender(text, end)
        if sender is not None:
            return Header(qn, *sender.header)
    return _header(parse(segment[:end] + b"CP=&&&&" if end > 0 else segment))


def read_numbers(segment: bytes, charset: str = "utf-8") -> Numbers:
    """Read DataTime, all numbers and their data marks from a segment.

    Args:
        segment: the data segment, decrypted.
        charset: what the device writes text in.

    Returns:
        The numbers; the same as `parse` followed by `text.number` gives.

    Examples:
        >>> body = b"ST=31;CN=2011;MN=A1;CP=&&DataTime=20260301101500;a21026-Rtd=12.5,a21026-Flag=N;a01012-Rtd=nan&&"
        >>> read = read_numbers(body)
        >>> read.data_time, read.values, read.marks
        ('20260301101500', [12.5, None], ('N', ''))
        >>> read.shape.columns
        (Column(factor='a21026', tag='Rtd'), Column(factor='a01012', tag='Rtd'))
        >>> read.shape is read_numbers(body.replace(b"12.5", b"13")).shape
        True
    """
    return read(segment, charset)[1]


def read(segment: bytes, charset: str = "utf-8") -> tuple[Header, Numbers]:
    """Read header and numbers of a segment together, faster than one after the other; see `read_header` and `read_numbers`.

    Examples:
        >>> header, numbers = read(b"ST=31;CN=2011;MN=A1;CP=&&DataTime=20260301101500;a21026-Rtd=12.5&&")
        >>> header.mn, numbers.values
        ('A1', [12.5])
    """
    text = segment.decode("latin-1")
    end = text.find("CP=&&")
    qn, sender = _sender(text, end) if end > 0 else ("", None)
    if sender is None:
        packet = parse(segment, charset)
        numbers = _by_splitting(segment)
        return _header(packet), numbers._replace(problems=packet.problems) if numbers else _thoroughly(packet)
    header = Header(qn, *sender.header)
    shape = sender.shape
    if shape is not None and shape.pattern is not None:
        found = shape.pattern.match(text, end + 5)
        numbers = shape.read(found.groups()) if found else None
        if numbers is not None:
            return header, numbers
    numbers = _by_splitting(segment) or _thoroughly(parse(segment, charset))
    sender.shape = numbers.shape
    numbers.shape.used()
    return header, numbers


def _by_splitting(segment: bytes) -> Numbers | None:
    """Numbers of an area in which nothing is out of the ordinary; else None."""
    area = segment.partition(b"CP=&&")[2]
    if not area.endswith(b"&&"):
        return None
    ordinary = area[:-2].rstrip(b";,").translate(_SORTED_OUT)
    if b"_" in ordinary:
        return None
    texts = ordinary.replace(b"=", b"=;").decode("ascii").split(";")
    keys = tuple(texts[::2])
    known = _memory.shapes
    shape = known[keys] if keys in known else _memory.study(keys)
    if shape is None or len(texts) != 2 * len(keys) or ordinary.count(b"=") != len(keys):
        return None
    return shape.read([*texts[1::2], ""])


def _thoroughly(packet: Packet) -> Numbers:
    """Numbers of a packet that was read the thorough way."""
    items = {**packet.fields, **{f"{factor}-{tag}": text for factor, tags in packet.values.items() for tag, text in tags.items()}}
    keys = tuple(f"{key}=" for key in items)
    shape = _memory.shapes.get(keys) or _memory.study(keys) or Shape(tuple(items))
    return shape.read_thoroughly([*items.values(), ""], packet.problems)

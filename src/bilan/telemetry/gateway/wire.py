"""The header of a frame read at speed, and the answers and requests that the gateway sends."""

from __future__ import annotations

from typing import NamedTuple

from bilan.telemetry.hj212.building import wrap
from bilan.telemetry.hj212.crc import STANDARD, VARIANTS

ANSWER_SYSTEM = b"91"
DATA_ANSWER = b"9014"
NOTICE_ANSWER = b"9013"
LOGIN_ANSWER = b"9022"
HEARTBEAT = b"9015"
LOGIN = b"9021"
CLOCK_WANTED = b"1013"
NOTICES = frozenset({b"1013", b"2072", b"2012", b"2022"})
INTERACTION = frozenset({b"9011", b"9012", b"9013", b"9014", b"9022"})


class Header(NamedTuple):
    """What the gateway needs of a frame; everything else is read by the ingest.

    Attributes:
        mn, pw, qn, st, cn: as on the wire; empty when absent.
        flag: as a number; -1 when absent or no number.
        stamp: digits of DataTime; empty when absent.
    """

    mn: bytes
    pw: bytes
    qn: bytes
    st: bytes
    cn: bytes
    flag: int
    stamp: bytes


def header(segment: bytes) -> Header | None:
    """Read the header fields in whatever order they stand; None when there is no MN or no CN.

    Examples:
        >>> header(b"QN=20260101000000001;ST=31;CN=2011;PW=123456;MN=A1;Flag=5;CP=&&DataTime=20260101000000;a&&").flag
        5
        >>> header(b"ST=31,CN=2011,MN=A1,CP=&&&&").mn
        b'A1'
    """
    head, _, area = segment.partition(b"CP=&&")
    fields = dict([part.partition(b"=")[::2] for part in head.split(b";")])
    mn = fields.get(b"MN")
    cn = fields.get(b"CN")
    if not mn or not cn or b"," in mn:
        fields = {name.strip().upper(): value.strip() for name, _, value in (part.partition(b"=") for part in _parts(head))}
        mn, cn = fields.get(b"MN"), fields.get(b"CN")
        if not mn or not cn:
            return None
    flag = fields.get(b"Flag") or fields.get(b"FLAG", b"")
    begin = area.find(b"DataTime=") + 9
    stamp = area[begin : begin + 14] if begin > 8 else b""
    number = int(flag) if flag.isdigit() and len(flag) < 4 else -1
    return Header(mn, fields.get(b"PW", b""), fields.get(b"QN", b""), fields.get(b"ST", b""), cn, number, stamp)


def _parts(head: bytes) -> list[bytes]:
    return head.replace(b",", b";").split(b";")


def printable(text: bytes, length: int = 64) -> str:
    """Text of a stranger, shortened, with a mark for everything that cannot be printed.

    Examples:
        >>> printable(b"A1" + bytes([0, 255]))
        'A1??'
    """
    return "".join(char if char.isprintable() and char != "\ufffd" else "?" for char in text[:length].decode("utf-8", "replace"))


def framed(segment: bytes, variant: str = STANDARD) -> bytes:
    """Put length, check sum and line end around a segment.

    Examples:
        >>> framed(b"ST=91;CN=9014;CP=&&&&")
        b'##0021ST=91;CN=9014;CP=&&&&...\\r\\n'
    """
    return wrap(segment, variant if variant in VARIANTS else STANDARD)


def answer(head: Header, command: bytes, variant: str = STANDARD, area: bytes = b"") -> bytes:
    """Answer a frame with the QN, PW and MN it came with and the edition of its Flag.

    Reference: HJ 212-2017 6.4 and annex C.

    Examples:
        >>> answer(Header(b"A1", b"123456", b"20260101000000001", b"31", b"2011", 5, b""), DATA_ANSWER)
        b'##0065QN=20260101000000001;ST=91;CN=9014;PW=123456;MN=A1;Flag=4;CP=&&&&...\\r\\n'
    """
    number = b"QN=%b;" % head.qn if head.qn else b""
    flag = b"Flag=%d;" % (head.flag & ~3) if head.flag >= 0 else b""
    segment = b"%bST=91;CN=%b;PW=%b;MN=%b;%bCP=&&%b&&" % (number, command, head.pw, head.mn, flag, area)
    return framed(segment, variant)


def wants_answer(head: Header, mode: str) -> bool:
    """Whether a frame is to be acknowledged: by bit 0 of its Flag, or as the device's dialect says.

    Args:
        mode: ``flag``, ``always`` or ``never``.
    """
    if head.cn in INTERACTION or mode == "never":
        return False
    return mode == "always" or (head.flag >= 0 and bool(head.flag & 1)) or head.cn == LOGIN


def answer_command(head: Header, heartbeat: bytes) -> bytes:
    """CN that answers a frame: 9014 for data, 9013 for notices, what the city chose for heartbeats, 9022 for a login."""
    if head.cn == HEARTBEAT:
        return heartbeat
    if head.cn == LOGIN:
        return LOGIN_ANSWER
    return NOTICE_ANSWER if head.cn in NOTICES else DATA_ANSWER

"""Writing a packet as a telegram."""

from __future__ import annotations

from bilan.telemetry.hj212.crc import STANDARD, checksum
from bilan.telemetry.hj212.packet import Packet
from bilan.telemetry.hj212.text import canonical_charset


def build(packet: Packet, charset: str = "utf-8", variant: str = STANDARD) -> bytes:
    """Write a whole telegram: ``##``, length, data segment, check sum, line end.

    Args:
        packet: what to say.
        charset: ``utf-8`` or ``gbk`` for text in the data area.
        variant: check sum the receiver expects (`crc.VARIANTS`).

    Returns:
        The bytes to send.

    Raises:
        ValueError: the segment is longer than four digits can say; split it first.

    Reference: HJ 212-2017 6.3.

    Examples:
        >>> build(Packet(qn="20260301101500002", st="91", cn="9014", pw="123456", mn="A1", flag="4"))
        b'##0065QN=20260301101500002;ST=91;CN=9014;PW=123456;MN=A1;Flag=4;CP=&&&&CFC1\\r\\n'
    """
    return wrap(segment(packet, charset), variant)


def wrap(body: bytes, variant: str = STANDARD) -> bytes:
    """Put length, check sum and line end around a data segment.

    Raises:
        ValueError: the segment is longer than four digits can say.

    Examples:
        >>> wrap(b"ST=91;CP=&&&&")
        b'##0013ST=91;CP=&&&&3B80\\r\\n'
    """
    if len(body) > 9999:
        raise ValueError(len(body))
    return b"##%04d%s%s\r\n" % (len(body), body, checksum(body, variant).encode())


def segment(packet: Packet, charset: str = "utf-8") -> bytes:
    """Write the data segment of a packet, fields in the order of the standard.

    QN, Flag, PNUM, PNO and RF are left out when empty; ST, CN, PW and MN always stand.

    Examples:
        >>> segment(Packet(st="32", cn="2011", mn="A1", fields={"DataTime": "20260301101500"}, values={"011": {"Rtd": "1", "Flag": "N"}}))
        b'ST=32;CN=2011;PW=;MN=A1;CP=&&DataTime=20260301101500;011-Rtd=1,011-Flag=N&&'
    """
    head = [f"QN={packet.qn};" if packet.qn else "", f"ST={packet.st};CN={packet.cn};PW={packet.pw};MN={packet.mn};"]
    optional = (("Flag", packet.flag), ("PNUM", packet.pnum), ("PNO", packet.pno), *packet.extra.items(), ("RF", packet.rf))
    head += [f"{name}={value};" for name, value in optional if value]
    return f"{''.join(head)}CP=&&{area(packet)}&&".encode(canonical_charset(charset), "surrogateescape")


def area(packet: Packet) -> str:
    """Write the data area: plain fields, then one group a factor."""
    groups = [f"{name}={value}" for name, value in packet.fields.items()]
    groups += [",".join(f"{factor}-{tag}={value}" for tag, value in tags.items()) for factor, tags in packet.values.items()]
    return ";".join(groups)

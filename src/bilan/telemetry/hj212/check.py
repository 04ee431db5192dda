"""What is right and wrong with telegrams, for device makers and for the curious: every figure declared and computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bilan.problems import Problem, nearest
from bilan.telemetry.hj212 import catalogue, crc, sm4
from bilan.telemetry.hj212.building import area
from bilan.telemetry.hj212.frame import NO_HEADER, Frame
from bilan.telemetry.hj212.framing import Framer
from bilan.telemetry.hj212.packet import ACKNOWLEDGE, SPLIT, Packet, flag_number
from bilan.telemetry.hj212.parsing import parse
from bilan.telemetry.hj212.qn import is_stamp
from bilan.telemetry.hj212.splitting import AREA_LIMIT, SEGMENT_LIMIT
from bilan.telemetry.hj212.text import number

_VARIANT_NAMES = {crc.MODBUS: "modbus_hi_lo", crc.MODBUS_SWAPPED: "modbus_lo_hi"}
_LONGEST_NUMBER = 18


class Checked(NamedTuple):
    """A telegram with all that was found out about it.

    Attributes:
        frame: how it stood in the stream.
        packet: what it says; None for garbage.
        terminator: ``CRLF``, ``LF``, ``CR`` or ``none``.
        problems: deviations from the standard, the frame's own error first.
    """

    frame: Frame
    packet: Packet | None
    terminator: str
    problems: tuple[Problem, ...]


def check(stream: bytes, charset: str = "utf-8", key: bytes | None = None) -> Iterator[Checked]:
    """Check every telegram of a byte stream.

    Args:
        stream: all its bytes.
        charset: what the device writes text in.
        key: SM4 key of 16 bytes for encrypted telegrams.

    Yields:
        One result for each telegram and each run of garbage.

    Examples:
        >>> found, = check(b"##0021ST=91;CN=9014;CP=&&&&DA81")
        >>> found.frame.error, found.terminator, [problem.code for problem in found.problems]
        ('bad_crc', 'none', ['hj212.bad_crc', 'hj212.missing_field'])
    """
    framer = Framer(decrypt=(lambda segment: sm4.decrypt(segment, key)) if key else None)
    for frame in framer.feed(stream) + framer.finish():
        end = frame.offset + len(frame.raw)
        terminator = next((name for name, text in _TERMINATORS if stream.startswith(text, end)), "none")
        if frame.error == NO_HEADER:
            yield Checked(frame, None, terminator, tuple(_frame_problems(frame)))
        else:
            packet = parse(frame.segment, charset)
            problems = (*_frame_problems(frame), *packet.problems, *deviations(packet))
            yield Checked(frame, packet, terminator, problems)


_TERMINATORS = (("CRLF", b"\r\n"), ("LF", b"\n"), ("CR", b"\r"))


def as_json(checked: Checked) -> dict[str, Any]:
    """Everything about a telegram as plain values; absent keys mean absent things.

    Examples:
        >>> found, = check(b"##0021ST=91;CN=9014;CP=&&&&DA81\\r\\n")
        >>> as_json(found)["crc_declared"], as_json(found)["crc_computed"], as_json(found)["len_ok"]
        ('DA81', '4980', True)
    """
    frame, packet = checked.frame, checked.packet
    if packet is None:
        return {"error": frame.error}
    told: dict[str, Any] = {
        "len_declared": frame.declared,
        "len_actual": len(frame.segment),
        "len_ok": frame.declared == len(frame.segment),
        "crc_declared": frame.checksum,
        "crc_computed": crc.checksum(frame.segment),
    }
    if frame.variant in _VARIANT_NAMES:
        told["crc_variant"] = _VARIANT_NAMES[frame.variant]
    if checked.terminator != "CRLF":
        told["terminator"] = checked.terminator
    if frame.encrypted:
        told["encrypted"] = "SM4-ECB, no padding"
    told |= {name: getattr(packet, name) for name in ("qn", "st", "cn", "pw", "mn", "flag", "pnum", "pno", "rf") if getattr(packet, name)}
    if packet.flag_number is not None:
        told["flag_version"] = packet.flag_number >> 2
        told["flag_split"] = bool(packet.flag_number & SPLIT)
        told["flag_ack"] = bool(packet.flag_number & ACKNOWLEDGE)
    if packet.extra:
        told["extra"] = dict(packet.extra)
    if packet.fields:
        told["cp"] = dict(packet.fields)
    if packet.values:
        told["values"] = {factor: dict(tags) for factor, tags in packet.values.items()}
        told["n_factors"] = len(packet.values)
    if not frame.segment.endswith(b"&&"):
        told["no_closing_amp"] = True
    if frame.error:
        told["error"] = frame.error
    if checked.problems:
        told["problems"] = [problem.as_dict() | {"zh": problem.text(), "en": problem.text("en")} for problem in checked.problems]
    return told


def _frame_problems(frame: Frame) -> Iterator[Problem]:
    """The error of the frame as a sentence with its figures, and what fits in place of a wrong check sum."""
    if frame.error:
        values = {"declared": frame.declared, "actual": len(frame.segment), "count": len(frame.raw)}
        sums = {"received": frame.checksum, "computed": crc.checksum(frame.segment)}
        yield Problem(f"hj212.{frame.error}", values | sums)
    if frame.variant in _VARIANT_NAMES:
        yield Problem(f"hj212.sum_is_{_VARIANT_NAMES[frame.variant]}", {"received": frame.checksum})
    if len(frame.segment) > SEGMENT_LIMIT:
        yield Problem("hj212.segment_too_long", {"length": len(frame.segment), "limit": SEGMENT_LIMIT})


def deviations(packet: Packet) -> Iterator[Problem]:
    """What a packet says against the standard although it can be read: header, times, marks and numbers.

    Reference: HJ 212-2017 6.3.2, 6.6.4; HJ 212-2025.

    Examples:
        >>> odd = Packet(qn="1617957600465", st="22", cn="2011", mn="A1", flag="5", values={"a34004": {"Rtd": "0x1F"}})
        >>> [problem.code for problem in deviations(odd)]
        ['hj212.bad_qn', 'hj212.not_a_number']
    """
    yield from _header_deviations(packet)
    for name, text in packet.fields.items():
        field = catalogue.fields().get(name)
        if field and field.kind == "time" and not is_stamp(text):
            yield Problem("hj212.not_a_time", {"field": name, "value": text})
    for factor, tags in packet.values.items():
        for tag, text in tags.items():
            known = catalogue.tags().get(tag.rpartition("-")[2])
            kind = known.kind if known else "number"
            yield from _value_deviations(f"{factor}-{tag}", kind, text)
    if len(area(packet).encode("utf-8", "surrogateescape")) > AREA_LIMIT:
        yield Problem("hj212.area_too_long", {"limit": AREA_LIMIT})


def _header_deviations(packet: Packet) -> Iterator[Problem]:
    if packet.qn and not (len(packet.qn) == 17 and is_stamp(packet.qn[:14]) and packet.qn.isdigit()):
        yield Problem("hj212.bad_qn", {"value": packet.qn})
    if packet.flag and flag_number(packet.flag) is None:
        yield Problem("hj212.bad_flag", {"value": packet.flag})
    if packet.cn and packet.cn not in catalogue.commands():
        yield Problem("hj212.unknown_cn", {"value": packet.cn, "nearest": nearest(packet.cn, catalogue.commands())})
    flagged = bool((packet.flag_number or 0) & SPLIT)
    if flagged != bool(packet.pnum) and packet.flag_number is not None:
        yield Problem("hj212.split_without_numbers" if flagged else "hj212.numbers_without_split", {"flag": packet.flag})
    if packet.rf not in ("", "1"):
        yield Problem("hj212.bad_rf", {"value": packet.rf})


def _value_deviations(key: str, kind: str, text: str) -> Iterator[Problem]:
    if kind == "number" and text and number(text) is None:
        yield Problem("hj212.not_a_number", {"key": key, "value": text})
    elif kind == "number" and "e" in text.lower():
        yield Problem("hj212.exponent", {"key": key, "value": text})
    elif kind == "number" and len(text) > _LONGEST_NUMBER:
        yield Problem("hj212.number_too_long", {"key": key, "value": text, "limit": _LONGEST_NUMBER})
    elif kind == "time" and not is_stamp(text):
        yield Problem("hj212.not_a_time", {"field": key, "value": text})

"""A telegram as a reader sees it: what it is, what is wrong with it, what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bilan.pack import vocab
from bilan.telemetry.hj212 import catalogue
from bilan.telemetry.hj212.check import Checked, check
from bilan.telemetry.hj212.codes import modern
from bilan.telemetry.hj212.packet import Packet
from bilan.telemetry.hj212.parsing import parse
from bilan.telemetry.ingest.projector import readable
from bilan.telemetry.model import Device
from bilan.web.areas.devices import words
from bilan.web.components import numbers

SECRET = re.compile(r"(?<![A-Za-z])(PW|NewPW|NewSK)=[^;,&]*")
HIDDEN = r"\1=••••••"
ENDING = b"\r\n"
_ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class Telegram:
    """One telegram, decoded.

    Attributes:
        title: what it is for.
        cn, mn, qn, edition: from its header.
        problems: what is wrong with it, in the reader's language.
        fields: plain fields with their names and values.
        values: factor, name, tag and value of each number.
        text: as it came, readable, with or without its password.
    """

    title: str
    cn: str
    mn: str
    qn: str
    edition: str
    problems: tuple[str, ...]
    fields: tuple[tuple[str, str, str], ...]
    values: tuple[dict[str, str], ...]
    text: str


def hide(text: str, *, secret: bool) -> str:
    """The text of a telegram, without its password for those who may not know it.

    Examples:
        >>> hide("##0013ST=91;PW=123456;MN=A1", secret=True)
        '##0013ST=91;PW=••••••;MN=A1'
    """
    return SECRET.sub(HIDDEN, text) if secret else text


def as_bytes(text: str, charset: str = "utf-8") -> bytes:
    """A telegram that a person typed or that was kept as text; escapes stand for bytes."""
    encoded = text.strip().encode(charset, "replace")
    return _ESCAPE.sub(lambda escape: bytes([int(escape[1], 16)]), encoded)


def decoded(frame: bytes, device: Device | None = None, *, secret: bool = True) -> Telegram:
    """Read a telegram.

    Parameters:
        frame: its bytes; with or without header and check sum.
        device: whose charset and key are used.
        secret: whether its password is hidden.
    """
    charset = device.charset if device else "utf-8"
    key = bytes.fromhex(device.sm4_key) if device and device.sm4_key else None
    found = next((entry for entry in check(frame + ENDING, charset, key) if entry.packet), None)
    packet = found.packet if found and found.packet else parse(frame, charset)
    return Telegram(
        title=words.telegram(packet.cn),
        cn=packet.cn,
        mn=packet.mn,
        qn=packet.qn,
        edition=packet.edition if packet.flag_number is not None else "",
        problems=tuple(_problems(found, packet)),
        fields=tuple((name, words.field(name), _hidden(name, value, secret=secret)) for name, value in packet.fields.items()),
        values=tuple(_values(packet)),
        text=hide(readable(frame), secret=secret),
    )


def _problems(found: Checked | None, packet: Packet) -> Iterator[str]:
    told = found.problems if found else packet.problems
    yield from dict.fromkeys(problem.text(numbers.language()) for problem in told)


def _hidden(name: str, value: str, *, secret: bool) -> str:
    return "••••••" if secret and name in {"NewPW", "NewSK"} else value


def _values(packet: Packet) -> Iterator[dict[str, str]]:
    for factor, tags in packet.values.items():
        parameter = vocab.parameters().get(modern(factor))
        for tag, value in tags.items():
            known: Any = catalogue.tags().get(tag.rpartition("-")[2])
            meaning = tag if known is None else known.en if numbers.language() == "en" else known.zh
            yield {
                "factor": factor,
                "name": numbers.labelled(parameter) if parameter else "",
                "tag": tag,
                "meaning": meaning,
                "value": value,
            }

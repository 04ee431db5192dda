"""Messages of a broker as telegrams, so that they come in by the gateway like those of any device."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from bilan.pack.transport import MessageMapping
from bilan.pack.vocab import Parameter, vocabulary
from bilan.problems import BilanError, Problem
from bilan.tabular.times import read_times
from bilan.tabular.units import factor
from bilan.telemetry.hj212 import Packet, build

LARGEST = 256 * 1024
"""A message is at most this long [byte]."""
_COMMANDS = {"instant": ("2011", "Rtd"), "minute": ("2051", "Avg"), "hour": ("2061", "Avg"), "day": ("2031", "Avg")}
_WANTS_ANSWER = "5"
_MEDIA = {"21": ("water",), "22": ("air", "meteorology"), "23": ("noise",), "31": ("flue", "air"), "32": ("water",)}
_MOST = 64
"""Factors in one telegram; further ones go into the next."""


def matches(topic: str, pattern: str) -> bool:
    """Whether a topic falls under a subscription filter.

    Examples:
        >>> matches("bilan/readings/A1", "bilan/+/A1"), matches("bilan/a", "bilan/a/#"), matches("bilan", "+/+")
        (True, True, False)
    """
    levels, wanted = topic.split("/"), pattern.split("/")
    for index, part in enumerate(wanted):
        if part == "#":
            return True
        if index >= len(levels) or part not in ("+", levels[index]):
            return False
    return len(levels) == len(wanted)


def telegrams(topic: str, payload: bytes, mapping: MessageMapping, now: datetime, numbers: Iterator[str]) -> list[bytes]:
    """Turn one message into telegrams.

    Args:
        topic: as delivered.
        payload: whole telegrams, or an object.
        mapping: how messages of this topic are read.
        now: wall time, for objects without a time.
        numbers: request numbers (QN), each given once.

    Raises:
        BilanError: too large, no object, no device, no time or no value that is known.
    """
    if len(payload) > LARGEST:
        raise BilanError(Problem("mqtt.too_large", {"value": len(payload), "allowed": LARGEST}))
    if mapping.format == "hj212":
        return [payload if payload.endswith(b"\n") else payload + b"\r\n"]
    content = _object(payload)
    device = _text(topic, content, mapping.device)
    if not device:
        raise BilanError(Problem("mqtt.no_device", {"value": mapping.device}))
    values = _values(_at(content, mapping.values), mapping)
    if not values:
        raise BilanError(Problem("mqtt.no_values", {}))
    command, tag = _COMMANDS[mapping.interval]
    head = Packet(
        st=mapping.system,
        cn=command,
        mn=device,
        pw=_text(topic, content, mapping.password),
        flag=_WANTS_ANSWER,
        fields={"DataTime": _time(topic, content, mapping, now)},
    )
    marked = {code: {tag: text, "Flag": mark} for code, (text, mark) in values.items()}
    chunks = [dict(list(marked.items())[at : at + _MOST]) for at in range(0, len(marked), _MOST)]
    return [build(replace(head, qn=next(numbers), values=part)) for part in chunks]


def request_numbers(clock: Callable[[], datetime]) -> Iterator[str]:
    """Request numbers from the wall clock, each later than the one before.

    Examples:
        >>> numbers = request_numbers(lambda: datetime(2026, 3, 1))
        >>> next(numbers), next(numbers)
        ('20260301000000000', '20260301000000001')
    """
    last = ""
    for _ in itertools.count():
        moment = clock()
        stamp = f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}"
        last = stamp if stamp > last else f"{int(last) + 1:017d}"
        yield last


def _object(payload: bytes) -> dict[str, Any]:
    try:
        content = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise BilanError(Problem("mqtt.unreadable", {"reason": str(error)[:100]})) from error
    if not isinstance(content, dict):
        raise BilanError(Problem("mqtt.unreadable", {"reason": type(content).__name__}))
    return content


def _at(content: Any, path: str) -> Any:
    """What stands at ``payload.a.b``."""
    for name in path.split(".")[1:]:
        if not isinstance(content, dict):
            return None
        content = content.get(name)
    return content


def _text(topic: str, content: dict[str, Any], source: str) -> str:
    """A text from the topic, the object, or the declaration; empty when there is none or it would break a telegram."""
    kind, _, rest = source.partition(".")
    if kind == "topic":
        levels = topic.split("/")
        found: Any = levels[int(rest)] if int(rest) < len(levels) else ""
    elif kind == "fixed":
        found = rest
    else:
        found = _at(content, source) if source else ""
    text = str(found) if isinstance(found, str | int) else ""
    return text if text.isprintable() and not set(text) & set(";,=&#") and len(text) <= 64 else ""


def _time(topic: str, content: dict[str, Any], mapping: MessageMapping, now: datetime) -> str:
    if not mapping.time:
        return f"{now:%Y%m%d%H%M%S}"
    kind, _, level = mapping.time.partition(".")
    text = topic.split("/")[int(level) : int(level) + 1] if kind == "topic" else [_at(content, mapping.time)]
    shown = str(text[0])[:40] if text else ""
    start = read_times(pl.Series([shown]))["start"][0]
    if start is None:
        raise BilanError(Problem("value.not_a_time", {"value": shown}))
    return f"{start:%Y%m%d%H%M%S}"


def _values(found: Any, mapping: MessageMapping) -> dict[str, tuple[str, str]]:
    """Factor code → number as text in the unit of the wire, and mark."""
    values = {}
    for name, entry in found.items() if isinstance(found, dict) else ():
        parameter = _parameter(str(name), mapping)
        number, mark = (entry.get("value"), str(entry.get("flag", "N"))) if isinstance(entry, dict) else (entry, "N")
        if parameter and isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number):
            values[parameter.code] = (_wire(float(number), parameter), mark if len(mark) <= 2 and mark.isalnum() else "N")
    return values


def _parameter(name: str, mapping: MessageMapping) -> Parameter | None:
    code = mapping.parameters.get(name)
    return vocabulary().by_code.get(code) if code else vocabulary().by_alias(name[:100], _MEDIA.get(mapping.system, ()))


def _wire(number: float, parameter: Parameter) -> str:
    scale = factor(parameter.unit, parameter.wire_unit) or 1.0
    return f"{number * scale:.10g}" if scale != 1.0 else repr(number)

"""Commands from the host to a logger, checked against the table before they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bilan.problems import BilanError, Problem, nearest
from bilan.telemetry.hj212 import catalogue
from bilan.telemetry.hj212.packet import Packet, flag_bits
from bilan.telemetry.hj212.qn import is_stamp, stamp
from bilan.telemetry.hj212.text import number

Value = str | int | float | datetime


def request(
    cn: str,
    values: Mapping[str, Value] | None = None,
    *,
    qn: str,
    mn: str,
    pw: str,
    st: str,
    edition: str = "2017",
) -> Packet:
    """Compose any command that a host may send.

    Args:
        cn: command code, for example ``1012`` to set the clock, ``2061`` to have hours sent again, ``3012`` to sample.
        values: plain fields of the data area (``SystemTime``, ``BeginTime``, ``PolId`` …) and ``factor-tag`` keys; a
            datetime is written as 14 digits.
        qn: request number, from `qn.RequestNumbers`.
        mn, pw, st: identity, password and system code of the logger.
        edition: edition the logger speaks.

    Returns:
        The command, asking for an answer; ready for `build`.

    Raises:
        BilanError: the command or a field is unknown to this edition, or a value is outside what the field allows.

    Reference: HJ 212-2017 6.6.5 table 9; 6.5 table 5.

    Examples:
        >>> asked = request("1062", {"RtdInterval": 60}, qn="20260301101500001", mn="A1", pw="123456", st="31")
        >>> asked.flag, asked.fields
        ('5', {'RtdInterval': '60'})
        >>> request("1062", {"RtdIntervall": 60}, qn="20260301101500001", mn="A1", pw="123456", st="31")
        Traceback (most recent call last):
        bilan.problems.BilanError: command 1062 has no field "RtdIntervall"; it has: RtdInterval. Did you mean "RtdInterval"?
    """
    known = catalogue.commands().get(cn)
    if known is None or edition not in known.editions or not (known.direction in ("host", "both") or known.upload):
        allowed = [command.cn for command in catalogue.commands().values() if edition in command.editions]
        raise BilanError(Problem("hj212.unknown_command", {"cn": cn, "edition": edition, "nearest": nearest(cn, allowed)}))
    plain: dict[str, str] = {}
    tagged: dict[str, dict[str, str]] = {}
    problems: list[Problem] = []
    for name, value in (values or {}).items():
        text = stamp(value) if isinstance(value, datetime) else str(value)
        factor, dash, tag = name.partition("-")
        if name not in known.request and not (dash and cn == "3021"):
            suggestion = nearest(name, known.request)
            code = "hj212.unknown_field_near" if suggestion else "hj212.unknown_field"
            problems.append(Problem(code, {"cn": cn, "field": name, "allowed": known.request, "nearest": suggestion}))
        elif dash:
            tagged.setdefault(factor, {})[tag] = text
        else:
            plain[name] = text
        problems += _check(name, text)
    if problems:
        raise BilanError(*problems)
    flag = str(flag_bits(edition, acknowledge=True))
    return Packet(qn=qn, st=st, cn=cn, pw=pw, mn=mn, flag=flag, fields=plain, values=tagged)


def _check(name: str, text: str) -> list[Problem]:
    """What forbids a value, as a list of none or one."""
    field = catalogue.fields().get(name)
    if any(character in text for character in ",;=&\r\n"):
        return [Problem("hj212.separator_in_value", {"field": name, "value": text})]
    if field is None:
        return []
    if field.allowed and text not in field.allowed:
        return [Problem("hj212.not_allowed", {"field": name, "value": text, "allowed": field.allowed})]
    if field.kind == "time" and not is_stamp(text):
        return [Problem("hj212.not_a_time", {"field": name, "value": text})]
    if field.kind in ("integer", "number"):
        value = number(text)
        whole = field.kind == "number" or (text.isascii() and text.isdigit())
        if value is None or not whole or not (_low(field) <= value <= _high(field)):
            return [Problem("hj212.outside", {"field": name, "value": text, "low": field.low, "high": field.high, "unit": field.unit})]
    if field.kind == "text" and not (_low(field) <= len(text) <= _high(field)):
        return [Problem("hj212.wrong_length", {"field": name, "value": text, "low": field.low, "high": field.high})]
    return []


def _low(field: catalogue.Field) -> float:
    return float("-inf") if field.low is None else field.low


def _high(field: catalogue.Field) -> float:
    return float("inf") if field.high is None else field.high


def first_contact(
    moment: datetime, *, real_time: int = 60, minutes: int = 10, timeout: int = 5, retries: int = 3
) -> list[tuple[str, dict[str, Value]]]:
    """What a host sets, in order, when a logger connects for the first time.

    Args:
        moment: local time for its clock.
        real_time: real-time period [s].
        minutes: minute-data period [min].
        timeout: answer timeout [s].
        retries: number of repeats.

    Returns:
        Command codes and values for `request`.

    Reference: HJ 212-2017 7.

    Examples:
        >>> [cn for cn, _ in first_contact(datetime(2026, 3, 1))]
        ['1012', '1000', '1062', '1064', '2011', '2021']
    """
    return [
        ("1012", {"SystemTime": moment}),
        ("1000", {"OverTime": timeout, "ReCount": retries}),
        ("1062", {"RtdInterval": real_time}),
        ("1064", {"MinInterval": minutes}),
        ("2011", {}),
        ("2021", {}),
    ]

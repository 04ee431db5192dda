"""The four answers that keep a conversation going, and the meaning of their codes."""

from __future__ import annotations

from typing import Protocol

from bilan.telemetry.hj212 import catalogue
from bilan.telemetry.hj212.packet import Packet, edition_of, flag_bits, flag_number

REQUEST_ANSWER = "9011"
RESULT = "9012"
NOTICE_ANSWER = "9013"
DATA_ANSWER = "9014"
_FIELD = {REQUEST_ANSWER: "QnRtn", RESULT: "ExeRtn"}
INTERACTION = "91"
"""System code of answers."""


class Addressed(Protocol):
    """What an answer needs to know of the telegram it answers: `Packet` and `fast.Header` both have it."""

    @property
    def qn(self) -> str: ...
    @property
    def pw(self) -> str: ...
    @property
    def mn(self) -> str: ...
    @property
    def flag(self) -> str: ...


def answer(to: Addressed, cn: str = DATA_ANSWER, code: int = 1, edition: str = "") -> Packet:
    """Answer a telegram: with its own request number, password and MN, asking for no answer.

    Args:
        to: the telegram to be answered.
        cn: ``9011`` request answer, ``9012`` execution result, ``9013`` notice answer or ``9014`` data answer.
        code: QnRtn of a 9011 or ExeRtn of a 9012; the others carry none.
        edition: edition the device is registered for; by default the one its Flag hints at.

    Returns:
        The answer, ready for `build`.

    Reference: HJ 212-2017 6.6.5, 7.

    Examples:
        >>> from bilan.telemetry.hj212.building import segment
        >>> asked = Packet(qn="20260301101500001", st="31", cn="2051", pw="123456", mn="A1", flag="9")
        >>> segment(answer(asked))
        b'QN=20260301101500001;ST=91;CN=9014;PW=123456;MN=A1;Flag=8;CP=&&&&'
        >>> answer(asked, "9011", 2).fields
        {'QnRtn': '2'}
    """
    flag = flag_bits(edition or edition_of(flag_number(to.flag)))
    fields = {_FIELD[cn]: str(code)} if cn in _FIELD else {}
    return Packet(qn=to.qn, st=INTERACTION, cn=cn, pw=to.pw, mn=to.mn, flag=str(flag), fields=fields)


def answered(packet: Packet) -> str:
    """Request number that an answer is about; loggers of the 2005 edition may carry it in the data area.

    Examples:
        >>> answered(Packet(cn="9014", fields={"QN": "20260301101500001"}))
        '20260301101500001'
    """
    return packet.fields.get("QN") or packet.qn


def meaning(field: str, code: str, language: str = "zh-hans") -> str:
    """Say what a QnRtn or ExeRtn code means; the code itself when it is unknown.

    Args:
        field: ``QnRtn`` or ``ExeRtn``.
        code: the code as sent.
        language: ``zh-hans`` or ``en``.

    Reference: HJ 212-2017 6.6.3 tables 6 and 7; HJ 212-2025.

    Examples:
        >>> meaning("QnRtn", "9", "en"), meaning("ExeRtn", "100"), meaning("ExeRtn", "77")
        ('check sum wrong', '没有数据', '77')
    """
    found = catalogue.returns().get((field, code))
    return code if found is None else found[0 if language != "en" else 1]

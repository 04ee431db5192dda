"""One command on its way to a device: what was sent, what came back, what is awaited until when."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How far a command is; the last five end it."""

    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    EXECUTED = "executed"
    REFUSED = "refused"
    FAILED = "failed"
    TIMEOUT = "timeout"
    EXPIRED = "expired"


FINAL = frozenset({State.EXECUTED, State.REFUSED, State.FAILED, State.TIMEOUT, State.EXPIRED})

NOTICES = frozenset({"2012", "2022"})
"""Commands that a device answers with 9013 and does not report the execution of."""


@dataclass(slots=True)
class Order:
    """A command to a device.

    Attributes:
        id: id in the table `command`.
        mn, cn, fields: to whom, what, and the data area.
        expires: wall time after which it is no longer sent [s].
        person: who asked for it; ``gateway`` for what the gateway does by itself.
        qn: request number, once it has one.
        frame: the bytes sent; a repeat sends the same ones.
        deadline: on the gateway's own clock [s].
    """

    id: int
    mn: str
    cn: str
    fields: dict[str, str]
    expires: int
    person: str = ""
    state: State = State.QUEUED
    qn: str = ""
    frame: bytes = b""
    attempts: int = 0
    deadline: float = 0.0
    answer: list[str] = field(default_factory=list)

"""What is to be told, before it is decided by which channel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

DIGEST = "digest"
CRITICAL = 4


@dataclass(frozen=True, slots=True)
class Words:
    """A message in both languages."""

    title_zh: str
    title_en: str
    body_zh: str = ""
    body_en: str = ""

    def cut(self) -> Words:
        """Titles no longer than the database keeps."""
        return Words(self.title_zh[:300], self.title_en[:300], self.body_zh, self.body_en)


@dataclass(frozen=True)
class Message:
    """One thing to tell.

    Attributes:
        kind: what happened, such as ``alert.opened``.
        topic: what a digest counts it under: name of a rule or a flow.
        write: makes the words; called only when it is told singly.
    """

    kind: str
    level: int
    topic: str
    link: str
    write: Callable[[], Words]
    alert: int | None = None
    case: int | None = None

    @cached_property
    def words(self) -> Words:
        """The words, made once however many are told."""
        return self.write().cut()

    @property
    def weight(self) -> tuple[int, bool, int]:
        """The heaviest first; among equals what is about alerts, the oldest first."""
        return -self.level, self.alert is None, self.alert or self.case or 0

"""What the pages of plans share: their rights, how a request is read."""

from __future__ import annotations

from bilan.people.roles import Capability, Right
from bilan.problems import BilanError, Problem
from bilan.web.areas.scorecard.frame import plan_title as title_of
from bilan.web.registry import Request

__all__ = ["EDITS", "SECTION", "SEES", "TAKES_AWAY", "WHOLE", "edits", "insist", "title_of", "whole_number"]

SECTION = "plans"
SEES = Right(Capability.SEE, "kernel/plans")
EDITS = Right(Capability.EDIT, "kernel/plans")
TAKES_AWAY = Right(Capability.EXPORT, "kernel/plans")
WHOLE = ""
"""Stands for the whole city where rights ask for a district: plans are of the city."""


def edits(request: Request) -> bool:
    """Whether the reader may confirm and correct."""
    return request.planbook.can(Capability.EDIT, WHOLE)


def insist(request: Request) -> None:
    """Insist that the sender may confirm and correct.

    Raises:
        NotAllowed: they may not.
    """
    request.planbook.require(Capability.EDIT, WHOLE)


def whole_number(text: str, name: str) -> int:
    """A whole number that was sent.

    Raises:
        BilanError: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BilanError(Problem("web.bad_parameter", {"name": name, "value": text[:20], "allowed": "0, 1, 2 …"}))
    return int(text)

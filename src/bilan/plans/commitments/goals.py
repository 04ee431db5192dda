"""Goals without a number."""

from __future__ import annotations

from bilan.plans.commitments.building import Place
from bilan.plans.commitments.due import Due
from bilan.plans.commitments.model import Read
from bilan.plans.commitments.rows import Draft


def read(place: Place, span: tuple[int, int], made: list[Draft], due: Due, blotted: str) -> list[Read]:
    """The goals of a clause that names no number."""
    return []

"""Commitments of a plan: a grammar over even text that says for each field which words it was read from."""

from __future__ import annotations

from bilan.plans.commitments.model import Read
from bilan.plans.commitments.reading import Reading
from bilan.plans.reader import Document

__all__ = ["Read", "commitments"]


def commitments(document: Document) -> list[Read]:
    """Everything a plan promises, with the facts it starts from.

    Args:
        document: a plan document as the reader gives it.

    Returns:
        One record for each target, task, project and baseline fact, in the order of the text.
    """
    return Reading(document).run()

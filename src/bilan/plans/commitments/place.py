"""Where a commitment is read."""

from __future__ import annotations

from dataclasses import dataclass

from bilan.plans.commitments.dates import Date
from bilan.plans.commitments.text import Text
from bilan.plans.reader import Block, Document


@dataclass(frozen=True, slots=True)
class Place:
    """Where a commitment is read: document, block, sentence.

    Attributes:
        status: words of the heading that announce what was or is; `days`: dates of the sentence.
    """

    document: Document
    block: Block
    text: Text
    begin: int
    end: int
    status: str
    days: list[Date]

    @property
    def sentence(self) -> str:
        """The sentence in even text."""
        return self.text.plain[self.begin : self.end]

    @property
    def base(self) -> int | None:
        """Last year before the plan, up to which a year is past."""
        if self.document.base is not None:
            return self.document.base
        if self.document.begin is not None:
            return self.document.begin - 1
        return None

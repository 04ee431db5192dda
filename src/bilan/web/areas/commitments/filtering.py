"""Which commitments of a plan a reader looks at: by kind, state, section and words; the same choice confirms many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.http import urlencode

from bilan.plans.models import Check, Commitment, Kind

NAMES = ("kind", "state", "section", "q", "linked")
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Choice:
    """What an address or a form chooses; empty for all.

    Attributes:
        q: words that stand in subject, measure, wording or sentence.
        linked: ``yes`` or ``no``, whether an indicator is named.
    """

    kind: str = ""
    state: str = ""
    section: str = ""
    q: str = ""
    linked: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Choice:
        """Take the choice from an address or a form; what is unknown chooses nothing."""
        given = {name: sent.get(name, "").strip()[:LONGEST] for name in NAMES}
        given["section"] = sent.get("section", "")[:200]
        given["kind"] = given["kind"] if given["kind"] in Kind.values else ""
        given["state"] = given["state"] if given["state"] in Check.values else ""
        given["linked"] = given["linked"] if given["linked"] in {"yes", "no"} else ""
        return cls(**given)

    @property
    def chosen(self) -> dict[str, str]:
        """What is chosen, without what is not."""
        return {name: value for name in NAMES if (value := getattr(self, name))}

    @property
    def query(self) -> str:
        """The choice as part of an address; empty for all."""
        return f"?{urlencode(self.chosen)}" if self.chosen else ""

    def of(self, found: QuerySet[Commitment]) -> QuerySet[Commitment]:
        """The commitments that are chosen, in the order of the text."""
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.state:
            found = found.filter(check_state=self.state)
        if self.section:
            found = found.filter(section=self.section)
        if self.linked:
            found = found.filter(indicator="") if self.linked == "no" else found.exclude(indicator="")
        for word in self.q.split():
            found = found.filter(
                Q(subject__icontains=word) | Q(metric__icontains=word) | Q(wording__icontains=word) | Q(sentence__icontains=word)
            )
        return found.order_by("block", "begin", "number")


def counted(rows: Sequence[Commitment]) -> dict[str, Any]:
    """How many commitments of a plan there are in each kind, state and section, and how many are decided."""
    states = Counter(row.check_state for row in rows)
    total = len(rows) - states[Check.REJECTED]
    done = states[Check.CONFIRMED] + states[Check.CORRECTED]
    return {
        "kinds": [(value, label, count) for value, label in Kind.choices if (count := sum(row.kind == value for row in rows))],
        "states": [(value, label, states[value]) for value, label in Check.choices if states[value]],
        "chapters": [(section, count) for section, count in Counter(row.section for row in rows if row.section).items()],
        "done": done,
        "total": total,
        "share": 100 * done / total if total else 0,
    }

"""Indicators that a commitment can be linked to."""

from __future__ import annotations

from typing import Any

from bilan.pack.indicators import Catalogue, current
from bilan.plans.linking import links
from bilan.plans.models import Check, Commitment
from bilan.problems import BilanError, Problem, nearest
from bilan.web import site
from bilan.web.components import numbers

PROPOSED = 3
"""So many indicators are proposed for a commitment."""


def catalogue() -> Catalogue:
    """The indicators of this city."""
    return current(site.city().pack)


def checked(name: str) -> str:
    """The name of an indicator, or nothing.

    Raises:
        BilanError: there is no such indicator.
    """
    known = catalogue()
    if name and name not in known:
        raise BilanError(Problem("planbook.no_indicator", {"value": name[:80], "nearest": nearest(name[:80], list(known.versions))}))
    return name


def shown(held: Commitment) -> dict[str, Any]:
    """Title of the indicator that a commitment is linked to, and whether it can become a target."""
    known = catalogue()
    title = known[held.indicator].title.text(numbers.language()) if held.indicator in known else held.indicator
    decided = held.check_state in (Check.CONFIRMED, Check.CORRECTED)
    return {"indicator_title": title, "may_be_target": bool(held.indicator) and decided}


def choices(held: Commitment) -> dict[str, Any]:
    """All indicators, and those that the words of the commitment speak of, the likeliest first."""
    language, known = numbers.language(), catalogue()
    titles = sorted((entry.title.text(language), entry.name) for entry in known)
    found = links(held.metric, held.sentence, known, held.subject, held.unit) if not held.indicator else []
    proposed = [(entry.indicator, known[entry.indicator].title.text(language), entry.words) for entry in found[:PROPOSED]]
    return {"indicators": [(name, title) for title, name in titles], "proposed": proposed}

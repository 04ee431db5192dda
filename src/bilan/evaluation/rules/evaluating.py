"""Evaluating rules: what holds now, and what would have held in the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from bilan.evaluation.rules import series
from bilan.evaluation.rules.context import Context
from bilan.evaluation.rules.findings import Collected, Findings
from bilan.pack.rules import RuleSpec, Subject
from bilan.telemetry.store import Store

Part = Callable[[Store, list[RuleSpec], int, Context], Collected]


def evaluate(store: Store, specs: Iterable[RuleSpec], now: int, *, context: Context | None = None) -> Findings:
    """Evaluate rules at a moment.

    Args:
        store: where readings and verdicts are.
        specs: rules of any subject; those that are not active are left out.
        now: time of the evaluation [s of the wall clock]; later data are not looked at.
        context: limits, frames of entries and the like, and memory; see `Context`.

    Returns:
        What holds, what stands clear, and every episode of the span judged.
    """
    known = context or Context()
    found = Collected()
    by_interval: dict[str, list[RuleSpec]] = defaultdict(list)
    for spec in specs:
        if spec.active and spec.subject is Subject.SERIES:
            by_interval[spec.interval].append(spec)
    for interval, chosen in by_interval.items():
        found.add(series.evaluate(store, chosen, interval, known.begin(interval, now), now, known))
    return found.findings()

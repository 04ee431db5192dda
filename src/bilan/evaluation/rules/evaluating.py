"""Evaluating rules: what holds now, and what would have held in the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bilan.evaluation.rules import asked, devices, series, verdicts
from bilan.evaluation.rules.context import Context
from bilan.evaluation.rules.findings import Collected, Findings
from bilan.pack.rules import RuleSpec, Subject
from bilan.problems import BilanError, Problem
from bilan.telemetry.store import Store

ASKED = (Subject.ENTRIES, Subject.TERMS, Subject.INDICATORS, Subject.FORECASTS)
"""What the caller gives frames of."""
PAST = (Subject.SERIES, Subject.VERDICTS, Subject.DEVICES)
"""What can be replayed."""


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
    active = [spec for spec in specs if spec.active]
    found = _timed(store, active, now, known, None)
    found.add(devices.evaluate(store, _about(active, Subject.DEVICES), now))
    found.add(asked.evaluate(store, _about(active, *ASKED), now, known))
    return found.findings()


def replay(store: Store, specs: Iterable[RuleSpec], begin: int, end: int, *, context: Context | None = None) -> Findings:
    """Say what rules would have found over a past period.

    Args:
        store: where readings and verdicts are.
        specs: rules about series, verdicts or devices, active or not.
        begin, end: period [s of the wall clock], `end` excluded.
        context: limits; `since` is not looked at.

    Returns:
        All episodes that would have been opened, raised and cleared within the period, in `episodes`; those that would still stand at its
        end in `frame`.

    Raises:
        BilanError: a rule is about what keeps no past.
    """
    chosen = list(specs)
    strange = [spec for spec in chosen if spec.subject not in PAST]
    if strange:
        raise BilanError(*(Problem("rules.cannot_replay", {"value": spec.subject.value}) for spec in strange))
    found = _timed(store, chosen, end, context or Context(), begin)
    found.add(devices.past(store, _about(chosen, Subject.DEVICES), begin, end))
    return found.findings()


def _timed(store: Store, specs: Sequence[RuleSpec], end: int, context: Context, begin: int | None) -> Collected:
    """Rules with one moment after the other: all of one interval, and all of one method, together."""
    found = Collected()
    together: dict[str, list[RuleSpec]] = defaultdict(list)
    for spec in _about(specs, Subject.SERIES, Subject.VERDICTS):
        together[spec.where.method or spec.interval].append(spec)
    for key, chosen in together.items():
        first = context.begin(chosen[0].interval, end) if begin is None else begin
        if "." in key:
            found.add(verdicts.evaluate(store, chosen, key, first, end))
        else:
            found.add(series.evaluate(store, chosen, key, first, end, context))
    return found


def _about(specs: Iterable[RuleSpec], *subjects: Subject) -> list[RuleSpec]:
    return [spec for spec in specs if spec.subject in subjects]

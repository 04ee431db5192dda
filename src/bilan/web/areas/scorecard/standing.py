"""How all targets stand, gathered with few queries: what the scorecard and the pages of targets show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from bilan.pack.indicators import Indicator
from bilan.plans import targets as targeting
from bilan.plans.models import Commitment, IndicatorValue, Odds, Plan, Target
from bilan.plans.planbook import Planbook
from bilan.web.areas.scorecard.frame import indicators
from bilan.web.areas.scorecard.words import Mark, mark_of
from bilan.web.components import numbers

WEEKS = 26
"""How far back the odds are drawn, one day a week."""
FEW = 150
"""Up to so many targets every week is drawn, beyond it every fourth."""


@dataclass(frozen=True)
class Line:
    """One target as it stands.

    Attributes:
        value, gap, probability, why: of its newest odds; a value alone comes from the newest value of its indicator.
        day: day of these odds, or last day of the data behind the value.
        history: odds of earlier days, oldest first.
        newest: number of its newest odds.
    """

    target: Target
    spec: Indicator | None
    mark: Mark
    value: float | None = None
    gap: float | None = None
    probability: float | None = None
    why: str = ""
    day: date | None = None
    history: Sequence[tuple[date, float]] = field(default=())
    newest: int | None = None

    @property
    def title(self) -> str:
        """What is promised: the indicator's title, else the words of the commitment."""
        if self.spec is not None:
            return self.spec.title.text(numbers.language())
        commitment = self.target.commitment
        return (commitment.metric or commitment.subject if commitment else "") or self.target.indicator

    @property
    def order(self) -> tuple[int, float, int, str]:
        """Where it stands in a list that begins with what is most at risk."""
        return self.mark.rank, self.probability if self.probability is not None else 2.0, self.target.year, self.target.code

    def due(self, today: date) -> tuple[int, float | None] | None:
        """The next year whose end asks for something, and what it asks; None when the last has passed."""
        ahead = [int(year) for year in self.target.path if str(year).isdigit() and int(year) >= today.year]
        ahead += [self.target.year] if self.target.year >= today.year else []
        return (min(ahead), targeting.due(self.target, min(ahead))) if ahead else None


def lines(book: Planbook, found: QuerySet[Target], *, history: bool = True, today: date | None = None) -> list[Line]:
    """The targets of `found`, the most at risk first.

    Parameters:
        found: visible targets; what they stand for must come from `book`.
        history: whether earlier odds are wanted too.
    """
    newest = Odds.objects.filter(target=OuterRef("pk")).order_by("-day").values("pk")[:1]
    kept = list(lean(found).annotate(newest=Subquery(newest)))
    keys = [target.newest for target in kept if target.newest is not None]
    odds = {entry.target_id: entry for entry in Odds.objects.filter(pk__in=keys).defer("detail")}
    values = _values(book, [target for target in kept if target.pk not in odds], today or timezone.localdate())
    past = _history([target.pk for target in kept], max((entry.day for entry in odds.values()), default=None)) if history else {}
    known = indicators()
    made = []
    for target in kept:
        spec = known.versions.get(target.indicator, (None,))[-1]
        made.append(_line(target, spec, odds.get(target.pk), values.get((target.indicator, target.district)), past.get(target.pk, ())))
    return sorted(made, key=lambda line: line.order)


def lean(found: QuerySet[Target]) -> QuerySet[Target]:
    """Targets with their commitments and plans, each loaded once and without the plans' texts."""
    plans = Plan.objects.defer("blocks", "problems")
    commitments = Commitment.objects.defer("words", "notes", "as_read").prefetch_related(Prefetch("plan", plans))
    return found.select_related(None).prefetch_related(Prefetch("plan", plans), Prefetch("commitment", commitments))


def missing(target: Target, value: float | None, aim: float | None = None) -> float | None:
    """What is missing of a promise, positive while it is not kept; None when either is not known.

    Examples:
        >>> missing(Target(comparator="<=", value=20.0), 22.5), missing(Target(comparator=">=", value=95.0), 97.0)
        (2.5, -2.0)
    """
    promised = target.value if aim is None else aim
    if value is None or promised is None:
        return None
    if target.comparator in {"<=", "<"}:
        return value - max(promised, target.upper or promised)
    return promised - value


def _line(
    target: Target, spec: Indicator | None, odds: Odds | None, value: IndicatorValue | None, past: Sequence[tuple[date, float]]
) -> Line:
    promised = target.value is not None or bool(target.wording and not target.handed_down)
    if odds is not None:
        gap = missing(target, odds.value) if odds.gap is None else odds.gap
        mark = mark_of(odds.probability, gap, promised)
        return Line(target, spec, mark, odds.value, gap, odds.probability, odds.why, odds.day, past, odds.pk)
    if value is None:
        return Line(target, spec, mark_of(None, None, promised), why="no_data")
    gap = missing(target, value.value)
    return Line(target, spec, mark_of(None, gap, promised), value.value, gap, None, value.why, value.through, past)


def _values(book: Planbook, targets: Iterable[Target], today: date) -> dict[tuple[str, str], IndicatorValue]:
    """The newest value of this year or the last, by indicator and district."""
    names = {target.indicator for target in targets}
    if not names:
        return {}
    years = [str(today.year - 1), str(today.year)]
    found = book.values().filter(indicator__in=names, latest=True, period__in=years).order_by("period", "computed")
    return {(entry.indicator, entry.district): entry for entry in found}


def _history(keys: Collection[int], last: date | None) -> dict[int, list[tuple[date, float]]]:
    if last is None:
        return {}
    step = 1 if len(keys) <= FEW else 4
    days = [last - timedelta(weeks=week) for week in range(0, WEEKS, step)]
    rows = Odds.objects.filter(target__in=keys, day__in=days, probability__isnull=False)
    found: dict[int, list[tuple[date, float]]] = {}
    for number, day, probability in rows.order_by("day").values_list("target_id", "day", "probability"):
        found.setdefault(number, []).append((day, probability))
    return found

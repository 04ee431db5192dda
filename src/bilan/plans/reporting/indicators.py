"""What reports say of any indicator: value, target, gap, change and odds."""

from __future__ import annotations

from bilan.pack.reports.keys import INDICATOR
from bilan.plans.models import Odds, Target
from bilan.plans.reporting.context import Context
from bilan.plans.reporting.model import Linker, Number, Origin
from bilan.plans.reporting.sources.targets import due_in, named, newest
from bilan.plans.reporting.words import change, difference, digits

DECIMALS = 2


class Measured:
    """Reads indicators by name."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def number(self, key: str, linker: Linker) -> Number:
        """One number of an indicator, such as ``indicator.good-days.gap``."""
        name, _, end = key.removeprefix(INDICATOR).partition(".")
        target = self._target(name)
        title = named(target) if target is not None else name
        link = linker(Origin("indicator", (name,), {"period": str(self.context.period.year)}))
        value, before = self._value(name, 0), self._value(name, 1)
        unit = target.commitment.unit if target is not None and target.commitment is not None else ""
        if end == "change":
            amount = difference(value, before, "percent")
            return Number(key, title, amount, change(amount, "percent", self.context.language), "%", link)
        if end == "odds":
            odds = self._odds(target)
            return Number(key, title, odds, "—" if odds is None else f"{100 * odds:.0f}%", "%", link)
        due = due_in(target, self.context.period.year) if target is not None else None
        shown = {"": value, "before": before, "target": due, "gap": difference(value, due, "points")}[end]
        text = digits(shown, DECIMALS, self.context.language)
        if shown is not None and "." in text:
            text = text.rstrip("0").rstrip(".")
        return Number(key, title, shown, text + (unit if shown is not None else ""), unit, link)

    def _value(self, name: str, back: int) -> float | None:
        if not back:
            found = newest(self.context, {name}).get(name)
            return found.value if found is not None else None
        period = str(self.context.period.year - back)
        kept = self.context.planbook.values().filter(indicator=name, district="", latest=True, period=period).first()
        return kept.value if kept is not None else None

    def _target(self, name: str) -> Target | None:
        found = self.context.planbook.targets().filter(indicator=name, district="")
        return found.filter(year__gte=self.context.period.year).first() or found.last()

    def _odds(self, target: Target | None) -> float | None:
        if target is None:
            return None
        found: Odds | None = self.context.planbook.odds().filter(target=target, day__lt=self.context.period.end).first()
        return found.probability if found is not None else None

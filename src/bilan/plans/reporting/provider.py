"""The one door through which a report gets its numbers, tables and charts."""

from __future__ import annotations

from bilan.pack.registers.words import Bilingual
from bilan.pack.reports import NumberKey, number_keys, pieces
from bilan.pack.reports.keys import INDICATOR, MODIFIERS
from bilan.plans.reporting import words
from bilan.plans.reporting.context import Context, Drawn, Given, Rows
from bilan.plans.reporting.indicators import Measured
from bilan.plans.reporting.model import Found, Linker, Number
from bilan.plans.reporting.sources import SOURCES
from bilan.problems import BilanError, Problem, nearest


class Provider:
    """Gives everything a report of one context says; each source is read when its first number is asked for.

    Args:
        linker: makes addresses of where numbers can be looked up.
    """

    def __init__(self, context: Context, linker: Linker) -> None:
        self.context = context
        self._linker = linker
        self._given: dict[str, Given] = {}
        self._measured: Measured | None = None

    def number(self, key: str) -> Number:
        """A number by its key.

        Raises:
            BilanError: there is none of this name.
        """
        if key.startswith(INDICATOR):
            return self._indicator(key)
        base, _, end = key.rpartition(".")
        known = number_keys()
        name, modifier = (base, end) if end in MODIFIERS and base in known else (key, "")
        declared = known.get(name)
        if declared is None:
            raise BilanError(Problem("report.unknown_number", {"value": key, "nearest": nearest(key, known)}))
        found = self._source(name).numbers.get(name, Found(None))
        return self._said(declared, found, modifier)

    def table(self, name: str) -> Rows:
        """A table by its name."""
        return self._source(name).tables[name]()

    def chart(self, name: str) -> Drawn | None:
        """A chart by its name; None when there is nothing to draw."""
        return self._source(name).charts[name]()

    def caption(self, kind: str, name: str) -> Bilingual:
        """What a table or a chart is called unless the outline says otherwise."""
        return pieces()[kind, name].title

    def _source(self, key: str) -> Given:
        name = key.partition(".")[0]
        if name not in self._given:
            self._given[name] = SOURCES[name](self.context)
        return self._given[name]

    def _said(self, declared: NumberKey, found: Found, modifier: str) -> Number:
        language = self.context.language
        title, link = declared.title.text(language), self._linker(found.origin) if found.origin is not None else ""
        unit = words.unit(declared.unit, language)
        if modifier == "change":
            amount = words.difference(found.value, found.before, declared.compared)
            text = words.change(amount, declared.compared, language)
            title = self.context.say(f"{title}同比", f"{title}, change")
            unit = "" if declared.compared == "count" else words.unit("pp" if declared.compared == "points" else "%", language)
            return Number(f"{declared.key}.change", title, None if amount is None else round(amount, 6), text, unit, link)
        value = found.before if modifier else found.value
        if modifier:
            title = self.context.say(f"上年同期{title}", f"{title}, a year before")
        text = words.digits(value, declared.decimals, language)
        if value is not None and not isinstance(value, str) and self._with_suffix(declared):
            text += declared.suffix.text(language)
        return Number(f"{declared.key}.{modifier}" if modifier else declared.key, title, value, text, unit, link)

    def _with_suffix(self, declared: NumberKey) -> bool:
        """Counts carry no measure word of their own: the text says what is counted."""
        return bool(declared.unit) or declared.suffix.zh == "分"

    def _indicator(self, key: str) -> Number:
        if self._measured is None:
            self._measured = Measured(self.context)
        return self._measured.number(key, self._linker)

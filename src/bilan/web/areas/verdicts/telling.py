"""How values, limits and their sources are said in the reasons of a verdict."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from bilan.science.standards.water.words import clause_in_english
from bilan.web.areas.verdicts.shape import Item, Reasons, Rule
from bilan.web.areas.verdicts.words import listed
from bilan.web.components import numbers

OVER = 2
LEAST = 0.01
"""From here on two decimals say how many times over a value is."""
_PLAIN = {"1", "level", "dimensionless"}
"""Units that are not printed."""


def over_or_within(items: list[Item], rules: list[Rule]) -> Reasons:
    """Reasons of a verdict that only says whether limits are met, the items over a limit first."""
    over = tuple(item.name for item in items if item.decides)
    return Reasons(
        decided=[_("Over the limit: %(items)s") % {"items": listed(over)}] if over else [],
        items=sorted(items, key=lambda item: (not item.decides, not item.counted)),
        rules=rules,
        unverified=any(item.unverified for item in items if item.counted) or any(entry.unverified for entry in rules),
    )


def decided(names: tuple[str, ...]) -> str:
    """Say which items decided."""
    return _("Decided by %(items)s") % {"items": listed(names)}


def titled(name: str, symbol: str, column: str) -> str:
    """Name of an item with its symbol where that says more."""
    return name if not symbol or symbol in {name, column} else f"{name} {symbol}"


def figure(value: Any) -> str:
    """A value with four significant digits."""
    return numbers.digits(float(f"{float(value):.4g}") if isinstance(value, int | float) else None)


def short(value: Any) -> str:
    """A value in as few digits, or the sign for nothing."""
    return f"{value:.4g}" if isinstance(value, int | float) else numbers.NOTHING


def unit_text(unit: str) -> str:
    """A unit as it is printed."""
    return "" if unit in _PLAIN else numbers.unit(unit)


def bounds(lower: float | None, upper: float | None) -> str:
    """Limits as they are printed."""
    if lower is not None and upper is not None:
        return f"{lower:g}–{upper:g}"
    return f"≤ {upper:g}" if upper is not None else f"≥ {lower:g}" if lower is not None else ""


def times(factor: Any) -> str:
    """How many times over."""
    return "" if factor is None else _("%(times)s times over") % {"times": numbers.digits(factor, 2 if factor >= LEAST else 4)}


def mean_of(samples: Any, averaging: str = "") -> str:
    """What a value is a mean of."""
    if not samples:
        return ""
    words = _("mean of %(number)s hours") if averaging == "day" else _("mean of %(number)s readings or days")
    return words % {"number": samples}


def clause_text(clause: str) -> str:
    """A clause in the reader's language."""
    return clause_in_english(clause) if numbers.language() == "en" else clause

"""Colours: of series, and of values between two bounds; the official colours of grades are never used here."""

from __future__ import annotations

import math

from bilan.science.figures.spec import Scale

SERIES = ("#0b6bcb", "#0f766e", "#a04a06", "#7c3aed", "#be185d", "#4d7c0f", "#0e7490", "#6b7280")
INK, SOFT, LINE = "#16242f", "#52616d", "#d9e0e6"
PALETTES: dict[str, tuple[str, ...]] = {
    "heat": ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"),
    "azure": ("#e8f1fa", "#bcd8f2", "#86b7e4", "#4c92d3", "#0b6bcb", "#0a4f97", "#083763"),
    "diverging": ("#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fddbc7", "#ef8a62", "#b2182b"),
}
NOTHING = "rgba(0,0,0,0)"


def colour(value: float | None, scale: Scale, lower: float, upper: float) -> str:
    """The colour of a value on a scale; nothing for no value.

    Examples:
        >>> colour(0.0, Scale(palette="azure"), 0, 1), colour(2.0, Scale(palette="azure"), 0, 1), colour(None, Scale(), 0, 1)
        ('#e8f1fa', '#083763', 'rgba(0,0,0,0)')
    """
    if value is None or math.isnan(value):
        return NOTHING
    if scale.steps:
        return next((step.colour for step in scale.steps if value <= step.upper), scale.steps[-1].colour)
    stops = PALETTES[scale.palette]
    share = 0.0 if upper <= lower else min(1.0, max(0.0, (value - lower) / (upper - lower)))
    at = share * (len(stops) - 1)
    left = min(int(at), len(stops) - 2)
    pairs = zip(_channels(stops[left]), _channels(stops[left + 1]), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * (at - left)):02x}" for one, other in pairs)


def series(at: int, given: tuple[str, ...] = ()) -> str:
    """The colour of the series at a place."""
    chosen = given or SERIES
    return chosen[at % len(chosen)]


def _channels(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)

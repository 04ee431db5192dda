"""Pollutants and differences as they are printed."""

from __future__ import annotations

from bilan.web.components import numbers


def symbol(name: str) -> str:
    """A pollutant as it is printed, with the digit of O₃, SO₂ and NO₂ lowered.

    Examples:
        >>> symbol("O3"), symbol("PM2.5")
        ('O₃', 'PM2.5')
    """
    return {"O3": "O₃", "SO2": "SO₂", "NO2": "NO₂"}.get(name, name)


def primary(main: str) -> str:
    """Primary pollutants as printed: those of a verdict are separated by commas."""
    between = ", " if numbers.language() == "en" else "、"
    return between.join(symbol(name) for name in (main or "").split(",") if name)


def signed(value: float, decimals: int) -> str:
    """A difference with its sign.

    Examples:
        >>> signed(-1.26, 1), signed(3, 0)
        ('−1.3', '+3')
    """
    shown = numbers.digits(abs(value), decimals)
    zero = not float(shown.replace(",", ""))
    return "±0" if zero else f"{'+' if value > 0 else '−'}{shown}"

"""Charts as SVG: what is printed in Word and PDF is drawn here once, with its values written beside the marks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 640
INK, SOFT, LINE, AZURE, AMBER = "#16242f", "#51606d", "#d5dde4", "#0b6bcb", "#b45309"
FONTS = "Noto Sans CJK SC, Microsoft YaHei, SimHei, PingFang SC, sans-serif"
_BAR = 22
_WIDE = 0x2E80
"""From here on characters take the width of a whole square."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its value, the text at its end and its colour; a value of None draws no bar."""

    name: str
    value: float | None
    text: str
    colour: str = AZURE


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart over time."""

    name: str
    values: Sequence[float | None]
    colour: str = AZURE
    dashed: bool = False


def bars(rows: Sequence[Bar], *, full: float | None = None, width: int = WIDTH) -> tuple[str, float]:
    """Lying bars with their values at the end.

    Args:
        full: value of a bar of full length; the largest value when not given.
        width: of the whole chart [px].

    Returns:
        The SVG, and its width over its height.
    """
    left = min(260, 16 + max((_width(row.name, 12) for row in rows), default=40))
    right = 16 + max((_width(row.text, 12) for row in rows), default=40)
    room, height = width - left - right, len(rows) * _BAR + 12
    most = full or max((abs(row.value) for row in rows if row.value is not None), default=1.0) or 1.0
    marks = []
    for at, row in enumerate(rows):
        y = 6 + at * _BAR
        length = 0.0 if row.value is None else max(1.0, min(1.0, abs(row.value) / most) * room)
        marks.append(_text(left - 8, y + 15, row.name, anchor="end"))
        marks.append(f'<rect x="{left}" y="{y + 4}" width="{length:.1f}" height="{_BAR - 8}" rx="2" fill="{row.colour}"/>')
        marks.append(_text(left + length + 6, y + 15, row.text, colour=SOFT))
    return _svg(height, marks, width)


def columns(
    names: Sequence[str], values: Sequence[float | None], colours: Sequence[str], unit: str, decimals: int = 0
) -> tuple[str, float]:
    """Standing columns with their values on top, such as the days of each level."""
    height, floor, top = 240, 204, 26
    most = max((value for value in values if value is not None), default=0) or 1
    step = (WIDTH - 32) / max(1, len(names))
    wide = min(64.0, step * 0.56)
    marks = [f'<line x1="16" y1="{floor}" x2="{WIDTH - 16}" y2="{floor}" stroke="{LINE}"/>', _text(16, 14, unit, colour=SOFT, size=11)]
    for at, (name, value, colour) in enumerate(zip(names, values, colours, strict=True)):
        middle = 16 + step * (at + 0.5)
        if value is not None:
            tall = value / most * (floor - top - 16)
            marks.append(
                f'<rect x="{middle - wide / 2:.1f}" y="{floor - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{colour}" '
                f'stroke="{INK}" stroke-opacity="0.15"/>'
            )
            marks.append(_text(middle, floor - tall - 5, f"{value:.{decimals}f}", anchor="middle"))
        marks.append(_text(middle, floor + 18, name, anchor="middle", colour=SOFT))
    return _svg(height, marks)


def lines(names: Sequence[str], series: Sequence[Line], unit: str, limit: float | None = None) -> tuple[str, float]:
    """Lines over time with a dashed limit; names of steps are thinned out so that they do not touch."""
    height, left, right, floor, top = 260, 44, 14, 218, 34
    known = [value for line in series for value in line.values if value is not None] + ([limit] if limit is not None else [])
    most = _round_up(max(known, default=1.0))
    room = WIDTH - left - right
    gap = room / max(1, len(names) - 1)
    marks = [_text(left, 14, unit, colour=SOFT, size=11)]
    for part in range(5):
        y = floor - part / 4 * (floor - top)
        marks.append(f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - right}" y2="{y:.1f}" stroke="{LINE}" stroke-width="0.7"/>')
        marks.append(_text(left - 6, y + 4, f"{most * part / 4:.0f}", anchor="end", colour=SOFT, size=11))
    every = max(1, -(-len(names) // 12))
    for at, name in enumerate(names):
        if at % every == 0:
            marks.append(_text(left + at * gap, floor + 18, name, anchor="middle", colour=SOFT, size=11))
    if limit is not None:
        y = floor - limit / most * (floor - top)
        marks.append(f'<line x1="{left}" y1="{y:.1f}" x2="{WIDTH - right}" y2="{y:.1f}" stroke="{AMBER}" stroke-dasharray="5 4"/>')
    x = float(WIDTH - right)
    for line in reversed(series):
        x -= _width(line.name, 12) + 30
        marks.append(f'<line x1="{x:.0f}" y1="10" x2="{x + 18:.0f}" y2="10" stroke="{line.colour}" stroke-width="2"{_dash(line)}/>')
        marks.append(_text(x + 23, 14, line.name, colour=SOFT))
        marks += _path(line, left, gap, floor, (floor - top) / most)
    return _svg(height, marks)


def _path(line: Line, left: float, gap: float, floor: float, scale: float) -> list[str]:
    parts: list[list[str]] = [[]]
    for at, value in enumerate(line.values):
        if value is None:
            parts.append([])
        else:
            parts[-1].append(f"{left + at * gap:.1f},{floor - value * scale:.1f}")
    drawn = []
    for points in (points for points in parts if points):
        if len(points) == 1:
            x, y = points[0].split(",")
            drawn.append(f'<circle cx="{x}" cy="{y}" r="2.4" fill="{line.colour}"/>')
        else:
            drawn.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{line.colour}" stroke-width="1.8"{_dash(line)}/>')
    return drawn


def _round_up(value: float) -> float:
    """The next number that four even steps of an axis reach.

    Examples:
        >>> _round_up(115), _round_up(27.3), _round_up(0)
        (120.0, 30.0, 4.0)
    """
    if value <= 0:
        return 4.0
    scale = 10.0 ** math.floor(math.log10(value / 4))
    return next(step * scale * 4 for step in (1, 2, 2.5, 3, 4, 5, 7.5, 10) if step * scale * 4 >= value)


def _dash(line: Line) -> str:
    return ' stroke-dasharray="4 3"' if line.dashed else ""


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = INK, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _svg(height: float, marks: Sequence[str], width: int = WIDTH) -> tuple[str, float]:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" width="{width}" height="{height:.0f}" '
    return f'{head}font-family="{FONTS}">{"".join(marks)}</svg>', width / height


def _width(text: str, size: int) -> int:
    """About how wide a text is [px]."""
    return int(sum(size if ord(char) >= _WIDE else size * 0.56 for char in text))

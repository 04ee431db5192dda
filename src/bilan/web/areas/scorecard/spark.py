"""The odds of a target over time, as a line as small as a word, from 0 to 100 per cent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.web.areas.scorecard.words import LIKELY, percent
from bilan.web.components import numbers

WIDTH, HEIGHT, MARGIN = 96, 24, 3

Point = tuple[date, float]


def spark(points: Sequence[Point], tone: str = "") -> SafeString:
    """An SVG line through the odds, oldest first, with the level from which a target is likely as a thin line.

    Parameters:
        points: day and probability, 0 to 1; fewer than two give nothing.
    """
    if len(points) < 2:
        return SafeString("")
    first, last = points[0][0].toordinal(), points[-1][0].toordinal()
    across = (WIDTH - 2 * MARGIN) / max(1, last - first)
    places = [(MARGIN + (day.toordinal() - first) * across, _height(value)) for day, value in points]
    label = _("Odds from %(before)s on %(first)s to %(now)s on %(last)s") % {
        "before": percent(points[0][1]),
        "first": numbers.wall(points[0][0], "day"),
        "now": percent(points[-1][1]),
        "last": numbers.wall(points[-1][0], "day"),
    }
    return format_html(
        '<svg class="sparkline odds-line tone-{}" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}"><title>{}</title>'
        '<line x1="0" x2="{}" y1="{}" y2="{}"/><polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        tone,
        *(WIDTH, HEIGHT, WIDTH, HEIGHT, label, label, WIDTH),
        *(f"{_height(LIKELY):.1f}", f"{_height(LIKELY):.1f}"),
        " ".join(f"{x:.1f},{y:.1f}" for x, y in places),
        *(f"{places[-1][0]:.1f}", f"{places[-1][1]:.1f}"),
    )


def _height(value: float) -> float:
    return HEIGHT - MARGIN - min(1.0, max(0.0, value)) * (HEIGHT - 2 * MARGIN)

"""A line as small as a word."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT, MARGIN = 120, 24, 3


def sparkline(values: Sequence[float | None], label: str) -> SafeString:
    """An SVG line through `values`, oldest first; missing ones are left out.

    Parameters:
        values: what is drawn, on a scale of its own.
        label: what the line shows, for those who do not see it.
    """
    known = [(at, value) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return SafeString("")
    low, high = min(value for _, value in known), max(value for _, value in known)
    across = (WIDTH - 2 * MARGIN) / max(1, len(values) - 1)
    up = (HEIGHT - 2 * MARGIN) / ((high - low) or 1)
    places = [(MARGIN + at * across, HEIGHT - MARGIN - (value - low) * up) for at, value in known]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>',
        WIDTH,
        HEIGHT,
        WIDTH,
        HEIGHT,
        label,
        line,
        f"{places[-1][0]:.1f}",
        f"{places[-1][1]:.1f}",
    )

"""The reliability diagram as a small SVG."""

from __future__ import annotations

import polars as pl

SIZE, LEFT, TOP, SIDE = 460, 64, 24, 340
INK, QUIET, LINE, BRAND = "#16242f", "#5b6b78", "#d8dfe5", "#0b6bcb"


def diagram(table: pl.DataFrame) -> str:
    """Draw said against come true, with the number of statements as the size of each mark.

    Args:
        table: columns said and came true [%], statements.
    """
    said = [float(value) for value in table["said"]]
    came = [float(value) for value in table["came true"]]
    counts = table["statements"].to_list()
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" role="img" '
        'font-family="Noto Sans SC, Noto Sans, sans-serif" font-size="13">',
        "<title>Reliability of the odds · 目标把握度的可靠性</title>",
        f'<rect width="{SIZE}" height="{SIZE}" fill="#ffffff"/>',
    ]
    for percent in range(0, 101, 20):
        parts += [
            f'<path d="M{_x(percent)} {_y(0)}V{_y(100)}M{_x(0)} {_y(percent)}H{_x(100)}" stroke="{LINE}"/>',
            f'<text x="{_x(percent)}" y="{_y(0) + 20}" text-anchor="middle" fill="{QUIET}">{percent}</text>',
            f'<text x="{LEFT - 8}" y="{_y(percent) + 4}" text-anchor="end" fill="{QUIET}">{percent}</text>',
        ]
    parts.append(f'<path d="M{_x(0)} {_y(0)}L{_x(100)} {_y(100)}" stroke="{QUIET}" stroke-dasharray="4 4"/>')
    points = " ".join(f"{_x(a)},{_y(b)}" for a, b in zip(said, came, strict=True))
    parts.append(f'<polyline points="{points}" fill="none" stroke="{BRAND}" stroke-width="2"/>')
    for a, b, count in zip(said, came, counts, strict=True):
        radius = round(3.0 + 9.0 * (count / max(counts)) ** 0.5, 1)
        title = f"{a:.0f} % → {b:.0f} % ({count:,})"
        parts.append(f'<circle cx="{_x(a)}" cy="{_y(b)}" r="{radius}" fill="{BRAND}" fill-opacity="0.8"><title>{title}</title></circle>')
    middle = _y(50)
    parts += [
        f'<text x="{_x(50)}" y="{_y(0) + 46}" text-anchor="middle" fill="{INK}">said · 说的把握 [%]</text>',
        f'<text x="18" y="{middle}" text-anchor="middle" fill="{INK}" transform="rotate(-90 18 {middle})">came true · 实际兑现 [%]</text>',
        f'<text x="{SIZE - 16}" y="{SIZE - 8}" text-anchor="end" fill="{QUIET}" font-size="11">'
        f"{sum(counts):,} statements; the larger a mark, the more · 标记越大，陈述越多</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(percent: float) -> float:
    return round(LEFT + SIDE * percent / 100.0, 1)


def _y(percent: float) -> float:
    return round(TOP + SIDE * (1.0 - percent / 100.0), 1)

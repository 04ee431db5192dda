"""A figure drawn by matplotlib: for notebooks, papers and reports."""

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine

from bilan.problems import LANGUAGES
from bilan.science.figures import drawing_calendar, drawing_compass, drawing_plane
from bilan.science.figures.palettes import INK, LINE, SERIES, SOFT
from bilan.science.figures.spec import Specification

_FRAMES = {"plane": drawing_plane.add, "compass": drawing_compass.add, "calendar": drawing_calendar.add}
_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei", "WenQuanYi Micro Hei", "Heiti SC")


def draw(figure: Specification, language: str = LANGUAGES[0], size: tuple[float, float] | None = None) -> Canvas:
    """Draw a figure.

    Parameters:
        size: width and height [inch]; by the number of drawings when not given.
    """
    with style():
        drawings = list(figure.parts) or [figure]
        wide = min(figure.columns, len(drawings))
        high = -(-len(drawings) // wide)
        canvas = Canvas(figsize=size or _size(figure, wide, high), layout=ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.06))
        for at, drawing in enumerate(drawings):
            axes = canvas.add_subplot(high, wide, at + 1, projection="polar" if drawing.frame == "compass" else None)
            _FRAMES[drawing.frame](axes, drawing, language)
            if figure.parts and drawing.title:
                axes.set_title(drawing.title.text(language), fontsize=10)
        if figure.parts and figure.scale:
            drawing_plane.bar(canvas.axes, figure, figure.scale, language)
        _one_legend(canvas)
        if figure.title:
            canvas.suptitle(figure.title.text(language), fontweight="bold")
        if figure.note:
            canvas.supxlabel(figure.note.text(language), fontsize=8, color=SOFT)
    return canvas


def _one_legend(canvas: Canvas) -> None:
    """Where all drawings have the same legend, keep it once, beside them."""
    found = [(axes, *axes.get_legend_handles_labels()) for axes in canvas.axes]
    shown = [(axes, handles, labels) for axes, handles, labels in found if labels]
    if len(shown) < 2 or any(labels != shown[0][2] for _, _, labels in shown):
        return
    for axes, _, _ in shown:
        if (legend := axes.get_legend()) is not None:
            legend.remove()
    canvas.legend(shown[0][1], shown[0][2], loc="outside right upper")


def write(figure: Specification, path: Path, language: str, size: tuple[float, float] | None) -> None:
    """Draw a figure into a file of the kind its name ends with."""
    with style():
        draw(figure, language, size).savefig(path, dpi=160)


def svg(figure: Specification, language: str) -> str:
    """The figure as SVG text."""
    with style():
        kept = io.StringIO()
        draw(figure, language).savefig(kept, format="svg")
        return kept.getvalue()


@contextmanager
def style() -> Generator[None]:
    """The house style, with a font that has Chinese letters where the machine has one."""
    fonts = [*chinese_fonts(), "DejaVu Sans"]
    settings: Any = {
        "font.family": fonts,
        "axes.unicode_minus": False,
        "axes.prop_cycle": cycler(color=SERIES),
        "axes.edgecolor": SOFT,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": LINE,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "legend.frameon": False,
        "legend.fontsize": 8,
        "font.size": 9,
        "lines.linewidth": 1.5,
        "svg.hashsalt": "bilan",
    }
    with mpl.rc_context(settings):
        yield


@cache
def chinese_fonts() -> tuple[str, ...]:
    """The first known font with Chinese letters that is installed."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return tuple(name for name in _CHINESE if name in installed)[:1]


def _size(figure: Specification, wide: int, high: int) -> tuple[float, float]:
    if figure.frame == "calendar" and not figure.parts:
        years = figure.data[figure.layers[0].x].dt.year().n_unique()
        return 10.0, 1.0 + 1.6 * max(1, years)
    if wide == high == 1:
        return (6.0, 5.5) if figure.frame == "compass" or figure.equal else (7.2, 4.2)
    return 4.2 * wide, 3.6 * high

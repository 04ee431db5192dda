"""How one cell of a table is shown, by the kind of its column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.html import conditional_escape, format_html

from bilan.telemetry import clock
from bilan.web import site
from bilan.web.components import levels, numbers

if TYPE_CHECKING:
    from bilan.web.components.table import Column

Renderer = Callable[["Column", Any], str]


def render(column: Column, row: Mapping[str, Any]) -> str:
    """HTML of the cell of `column` in `row`."""
    shown = column.render(row) if column.render else RENDERERS[column.kind](column, row.get(column.name))
    if column.live is not None and (key := column.live(row)):
        decimals = "" if column.decimals is None else column.decimals
        shown = format_html('<span data-live="{}" data-kind="{}" data-decimals="{}">{}</span>', key, column.kind, decimals, shown)
    if column.href is not None and (address := column.href(row)):
        return format_html('<a href="{}">{}</a>', address, shown)
    return conditional_escape(shown)


def sort_key(value: Any) -> tuple[int, Any]:
    """Something to sort mixed values by: numbers before text."""
    return (0, value) if isinstance(value, int | float) else (1, str(value))


def _text(_column: Column, value: Any) -> str:
    return numbers.NOTHING if value is None or value == "" else str(value)


def _number(column: Column, value: Any) -> str:
    return numbers.digits(value, column.decimals)


def _share(_column: Column, value: Any) -> str:
    return numbers.NOTHING if value is None else f"{numbers.digits(100 * value, 1)} %"


def _time(_column: Column, value: Any) -> str:
    if value is None:
        return numbers.NOTHING
    return format_html('<time datetime="{}">{}</time>', numbers.wall(value, "iso"), numbers.wall(value))


def _age(_column: Column, value: Any) -> str:
    """The value is a moment; shown is how long ago it was."""
    if value is None:
        return numbers.NOTHING
    passed = max(0, clock.now(site.city().timezone) - int(value))
    return format_html(
        '<time datetime="{}" title="{}" data-age="{}">{}</time>',
        numbers.wall(value, "iso"),
        numbers.wall(value, "full"),
        int(value),
        numbers.age(passed),
    )


def _level(kind: str) -> Renderer:
    def show(_column: Column, value: Any) -> str:
        found = levels.level(kind, value)
        if found is None:
            return numbers.NOTHING
        return format_html(
            '<span class="badge"><i class="swatch" style="background:{}"></i>{}</span>', found.fill, found.label(numbers.language())
        )

    return show


RENDERERS: dict[str, Renderer] = {
    "text": _text,
    "number": _number,
    "share": _share,
    "time": _time,
    "age": _age,
    **{kind: _level(kind) for kind in levels.kinds()},
}
"""Kind of a column → how its cells are shown."""

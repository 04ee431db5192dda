"""Markdown: tables, and texts in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bilan.pack.registers.words import SEPARATOR, Bilingual


def both(text: Bilingual) -> str:
    """A text in both languages, once when they are the same.

    Examples:
        >>> both(Bilingual("河流", "Rivers")), both(Bilingual("COD", "COD"))
        ('河流 · Rivers', 'COD')
    """
    return text.zh if text.en in ("", text.zh) else f"{text.zh}{SEPARATOR}{text.en}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lay rows out as a table, with an empty line behind it; nothing for no rows."""
    lines = [f"| {' | '.join(cell(text) for text in row)} |" for row in rows]
    return [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}", *lines, ""] if lines else []


def cell(text: str) -> str:
    """A text that cannot break out of its cell."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;").replace("*", "\\*")


def code(text: str) -> str:
    """A text as code."""
    return f"`{text.replace('`', ' ')}`" if text else ""

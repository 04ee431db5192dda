"""Dossiers on paper: PDF and Word, from the same masked data as the page."""

from __future__ import annotations

from collections.abc import Callable

from bilan.registers.printing.model import Printed
from bilan.registers.printing.pdf import pdf
from bilan.registers.printing.word import word

__all__ = ["FORMS", "Printed", "pdf", "word"]


def _pdf(printed: Printed) -> tuple[bytes, str]:
    return pdf(printed), "application/pdf"


def _docx(printed: Printed) -> tuple[bytes, str]:
    return word(printed), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


FORMS: dict[str, Callable[[Printed], tuple[bytes, str]]] = {"pdf": _pdf, "docx": _docx}
"""Name of a kind of file → what writes it: content and media type."""

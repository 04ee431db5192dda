"""Pages about what happened to registers; each kind of page has a module of its own."""

from __future__ import annotations

from bilan.web.areas.ledgers import changes, duplicates, history, lists

__all__ = ["changes", "duplicates", "history", "lists"]

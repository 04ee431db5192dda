"""Pages about what happened to registers; each kind of page has a module of its own."""

from __future__ import annotations

from bilan.web.areas.ledgers import changes, history

__all__ = ["changes", "history"]

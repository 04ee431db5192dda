"""The pages of the area; importing them registers them."""

from __future__ import annotations

from bilan.web.areas.field import data, labels, shell, sync, uploads

__all__ = ["data", "labels", "shell", "sync", "uploads"]

"""The analyses of the workbench as data: what each is for, what it needs, its settings, where it comes from and what it cannot tell."""

from __future__ import annotations

from bilan.pack.analyses.loading import analyses, column_words
from bilan.pack.analyses.model import Analysis, Needs, Setting, SettingKind

__all__ = ["Analysis", "Needs", "Setting", "SettingKind", "analyses", "column_words"]

"""The pages of plans and their commitments; the section of the rail stands with the scorecard."""

from __future__ import annotations

from bilan.web.areas.commitments import addpage, comparepage, exporting, listpage, newpage, onepage, reviewpage

AREA = (addpage, comparepage, exporting, listpage, newpage, onepage, reviewpage)
"""Modules whose pages are registered because they are loaded."""

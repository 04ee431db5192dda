"""Surface water by GB 3838 and the national evaluation measure: classes, periods, basins, lakes, indices, trends."""

from __future__ import annotations

from bilan.science.standards.water.classify import classify

__all__ = ["classify"]

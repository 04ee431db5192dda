"""Ecology from rasters: vegetation indices, where they fell and how much, trends pixel by pixel."""

from __future__ import annotations

from bilan.science.ecology.change import Change, Patch, vegetation_change
from bilan.science.ecology.indices import ndvi, otsu
from bilan.science.ecology.trend import PixelTrend, pixel_trend

__all__ = ["Change", "Patch", "PixelTrend", "ndvi", "otsu", "pixel_trend", "vegetation_change"]

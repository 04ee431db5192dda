"""Figures said once and drawn anywhere: data, axes and layers with words in two languages."""

from bilan.science.figures.figure import Figure
from bilan.science.figures.palettes import PALETTES, SERIES
from bilan.science.figures.spec import Axis, Group, Layer, Scale, Specification, Step, Words

__all__ = ["PALETTES", "SERIES", "Axis", "Figure", "Group", "Layer", "Scale", "Specification", "Step", "Words"]

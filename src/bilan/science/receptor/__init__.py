"""Receptor modelling, how much each source brings, learnt from the species alone: `from bilan.science import receptor`."""

from bilan.science.receptor.bootstrap import Bootstrap, bootstrap
from bilan.science.receptor.charts import contribution_figure, profile_figure, uncertainty_figure
from bilan.science.receptor.displacement import Displacement, displacement
from bilan.science.receptor.pmf import pmf
from bilan.science.receptor.solution import Solution
from bilan.science.receptor.speciation import Category, Speciation, speciation, uncertainty

__all__ = [
    "Bootstrap",
    "Category",
    "Displacement",
    "Solution",
    "Speciation",
    "bootstrap",
    "contribution_figure",
    "displacement",
    "pmf",
    "profile_figure",
    "speciation",
    "uncertainty",
    "uncertainty_figure",
]

"""Volatile organic compounds: 57 species, units, ozone formation potential, OH reactivity, ratios, ranking."""

from __future__ import annotations

from bilan.science.standards.voc.reactivity import RATIOS, Ratio, oh_reactivity, ozone_potential, ratios, top_species
from bilan.science.standards.voc.species import Species, species
from bilan.science.standards.voc.units import mass_per_ppb, molecules_per_ppb, to_mass, to_ppb

__all__ = [
    "RATIOS",
    "Ratio",
    "Species",
    "mass_per_ppb",
    "molecules_per_ppb",
    "oh_reactivity",
    "ozone_potential",
    "ratios",
    "species",
    "to_mass",
    "to_ppb",
    "top_species",
]

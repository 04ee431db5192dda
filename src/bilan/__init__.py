"""Bilan (碧蓝): the platform a city's ecology-and-environment bureau runs its work on."""

__version__ = "0.1.0"

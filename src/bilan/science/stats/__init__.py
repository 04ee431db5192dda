"""Statistics of series with weather: variation, roses, polar plots, clusters, trends, normalisation, relations, evaluation of models."""

from bilan.science.stats.clusters import Clusters, polar_clusters
from bilan.science.stats.correlation import Correlations, correlations
from bilan.science.stats.coverage import Coverage, coverage
from bilan.science.stats.direction import Probability, Source, cpf, source_direction
from bilan.science.stats.evaluation import model_statistics, target, taylor
from bilan.science.stats.panels import Place
from bilan.science.stats.polar import Polar, conditional_probability, polar_plot
from bilan.science.stats.proportion import time_proportion
from bilan.science.stats.relation import Relation, relation
from bilan.science.stats.result import Analysis
from bilan.science.stats.roses import Rose, pollution_rose, wind_rose
from bilan.science.stats.smooth import Smooth, smooth_trend
from bilan.science.stats.trend import Trend, trend
from bilan.science.stats.variation import calendar, time_variation
from bilan.science.stats.weather import Normalised, normalise_weather

__all__ = [
    "Analysis",
    "Clusters",
    "Correlations",
    "Coverage",
    "Normalised",
    "Place",
    "Polar",
    "Probability",
    "Relation",
    "Rose",
    "Smooth",
    "Source",
    "Trend",
    "calendar",
    "conditional_probability",
    "correlations",
    "coverage",
    "cpf",
    "model_statistics",
    "normalise_weather",
    "polar_clusters",
    "polar_plot",
    "pollution_rose",
    "relation",
    "smooth_trend",
    "source_direction",
    "target",
    "taylor",
    "time_proportion",
    "time_variation",
    "trend",
    "wind_rose",
]

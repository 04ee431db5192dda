"""The analysis workbench: statistics of series with weather, receptor models, evaluation of models."""

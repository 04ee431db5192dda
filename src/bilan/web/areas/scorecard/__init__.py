"""Pages about promises and numbers: scorecard, targets, indicators, reported figures."""

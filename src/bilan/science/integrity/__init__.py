"""Can these numbers be true? Patterns of falsified and faulty measurement, as pure functions on columns.

Every pattern is a function from a Polars frame (eager or lazy) to the same frame with three columns more, named after
the pattern: `constant` (does it hold at this moment?), `constant_score` (evidence so far) and `constant_began` (start
of the episode that is under way). Rows are the moments of one point in time order, at equal steps; a moment without a value is a
row with null, or no row. Moments when the plant stands still are told by `running` and are never evidence.
"""

from bilan.science.integrity.catalogue import PATTERNS, Pattern
from bilan.science.integrity.clipping import clipped
from bilan.science.integrity.copies import copied_days, copied_points
from bilan.science.integrity.episodes import episodes
from bilan.science.integrity.frames import regular, running
from bilan.science.integrity.levels import calibrated_away, drift
from bilan.science.integrity.night import night_shift
from bilan.science.integrity.ratios import PAIRS, Pair, impossible_ratio, misconverted
from bilan.science.integrity.repeats import constant, stair
from bilan.science.integrity.spikes import outlying
from bilan.science.integrity.weather import ignores_weather
from bilan.science.integrity.working import flow_without_load, treatment_off

__all__ = [
    "PAIRS",
    "PATTERNS",
    "Pair",
    "Pattern",
    "calibrated_away",
    "clipped",
    "constant",
    "copied_days",
    "copied_points",
    "drift",
    "episodes",
    "flow_without_load",
    "ignores_weather",
    "impossible_ratio",
    "misconverted",
    "night_shift",
    "outlying",
    "regular",
    "running",
    "stair",
    "treatment_off",
]

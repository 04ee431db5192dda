"""From minutes to hours to days, by the validity rules of the standards."""

from bilan.telemetry.rollup.aggregation import roll_up
from bilan.telemetry.rollup.rules import Rule, rules
from bilan.telemetry.rollup.running import Rolled, days_from_hours, fill, hours_from_minutes, run

__all__ = ["Rolled", "Rule", "days_from_hours", "fill", "hours_from_minutes", "roll_up", "rules", "run"]

"""From readings to verdicts: roll up what arrived, judge it by the national standard, keep what pages need at hand."""

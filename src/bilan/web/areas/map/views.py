"""The map of all points: placeholder until its parts are imported."""

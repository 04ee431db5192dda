"""The standards as tables: what is in force, what a new edition changes, what nobody has verified."""

"""Sample entries of every register of the demo city: made up from a seed, placed inside its districts, linked to one another."""

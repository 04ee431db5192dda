"""A city's instruments without the city: signals of every network, a fleet of loggers, replay of recorded data."""

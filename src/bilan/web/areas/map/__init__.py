"""Every point of the city on one map."""

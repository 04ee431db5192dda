"""Series of several points compared."""

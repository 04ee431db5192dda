"""Plans: what was promised, what became of it, and the odds that it will be kept."""

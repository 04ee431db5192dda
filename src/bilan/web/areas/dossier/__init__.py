"""One page for one thing."""

"""Every component in every state, for looking at and for tests; not part of a running city."""

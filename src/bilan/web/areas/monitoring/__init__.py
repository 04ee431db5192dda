"""Networks and points: what the instruments say now."""

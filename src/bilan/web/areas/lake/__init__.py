"""The lake's tables: what they hold, from where, how fresh they are, and how analysts open them."""

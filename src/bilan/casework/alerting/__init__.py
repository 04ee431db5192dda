"""From findings to episodes: opening, rising, acknowledging, explaining, folding, clearing and raising again."""

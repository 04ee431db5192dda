"""The start page: how the city's air and water are now and this year, what changed, what needs a hand."""

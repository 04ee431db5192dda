"""Import: readings from files, tried first, then written."""

"""The face: the web site of a city, its components, its pages and its API."""

"""Tests of the platform; a package of its own name, because an installed one called the same would be found first."""

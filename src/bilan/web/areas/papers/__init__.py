"""Enforcement documents of cases."""

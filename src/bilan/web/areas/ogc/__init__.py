"""Addresses of OGC API – Features."""

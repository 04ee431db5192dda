"""Persons and what they belong to, may and did; everybody's own account."""

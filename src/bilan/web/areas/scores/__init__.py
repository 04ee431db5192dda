"""Scored tables: who earns what grade, why, and what would raise it."""

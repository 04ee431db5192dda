"""Reports: outlines, issues, the numbers in them and what changed between two."""

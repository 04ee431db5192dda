"""Appraisals of the districts: ranking, item by item with why, appeals, and what would be if."""

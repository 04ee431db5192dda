"""Who may see and do what: persons, roles, districts, and the one place that decides."""

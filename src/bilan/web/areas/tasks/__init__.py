"""Tasks of the plans: board, course in time, progress of departments and districts, what is late."""

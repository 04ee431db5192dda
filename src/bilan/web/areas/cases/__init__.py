"""Cases: the list, one case and its steps, boards and figures, giving out work, campaigns and random inspections."""

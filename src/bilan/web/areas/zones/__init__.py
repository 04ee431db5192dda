"""What applies here: zones checked for a place, an activity and a day."""

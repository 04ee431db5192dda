"""What belongs to the frame of the site: search, live values, outlines."""

"""What the city has: entries, their links and their history; one door to read, one to write."""

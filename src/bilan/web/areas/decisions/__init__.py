"""What the public may know of cases."""

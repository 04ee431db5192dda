"""What the law and nature say: standards, limits and methods as pure functions on columns."""

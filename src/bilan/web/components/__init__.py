"""What pages are made of: tables, levels, numbers, exports."""

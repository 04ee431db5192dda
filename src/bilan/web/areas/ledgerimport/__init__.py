"""Import of registers from files: template, upload, mapping, dry run, corrections, writing."""

"""Quarantine: telegrams and rows of files that could not be used, corrected and replayed by people."""

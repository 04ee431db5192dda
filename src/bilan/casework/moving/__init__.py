"""The one door through which cases are opened and moved."""

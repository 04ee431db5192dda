"""Indicators computed: the tables they ask, the room their queries run in, values that are kept, and the rows behind a value."""

from __future__ import annotations

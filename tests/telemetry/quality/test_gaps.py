from __future__ import annotations

from datetime import datetime

import polars as pl

from bilan.telemetry.quality import completeness, missing

BEGIN, END = datetime(2026, 2, 28, 22), datetime(2026, 3, 1, 3)
FRAME = pl.DataFrame(
    {
        "point": ["A", "A", "A", "B"],
        "start": [datetime(2026, 2, 28, 22), datetime(2026, 3, 1, 0), datetime(2026, 3, 1, 1), datetime(2026, 3, 1, 2)],
        "o3": [1.0, 2.0, None, 4.0],
    }
)


def test_completeness():
    assert completeness(FRAME, BEGIN, END).rows() == [("A", "o3", 5, 2, 0.4), ("B", "o3", 5, 1, 0.2)]


def test_gaps_run_over_midnight_and_month():
    assert missing(FRAME, BEGIN, END).rows() == [
        ("A", "o3", datetime(2026, 2, 28, 23), datetime(2026, 3, 1, 0)),
        ("A", "o3", datetime(2026, 3, 1, 1), datetime(2026, 3, 1, 3)),
        ("B", "o3", BEGIN, datetime(2026, 3, 1, 2)),
    ]

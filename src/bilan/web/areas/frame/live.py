"""What has changed since a page last asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bilan.evaluation.methods import KINDS
from bilan.pack import vocab
from bilan.people.monitoring import Monitoring, series_key
from bilan.web.components import numbers
from bilan.web.components.levels import level


@dataclass(frozen=True, slots=True)
class Changes:
    """Changed values.

    Attributes:
        version: newest arrival among all that was asked for [s of the wall clock]; ask again from here.
        size: number of values watched, so that a new one changes the tag.
        values: what arrived since, each with the ``key`` that elements carry in ``data-live``.
    """

    version: int
    size: int
    values: list[dict[str, Any]]


def changes(monitoring: Monitoring, points: Sequence[str], since: int) -> Changes:
    """Latest values and verdicts of `points` that arrived at `since` [s of the wall clock] or later; verdicts as ``POINT/METHOD``."""
    if not points:
        return Changes(since, 0, [])
    rows = monitoring.latest(points).to_dicts()
    verdicts = monitoring.latest_verdicts(list(KINDS), points).to_dicts()
    version = max([row["arrived"] for row in rows] + [row["computed"] for row in verdicts], default=0)
    values = [_value(row) for row in rows if row["arrived"] >= since]
    values += [_verdict(row) for row in verdicts if row["computed"] >= since]
    return Changes(version, len(rows) + len(verdicts), values)


def _value(row: dict[str, Any]) -> dict[str, Any]:
    parameter = vocab.parameters().get(row["parameter"])
    return {
        "key": live_key(row),
        "point": row["point"],
        "value": row["value"],
        "text": numbers.digits(row["value"], parameter.decimals if parameter else None),
        "start": row["start"],
        "end": row["start"] + row["seconds"],
        "time": numbers.wall(row["start"]),
        "flag": row["flag"],
        "quality": row["quality"],
    }


def _verdict(row: dict[str, Any]) -> dict[str, Any]:
    reached = level(KINDS[row["method"]], row["grade"])
    return {
        "key": f"{row['point']}/{row['method']}",
        "point": row["point"],
        "value": row["value"],
        "text": numbers.digits(row["value"], 0),
        "start": row["start"],
        "end": row["start"] + row["seconds"],
        "time": numbers.wall(row["start"]),
        "kind": KINDS[row["method"]],
        "grade": row["grade"],
        "label": reached.label(numbers.language()) if reached else numbers.NOTHING,
        "fill": reached.fill if reached else "",
    }


def live_key(row: dict[str, Any]) -> str:
    """The key under which an element of the page follows a series."""
    key = series_key(row)
    return f"{key.point}/{key.parameter}/{key.statistic}/{key.interval}"

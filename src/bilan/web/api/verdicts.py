"""What the standards say about what was measured."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from ninja import Router

from bilan.evaluation.methods import KINDS
from bilan.web.api import arguments
from bilan.web.api.base import language
from bilan.web.components.levels import level

router = Router(tags=["verdicts"])


@router.get("/verdicts", summary="Verdicts by national standard · 评价结果")
def verdicts(
    request: HttpRequest,
    method: str,
    points: str = "",
    begin: str = "",
    end: str = "",
    latest: bool = False,
    limit: int = arguments.PAGE,
    offset: int = 0,
) -> dict[str, Any]:
    """Verdicts with begin ≤ time < end, or the latest of each point.

    The methods are ``air.hour``, ``air.day``, ``water.hour``, ``water.month``, ``sea.day``, ``sea.sample``, ``groundwater.month``,
    ``groundwater.sample``, ``drinking.month``, ``drinking.sample``, ``noise.day``, ``emission.day`` and ``emission.hour``, which has
    only the hours over a limit.
    """
    codes = arguments.codes(points)
    if latest:
        frame = request.monitoring.latest_verdicts(method, codes)
    else:
        first, last = arguments.period(begin, end, timedelta(days=7))
        frame = request.monitoring.verdicts(method, codes, first, last)
    size, start = max(1, min(limit, arguments.LARGEST_PAGE)), max(0, min(offset, frame.height))
    return {"count": frame.height, "items": [_described(method, row) for row in frame.slice(start, size).iter_rows(named=True)]}


def _described(method: str, row: dict[str, Any]) -> dict[str, Any]:
    reached = level(KINDS.get(method, ""), row["grade"])
    return {
        **row,
        "time": arguments.iso(row["start"]),
        "level": reached.label(language()) if reached else "",
        "detail": json.loads(row["detail"]) if row["detail"] else None,
    }

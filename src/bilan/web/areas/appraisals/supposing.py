"""What would be if an indicator ended elsewhere: the ranking reckoned anew, beside the present one; nothing is kept."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _

from bilan.pack.appraisals import Appraisal, MeasureKind
from bilan.plans.appraising import Book, reckon
from bilan.plans.models import Scoring
from bilan.problems import BilanError, Problem
from bilan.web.areas.appraisals.showing import district
from bilan.web.components import numbers
from bilan.web.registry import Request


def supposed(request: Request, declared: Appraisal, book: Book, year: int, run: Scoring | None) -> dict[str, Any]:
    """What the form offers and, when it was sent, what would be.

    Raises:
        BilanError: the value is no number, or the indicator is none of the appraisal.
    """
    language = numbers.language()
    known = {item.measure.of: item.title.text(language) for item in declared.items if item.measure.kind is MeasureKind.INDICATOR}
    indicator, where = request.GET.get("if", ""), request.GET.get("of", "")
    written = request.GET.get("ends", "").strip()
    offered: dict[str, Any] = {
        "indicators": list(known.items()),
        "districts": [(code, district(code)) for code in book.districts],
        "indicator": indicator,
        "of": where,
        "ends": written,
        "rows": [],
        "open": request.planbook.everywhere(),
    }
    if not written or not offered["open"]:
        return offered
    if indicator not in known or (where and where not in book.districts):
        raise BilanError(Problem("web.bad_parameter", {"name": "if", "value": f"{indicator} {where}", "allowed": list(known)}))
    now = reckon(declared, book, year).totals if run is None else run.totals
    then = reckon(declared, book, year, {f"{indicator}|{where}": number(written)}).totals
    rows = [_row(code, now.get(code, {}), then[code]) for code in book.districts]
    offered["rows"] = sorted(rows, key=lambda row: (row["rank"] is None, row["rank"] or 0, row["who"]))
    offered["says"] = _("If %(name)s ends at %(value)s in %(where)s") % {
        "name": known[indicator],
        "value": written,
        "where": district(where) if where else _("every district"),
    }
    return offered


def number(written: str) -> float:
    """A finite number that somebody wrote.

    Raises:
        BilanError: it is none.
    """
    try:
        found = float(written)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise BilanError(Problem("appraisal.bad_value", {"value": written[:40]}))
    return found


def _row(who: str, now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    known = now.get("total") is not None and then["total"] is not None
    return {
        "who": who,
        "name": district(who),
        "total": then["total"],
        "rank": then["rank"],
        "before": now.get("total"),
        "rank_before": now.get("rank"),
        "change": round(then["total"] - now["total"], 2) if known else None,
        "falls": (then["rank"] - now["rank"]) if now.get("rank") and then["rank"] else 0,
        "climbs": (now["rank"] - then["rank"]) if now.get("rank") and then["rank"] else 0,
    }

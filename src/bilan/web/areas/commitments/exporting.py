"""Commitments of a plan as a file: the columns in which plans are annotated, so that files can be held against each other."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from bilan.people import audit
from bilan.plans.columns import COLUMNS, row
from bilan.problems import BilanError, Problem
from bilan.web.areas.commitments.filtering import Choice
from bilan.web.areas.commitments.frame import SECTION, TAKES_AWAY
from bilan.web.components import export
from bilan.web.registry import Request, page

RISKY = ("+", "-", "@", "\t", "\r")
"""Signs with which a spreadsheet would take a text for a formula; ``=`` stands here as a relation, alone in its cell."""


@page("plans/<slug:plan>/export", name="plan-export", section=SECTION, reads=TAKES_AWAY, writes=TAKES_AWAY)
def file(request: Request, plan: str) -> Any:
    """The commitments that the address chooses, as CSV, Excel or JSON; rejected ones only when it chooses them."""
    found = request.planbook.plan(plan)
    choice = Choice.read(request.GET)
    chosen = choice.of(request.planbook.commitments(found).select_related(None))
    if not choice.state:
        chosen = chosen.exclude(check_state="rejected")
    rows = [row(held, held.number) for held in chosen]
    form = request.GET.get("form", "csv")
    if form not in FORMS:
        raise BilanError(Problem("web.bad_parameter", {"name": "form", "value": form[:20], "allowed": list(FORMS)}))
    audit.record("export", found.code, request=request, detail={"form": form, "commitments": len(rows), "chosen": choice.chosen})
    return FORMS[form](f"{found.code}-commitments", rows)


def _csv(name: str, rows: list[dict[str, Any]]) -> HttpResponse:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    writer.writerows({column: _safe(value) for column, value in entry.items()} for entry in rows)
    return _file(f"\ufeff{buffer.getvalue()}", f"{name}.csv", "text/csv; charset=utf-8")


def _json(name: str, rows: list[dict[str, Any]]) -> HttpResponse:
    return _file(json.dumps(rows, ensure_ascii=False, indent=1), f"{name}.json", "application/json")


def _excel(name: str, rows: list[dict[str, Any]]) -> Any:
    return export.respond("xlsx", name, [(column, column, "") for column in COLUMNS], rows)


def _safe(value: Any) -> Any:
    risky = isinstance(value, str) and (value.startswith(RISKY) or (value.startswith("=") and value != "="))
    return f"'{value}" if risky else value


def _file(content: str, name: str, mime: str) -> HttpResponse:
    response = HttpResponse(content.encode(), content_type=mime)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


FORMS = {"csv": _csv, "xlsx": _excel, "json": _json}
"""Name in the address → what writes it."""

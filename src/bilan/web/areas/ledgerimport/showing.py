"""What the pages of an import show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.pack.registers import Register
from bilan.pack.registers.display import shown
from bilan.problems import Problem
from bilan.registers.ledger import Ledger
from bilan.tabular.sheets.targets import targets
from bilan.web.areas.ledgerimport import rows, running
from bilan.web.areas.ledgerimport.forms import DATES, POLICIES, SYSTEMS, choices_of
from bilan.web.components import numbers
from bilan.web.components.entries import link, title_of
from bilan.web.components.upload import STATES
from bilan.web.jobs import Job
from bilan.web.registry import Request

OUTCOMES = {
    "new": ("ok", gettext_lazy("new")),
    "changed": ("risk", gettext_lazy("changed")),
    "unchanged": ("quiet", gettext_lazy("unchanged")),
    "refused": ("bad", gettext_lazy("refused")),
}
KINDS = {
    "title": gettext_lazy("title"),
    "note": gettext_lazy("note"),
    "total": gettext_lazy("total"),
    "group": gettext_lazy("group title"),
    "repeated": gettext_lazy("header once more"),
    "numbers": gettext_lazy("columns counted"),
}
REPEATABLE = frozenset({"planned", "cancelled", "failed", "interrupted", "unreadable"})
PART = 40
"""Characters of a value that a difference shows."""


def job_page(request: Request, register: Register, job: Job) -> dict[str, Any]:
    """Everything the page of one import shows."""
    language, summary = numbers.language(), job.summary
    settings = running.settings_of(job)
    outcome = request.GET.get("outcome", "")
    page = rows.page(running.folder(job), outcome if outcome in OUTCOMES else "", _number(request.GET.get("page", "1")))
    counts = summary.get("counts", {})
    return {
        "job": job,
        "state": STATES[job.state],
        "share": 100 * job.done / job.total if job.total else 0,
        "told": job.told(language),
        "counts": [(name, title, counts.get(name, 0), tone) for name, (tone, title) in OUTCOMES.items()] if counts else [],
        "acceptable": counts.get("new", 0) + counts.get("changed", 0),
        "refused": counts.get("refused", 0),
        "summary": summary,
        "chosen": _said(summary.get("chosen"), language),
        "warnings": [Problem.from_dict(problem).text(language) for problem in summary.get("problems", [])],
        "notes": [{**note, "kind": KINDS.get(note["kind"], note["kind"])} for note in summary.get("notes", [])],
        "columns": [_column(column, language) for column in summary.get("columns", [])],
        "targets": choices_of(register),
        "keys": _keys(register, summary),
        "missing": [_title(register, name) for name in summary.get("missing", [])],
        "settings": settings,
        "systems": SYSTEMS.items(),
        "policies": POLICIES.items(),
        "dates": DATES.items(),
        "lines": [_line(request.ledger, register, row, language, written=job.state == "done") for row in page.rows],
        "page": page,
        "outcome": outcome,
        "repeatable": job.state in REPEATABLE or (job.state == "done" and counts.get("refused", 0) > 0),
        "refused_file": running.refused_file(job, language).is_file(),
        "changes": [(number, link("register-change", number)) for number in summary.get("changes", [])],
        "list_href": link("register-list", register.name),
    }


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 8 else 1


def _said(problem: Mapping[str, Any] | None, language: str) -> str:
    return Problem.from_dict(problem).text(language) if problem else ""


def _title(register: Register, name: str) -> str:
    """Title of a target in the reader's language."""
    found = next((target for target in targets(register) if target.name == name), None)
    return found.title.text(numbers.language()) if found else title_of(register, name)


def _keys(register: Register, summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    mapped = [column["target"] for column in summary.get("columns", [])]
    allowed = ["code", "name", *(field.name for field in register.fields.values() if field.unique)]
    return [("", _("code, else what is unique, else the name")), *((name, _title(register, name)) for name in allowed if name in mapped)]


def _column(column: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        **column,
        "reason": _said(column["reason"], language),
        "doubt": _said(column["doubt"], language),
        "percent": round(100 * column["confidence"]),
        "samples": " · ".join(column["samples"]),
        "converted": column["factor"] != 1.0,
        "factor": f"{column['factor']:,g}",
    }


def _line(ledger: Ledger, register: Register, row: dict[str, Any], language: str, *, written: bool) -> dict[str, Any]:
    detail = row["detail"]
    tone, title = OUTCOMES[row["outcome"]]
    there = row["code"] and (row["outcome"] in ("changed", "unchanged") or (written and row["outcome"] == "new"))
    return {
        "row": row["row"],
        "tone": tone,
        "title": title,
        "code": row["code"],
        "name": row["name"],
        "href": link("dossier", register.name, row["code"]) if there else "",
        "differences": [_difference(ledger, register, name, pair) for name, pair in detail.get("differences", {}).items()],
        "notes": [_bare(note, language) for note in detail.get("notes", [])],
        "problems": [_wrong(problem, row["row"], language) for problem in detail.get("problems", [])],
    }


def _bare(problem: Mapping[str, Any], language: str) -> str:
    return Problem(problem["code"], problem.get("values", {})).text(language)


def _wrong(problem: Mapping[str, Any], row: int, language: str) -> dict[str, Any]:
    place = problem.get("place") or {}
    cells = [{**cell, "name": f"{row}-{cell['letter']}"} for cell in problem.get("cells", [])]
    return {"column": place.get("column", ""), "text": _bare(problem, language), "cells": cells}


def _difference(ledger: Ledger, register: Register, name: str, pair: list[Any] | None) -> dict[str, str]:
    if pair is None:
        return {"title": _title(register, name), "before": "＊＊＊", "after": "＊＊＊"}
    before, after = (_value(ledger, register, name, value) for value in pair)
    return {"title": _title(register, name), "before": before, "after": after}


def _value(ledger: Ledger, register: Register, name: str, value: Any) -> str:
    field = register.fields.get(name)
    if field is not None:
        return shown(field, value, numbers.language(), ledger.declared)[:PART]
    if name == "geometry" and isinstance(value, dict):
        at = value.get("coordinates")
        return f"{at[0]}, {at[1]}" if value.get("type") == "Point" and isinstance(at, list) else str(value.get("type"))
    return "–" if value in (None, "", []) else str(value)[:PART]


def list_of(request: Request, register: Register) -> list[dict[str, Any]]:
    """The reader's imports into a register, the newest first."""
    own = [job for job in running.jobs().all() if job.person == request.user.username and job.settings.get("register") == register.name]
    return [
        {
            "file": job.file,
            "href": reverse("register-import-job", args=[register.name, job.id]),
            "made": job.made,
            "state": STATES[job.state],
            "counts": [(OUTCOMES[name][1], job.summary.get("counts", {}).get(name, 0)) for name in OUTCOMES] if job.summary else [],
        }
        for job in own[:20]
    ]

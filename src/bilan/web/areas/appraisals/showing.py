"""What the page of an appraisal shows of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bilan.pack.appraisals import Appraisal, MeasureKind
from bilan.people.roles import Capability
from bilan.plans import evidence
from bilan.plans.models import Scoring
from bilan.plans.reporting import charts
from bilan.web import site
from bilan.web.areas.scorecard.frame import spec_of
from bilan.web.components import numbers
from bilan.web.components.table import Column, Table
from bilan.web.registry import Request


def district(code: str) -> str:
    """Name of a district; empty for none."""
    return site.district_name(code, numbers.language()) if code else ""


def first(run: Scoring) -> str:
    """Who came first."""
    return ", ".join(district(who) for who, entry in run.totals.items() if entry.get("rank") == 1)


def ranking(request: Request, declared: Appraisal, run: Scoring) -> Table:
    """Districts in their order, with the points of each item."""
    language = numbers.language()
    scored = [item for item in declared.items if item.weight]
    rows: dict[str, dict[str, Any]] = {}
    for entry in request.planbook.scores(run):
        who, total = entry["who"], run.totals.get(entry["who"], {})
        row = rows.setdefault(
            who, {"code": who, "name": district(who), "total": total.get("total"), "rank": total.get("rank"), "capped": total.get("capped")}
        )
        row[entry["item"]] = entry["score"]
    columns = [
        Column("rank", _("Rank"), kind="number", decimals=0),
        Column("name", _("District"), href=lambda row: f"?run={run.number}&who={row['code']}#items"),
        Column("total", _("Score"), kind="number", decimals=1),
        *(Column(item.name, f"{item.title.text(language)} ({item.weight:g})", kind="number", decimals=1, wide=True) for item in scored),
    ]
    return Table(
        f"appraisal-{declared.name}-{run.year}-{run.number}", columns, list(rows.values()), request.GET, sort="rank", caption=_("Ranking")
    )


def chart(request: Request, run: Scoring) -> str:
    """Totals as bars."""
    seen = {entry["who"] for entry in request.planbook.scores(run)}
    order = sorted(((who, entry) for who, entry in run.totals.items() if who in seen and entry["total"] is not None), key=_rank)
    bars = [charts.Bar(district(who), entry["total"], f"{entry['total']:.1f}") for who, entry in order]
    return charts.bars(bars, full=100, width=380)[0] if bars else ""


def groups(request: Request, declared: Appraisal, run: Scoring, who: str) -> list[dict[str, Any]]:
    """The items of a district by group, each with score, value, why and where to look it up."""
    own = {entry["item"]: entry for entry in request.planbook.scores(run) if entry["who"] == who}
    language = numbers.language()
    found: dict[str, list[dict[str, Any]]] = {}
    for item in declared.items:
        entry = own.get(item.name)
        if entry is not None:
            spec = spec_of(item.measure.of) if item.measure.kind is MeasureKind.INDICATOR else None
            unit = numbers.unit(spec.unit) if spec is not None else "%" if item.measure.of in {"share", "progress", "on_time"} else ""
            line = {
                **entry,
                "title": item.title.text(language),
                "why": entry["why"]["en" if language == "en" else "zh"],
                "basis": item.basis,
                "unit": unit,
                "href": _address(entry.get("evidence") or {}),
                "percent": 100 * entry["score"] / entry["full"] if entry["score"] is not None and entry["full"] else None,
            }
            found.setdefault(item.group.text(language), []).append(line)
    return [
        {
            "title": title,
            "lines": lines,
            "score": sum(line["score"] or 0 for line in lines),
            "full": sum(line["full"] for line in lines if line["score"] is not None),
        }
        for title, lines in found.items()
    ]


def appeals(request: Request, declared: Appraisal, run: Scoring) -> list[dict[str, Any]]:
    """Appeals to a run that the reader may see, with whether they may answer them."""
    titles = {item.name: item.title.text(numbers.language()) for item in declared.items}
    scores = {(entry["who"], entry["item"]): entry for entry in run.scores}
    signs = request.planbook.can(Capability.ASSIGN, "") and run.stage == "provisional"
    return [
        {
            "appeal": entry,
            "name": district(entry.who),
            "title": titles.get(entry.item, entry.item),
            "score": scores.get((entry.who, entry.item), {}).get("score"),
            "full": scores.get((entry.who, entry.item), {}).get("full"),
            "answers": signs and entry.answered is None,
            "adds": run.stage == "provisional" and entry.answered is None and request.planbook.can(Capability.HANDLE, entry.who),
            "files": [
                {
                    "name": kept["name"],
                    "size": kept.get("size"),
                    "digest": kept.get("digest", ""),
                    "href": reverse("appeal-evidence", args=[entry.pk, at]) if evidence.path_of(kept) else "",
                }
                for at, kept in enumerate(entry.evidence)
            ],
        }
        for entry in request.planbook.appeals().filter(scoring=run)
    ]


def _rank(entry: tuple[str, Mapping[str, Any]]) -> tuple[int, str]:
    return entry[1]["rank"], entry[0]


def _address(evidence: Mapping[str, Any]) -> str:
    try:
        address = reverse(str(evidence.get("page", "")), args=evidence.get("arguments", []))
    except NoReverseMatch:
        return ""
    query = evidence.get("query") or {}
    return f"{address}?{urlencode(query)}" if query else address

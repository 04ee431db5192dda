"""One target: where it stands, its path, its odds, what decides, what each district must do, and what changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from bilan.pack.indicators import Indicator
from bilan.people.roles import Capability
from bilan.plans.models import Nature, Odds, Target
from bilan.web import site
from bilan.web.areas.scorecard import deciding, districts, targetcharts, words
from bilan.web.areas.scorecard.changes import events
from bilan.web.areas.scorecard.frame import EDITS, SECTION, SEES, link, plan_title, tabs
from bilan.web.areas.scorecard.standing import Line, lines
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

BAR = 100.0


@page("targets/<slug:code>", name="target", section=SECTION, reads=SEES, writes=EDITS)
def target(request: Request, code: str) -> HttpResponse:
    """One target; with ``part=path`` or ``part=odds`` the numbers of its charts."""
    found = request.planbook.target(code)
    line = lines(request.planbook, request.planbook.targets().filter(pk=found.pk))[0]
    newest = request.planbook.odds().filter(target=found).order_by("-day").first()
    part = request.GET.get("part", "")
    if part == "path":
        return JsonResponse(targetcharts.path(request.planbook, line, newest))
    if part == "odds":
        return JsonResponse(targetcharts.odds(request.planbook, found))
    return show(
        request,
        "scorecard/target.html",
        tabs=tabs(request, "scorecard"),
        per_district=districts.table_of(request, line, newest.detail if newest else {}),
        events=events(request.planbook, found, line.spec),
        may_edit=request.planbook.can(Capability.EDIT, found.district),
        deciding=deciding.groups(request, newest.detail.get("deciding") or {} if newest else {}, line.spec),
        **about(line, newest),
    )


def about(line: Line, newest: Odds | None) -> dict[str, Any]:
    """What the first screen says of a target."""
    found, spec = line.target, line.spec
    decimals = spec.decimals if spec else None
    detail = newest.detail if newest else {}
    kind = str(spec.odds.get("kind", "")) if spec else ""
    due = line.due(timezone.localdate())
    return {
        "target": found,
        "line": line,
        "spec": spec,
        "title": line.title,
        "place": site.district_name(found.district, numbers.language()) if found.district else numbers.named(site.city()),
        "decimals": decimals,
        "unit": spec.unit if spec else "",
        "aim": words.aim(found.comparator, found.value, found.upper, decimals, found.wording),
        "missing": None if line.gap is None else abs(line.gap),
        "odds": words.percent(line.probability),
        "why": words.why(line.why),
        **_coming(found, detail, spec, kind),
        "rank": detail.get("rank"),
        "spread": _spread(detail.get("quantiles") or {}, decimals),
        "nature": str(Nature(found.nature).label) if found.nature else "",
        "commitment_href": link("commitment", found.commitment.plan.code, found.commitment.number) if found.commitment else "",
        "plan_name": plan_title(found.plan) if found.plan else "",
        "plan_href": link("plan", found.plan.code) if found.plan else "",
        "due": due,
        "asked": None if due is None or due[1] is None else words.plain(due[1], decimals),
        "share": _share(found, line.value),
        "indicator_href": link("indicator", found.indicator) if spec else "",
    }


def _coming(found: Target, detail: dict[str, Any], spec: Indicator | None, kind: str) -> dict[str, Any]:
    """What must still come: of the target's own period, or, while its year has not begun, of this year on the way to it."""
    way = detail.get("this_year")
    if not way:
        return {"rest": deciding.rest(kind, detail, spec), "way": None}
    decides = {"deciding": detail.get("deciding") or {}}
    spare = detail.get("affordable")
    shown = {
        "year": way["year"],
        "aim": words.aim(found.comparator, way.get("aim"), None, spec.decimals if spec else None),
        "odds": words.percent(way.get("probability")),
        "mark": words.mark_of(way.get("probability"), way.get("gap")),
        "why": words.why(str(way.get("why") or "")),
    }
    later = deciding.rest(kind, {"affordable": spare}, spec) if spare is not None else []
    return {"rest": deciding.rest(kind, way | decides, spec), "way": shown, "later": later}


def _share(found: Target, value: float | None) -> float | None:
    """How far the value has come from the baseline to what is promised [%]; for a bar."""
    if value is None or found.value is None or found.baseline is None or found.baseline == found.value:
        return None
    return min(BAR, max(0.0, BAR * (value - found.baseline) / (found.value - found.baseline)))


def _spread(quantiles: dict[str, float], decimals: int | None) -> dict[str, str]:
    """Where the number will most likely be at the end of the period: the middle and the range of nine in ten."""
    if not {"0.05", "0.5", "0.95"} <= set(quantiles):
        return {}
    return {name: numbers.digits(quantiles[level], decimals) for name, level in (("low", "0.05"), ("middle", "0.5"), ("high", "0.95"))}

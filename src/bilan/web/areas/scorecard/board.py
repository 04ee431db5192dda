"""The scorecard: every promise at a glance, the ones at risk first, with the sentence of the plan beside the number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.plans.models import Check, Commitment, Kind, Nature, Odds, Plan, Target
from bilan.web import site
from bilan.web.areas.scorecard import words
from bilan.web.areas.scorecard.frame import EDITS, SECTION, SEES, link, plan_title, tabs
from bilan.web.areas.scorecard.rows import row, table_of
from bilan.web.areas.scorecard.standing import Line, lines
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

GROUPS = ("field", "owner")
ALL = "all"
MOST_TILES = 150
"""Tiles that are shown at a glance; the most at risk come first, all others stand in the table."""


@page("scorecard", name="scorecard", section=SECTION, reads=SEES, writes=EDITS)
def scorecard(request: Request) -> HttpResponse:
    """How the city's promises stand: at a glance by field or by owner, then one by one."""
    today = timezone.localdate()
    place = _place(request)
    known = lines(request.planbook, _targets(request, place), today=today)
    shown = [line for line in known if _wanted(request, line)]
    by = request.GET.get("by", "") if request.GET.get("by") in GROUPS else GROUPS[0]
    wall = request.GET.get("wall") == "1"
    values: dict[str, Any] = {
        "lead": lead(known),
        "counts": _counts(request, known),
        "groups": grouped(shown[:MOST_TILES], by),
        "by": by,
        "switches": [{"title": title, "href": _query(request, by=name), "current": name == by} for name, title in _groupings()],
        "total": len(known),
        "day": max((line.day for line in known if line.probability is not None and line.day), default=None),
        "today": today,
    }
    if wall:
        return show(request, "scorecard/wall.html", **values)
    districts = _districts(request, known) if not place else {}
    rows = [row(line, place, districts.get(line.target.pk), today) for line in shown]
    values |= {
        "table": table_of(request, rows, known, _places(request)),
        "tabs": tabs(request, "scorecard"),
        "loose": _loose(request),
        "plans_href": link("plans"),
        "public_href": link("public-scorecard"),
    }
    return show(request, "scorecard/scorecard.html", **values)


def lead(known: Sequence[Line]) -> str:
    """The sentence that answers the question: how many promises will be kept."""
    if not known:
        return _("No target has been set yet.")
    counts = {code: sum(line.mark.code == code for line in known) for code in words.marks()}
    good = counts["safe"] + counts["likely"] + counts["met"]
    values = {"total": len(known), "good": good}
    parts = [ngettext("%(good)s of %(total)s target is on course", "%(good)s of %(total)s targets are on course", good) % values]
    weak = counts["risk"] + counts["below"]
    if weak:
        parts.append(ngettext("%(n)s is at risk", "%(n)s are at risk", weak) % {"n": weak})
    if counts["unlikely"]:
        parts.append(
            ngettext("%(n)s is unlikely to be kept", "%(n)s are unlikely to be kept", counts["unlikely"]) % {"n": counts["unlikely"]}
        )
    between, end = (", ", ".") if numbers.language() == "en" else ("，", "。")
    return between.join(parts) + end


def grouped(shown: Iterable[Line], by: str) -> list[dict[str, Any]]:
    """Targets as tiles by field or by owner; groups with most at risk first."""
    found: dict[str, list[Line]] = {}
    for line in shown:
        key = (line.spec.field if line.spec else "") if by == "field" else line.target.owner
        found.setdefault(key, []).append(line)
    order = list(words.FIELDS)
    groups = [
        {
            "key": key,
            "title": words.field(key) if by == "field" else key or _("Nobody is named"),
            "risky": sum(line.mark.risky for line in listed),
            "total": len(listed),
            "tiles": [tile(line) for line in listed],
        }
        for key, listed in found.items()
    ]
    return sorted(groups, key=lambda group: (-group["risky"], order.index(group["key"]) if group["key"] in order else 0, group["title"]))


def tile(line: Line) -> dict[str, Any]:
    """One target as a tile."""
    target, spec = line.target, line.spec
    return {
        "href": reverse("target", args=[target.code]),
        "title": line.title,
        "year": target.year,
        "place": site.district_name(target.district, numbers.language()) if target.district else "",
        "mark": line.mark,
        "odds": words.percent(line.probability) if line.probability is not None else "",
        "value": numbers.digits(line.value, spec.decimals if spec else None),
        "unit": numbers.unit(spec.unit) if spec and line.value is not None else "",
        "aim": words.aim(target.comparator, target.value, target.upper, spec.decimals if spec else None, target.wording),
    }


def _targets(request: Request, place: str) -> QuerySet[Target]:
    found = request.planbook.targets()
    if place == ALL:
        return found
    return found.filter(district=place)


def _place(request: Request) -> str:
    """Whose targets are wanted: a district's, all, or the city's (empty)."""
    asked = str(request.GET.get("place", ""))
    if asked == ALL or (asked and request.planbook.targets().filter(district=asked).exists()):
        return asked
    own = request.district if "place" not in request.GET else ""
    return own if own and request.planbook.targets().filter(district=own).exists() else ""


def _places(request: Request) -> list[tuple[str, str]]:
    seen = set(request.planbook.targets().exclude(district="").order_by().values_list("district", flat=True).distinct())
    named = [(entry.adcode, numbers.named(entry)) for entry in site.districts() if entry.adcode in seen]
    return [*named, (ALL, _("City and all districts"))] if named else []


def _wanted(request: Request, line: Line) -> bool:
    """Whether the filters of the address let a target pass, for the tiles too."""
    target = line.target
    facts = {
        "field": line.spec.field if line.spec else "",
        "owner": target.owner,
        "nature": target.nature,
        "plan": target.plan.code if target.plan else "",
    }
    standing = request.GET.get("standing", "")
    fits = not standing or (line.mark.risky if standing == "risky" else line.mark.code == standing)
    return fits and all(value == request.GET[name] for name, value in facts.items() if request.GET.get(name))


def _counts(request: Request, known: Sequence[Line]) -> list[dict[str, Any]]:
    """How many stand how, each a filter."""
    chosen = request.GET.get("standing", "")
    risky = sum(line.mark.risky for line in known)
    found = [
        {"title": _("All"), "n": len(known), "tone": "", "href": _query(request, standing=None), "current": not chosen},
        {"title": _("Needs action"), "n": risky, "tone": "risk", "href": _query(request, standing="risky"), "current": chosen == "risky"},
    ]
    for code, mark in words.marks().items():
        n = sum(line.mark.code == code for line in known)
        if n:
            href = _query(request, standing=code)
            found.append({"title": mark.text, "n": n, "tone": mark.tone, "href": href, "current": chosen == code})
    return found


def _groupings() -> tuple[tuple[str, str], ...]:
    return ("field", _("By field")), ("owner", _("By who answers for it"))


def _query(request: Request, **changed: str | None) -> str:
    query = request.GET.copy()
    for name in ("page", "export", "table"):
        query.pop(name, None)
    for name, value in changed.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return "?" + query.urlencode()


def _districts(request: Request, known: Sequence[Line]) -> dict[int, dict[str, Any]]:
    """Of each city target, how many districts' own targets of the same indicator and year stand well."""
    wanted = {(line.target.indicator, line.target.year): line.target.pk for line in known if not line.target.district}
    if not wanted:
        return {}
    newest = Odds.objects.filter(target=OuterRef("pk")).order_by("-day")
    below = request.planbook.targets().exclude(district="").filter(indicator__in={name for name, _year in wanted})
    rows = (
        below.select_related(None)
        .order_by()
        .values_list(
            "indicator", "year", "district", "code", Subquery(newest.values("probability")[:1]), Subquery(newest.values("gap")[:1])
        )
    )
    found: dict[int, dict[str, Any]] = {}
    for indicator, year, district, code, probability, gap in rows:
        number = wanted.get((indicator, year))
        if number is None or (probability is None and gap is None):
            continue
        counted = found.setdefault(number, {"total": 0, "risky": []})
        counted["total"] += 1
        if words.mark_of(probability, gap).risky:
            counted["risky"].append((probability if probability is not None else 1.0, code, district))
    return found


def _loose(request: Request) -> dict[str, Any]:
    """Promises of the plans that nothing measures yet: how many, and where they are."""
    waiting = Q(kind=Kind.TARGET, targets__isnull=True) & ~Q(check_state=Check.REJECTED)
    found = request.planbook.commitments().filter(waiting)
    listed = found.select_related(None).defer("words", "notes", "as_read").prefetch_related(Prefetch("plan", Plan.objects.defer("blocks")))
    return {"n": found.order_by().count(), "listed": [_promise(entry) for entry in listed[:8]]}


def _promise(entry: Commitment) -> dict[str, Any]:
    return {
        "href": link("commitment", entry.plan.code, entry.number),
        "title": entry.metric or entry.subject,
        "sentence": entry.sentence,
        "nature": str(Nature(entry.nature).label) if entry.nature else "",
        "plan": plan_title(entry.plan),
        "aim": words.aim(entry.comparator, entry.value, entry.upper, None, entry.wording),
        "unit": entry.unit if entry.value is not None else "",
    }

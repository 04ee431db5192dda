"""Two plans compared: what the newer one tightens, loosens, drops and adds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.pack.indicators import Catalogue, Direction
from bilan.people.roles import Capability
from bilan.plans.comparing import Outcome, Pair, compare
from bilan.plans.models import Check, Kind, Plan
from bilan.web.areas.commitments import indicators, saying
from bilan.web.areas.commitments.frame import EDITS, SECTION, SEES, title_of
from bilan.web.areas.commitments.listpage import known
from bilan.web.areas.scorecard.frame import tabs
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

OUTCOMES = {
    Outcome.TIGHTER: ("info", gettext_lazy("Tighter")),
    Outcome.LOOSER: ("bad", gettext_lazy("Looser")),
    Outcome.DROPPED: ("risk", gettext_lazy("Dropped")),
    Outcome.ADDED: ("ok", gettext_lazy("Added")),
    Outcome.DIFFERENT: ("quiet", gettext_lazy("Put otherwise")),
    Outcome.SAME: ("quiet", gettext_lazy("The same")),
}
HEAD = 16
"""Signs of a title that head a column."""


@page("plans/compare", name="plan-compare", section=SECTION, reads=SEES, writes=EDITS)
def comparison(request: Request) -> HttpResponse:
    """Commitments of two plans beside each other; without a choice, the newest with the one before it."""
    plans = known(request)
    older, newer = _chosen(request, plans)
    pairs = [] if older is None or newer is None else _pairs(request, older, newer)
    counts = Counter(pair.outcome for pair in pairs)
    table = _table(request, pairs, older, newer) if pairs and older and newer else None
    return show(
        request,
        "commitments/compare.html",
        plans=[(entry.code, f"{title_of(entry)} ({entry.begin}–{entry.end})") for entry in plans],
        older=older,
        newer=newer,
        table=table,
        counts=[(str(name), tone, title, counts[name]) for name, (tone, title) in OUTCOMES.items()],
        asked=request.GET.get("outcome", ""),
        tabs=tabs(request, "plans"),
    )


def _chosen(request: Request, plans: list[Plan]) -> tuple[Plan | None, Plan | None]:
    by_code = {entry.code: entry for entry in plans}
    newer = by_code.get(request.GET.get("b", "")) or (plans[0] if plans else None)
    older = by_code.get(request.GET.get("a", ""))
    if older is None and newer is not None:
        before = next((entry for entry in plans if entry.pk == newer.before_id), None)
        older = before or next((entry for entry in plans if entry.pk != newer.pk and entry.begin <= newer.begin), None)
    return older, newer


def _pairs(request: Request, older: Plan, newer: Plan) -> list[Pair]:
    def of(plan: Plan) -> list[Any]:
        found = request.planbook.commitments(plan).select_related(None).exclude(check_state=Check.REJECTED)
        return list(found.exclude(kind=Kind.BASELINE_FACT).defer("words", "notes", "as_read").order_by("block", "begin", "number"))

    catalogue = indicators.catalogue()
    return compare(of(older), of(newer), lambda name: _rising(catalogue, name))


def _rising(catalogue: Catalogue, name: str) -> bool | None:
    return catalogue[name].direction is Direction.UP if name in catalogue else None


def _table(request: Request, pairs: list[Pair], older: Plan, newer: Plan) -> Table:
    rows = [_row(pair, at, older, newer) for at, pair in enumerate(pairs)]
    alike = (older.begin, older.end) == (newer.begin, newer.end)
    heads = [title_of(entry)[:HEAD] if alike else f"{entry.begin}–{entry.end}" for entry in (older, newer)]
    kinds = [(str(value), str(label)) for value, label in Kind.choices if value != Kind.BASELINE_FACT]
    return Table(
        "comparison",
        [
            Column("name", _("Measure"), render=_name),
            Column("before", heads[0], render=lambda row: _side(row, "before")),
            Column("after", heads[1], render=lambda row: _side(row, "after")),
            Column("outcome_title", _("What became of it"), render=_mark),
            Column("kind_title", _("Kind"), wide=True),
            Column("alike", _("Likeness"), kind="share", wide=True, shown=False),
            Column("at", _("Place"), kind="number", decimals=0, shown=False),
        ],
        rows,
        request.GET,
        search=("name", "before", "after"),
        filters=(
            Filter("outcome", _("What became of it"), [(str(name), str(title)) for name, (_tone, title) in OUTCOMES.items()]),
            Filter("kind", _("Kind"), kinds),
        ),
        sort="at",
        caption=_("Two plans compared"),
        forms=None if request.planbook.can(Capability.EXPORT) else {},
    )


def _row(pair: Pair, at: int, older: Plan, newer: Plan) -> dict[str, Any]:
    held = pair.after or pair.before
    return {
        "at": at,
        "name": saying.name(held),
        "subject": held.subject if held.metric else "",
        "before": _said(pair.before),
        "after": _said(pair.after),
        "before_href": _href(older, pair.before),
        "after_href": _href(newer, pair.after),
        "outcome": str(pair.outcome),
        "outcome_title": str(OUTCOMES[pair.outcome][1]),
        "kind": held.kind,
        "kind_title": str(Kind(held.kind).label),
        "alike": 100 * min(1.0, pair.alike) if pair.before is not None and pair.after is not None else None,
    }


def _said(held: Any) -> str | None:
    if held is None:
        return None
    deadline = f" · {held.deadline}" if held.deadline else ""
    return f"{saying.promise(held)} {held.unit if held.value is not None else ''}".strip() + deadline


def _href(plan: Plan, held: Any) -> str:
    return reverse("commitment", args=[plan.code, held.number]) if held is not None else ""


def _name(row: Row) -> str:
    return format_html('<span class="what"><b>{}</b> <span class="quiet">{}</span></span>', row["name"], row["subject"])


def _side(row: Row, side: str) -> str:
    return format_html('<a href="{}">{}</a>', row[f"{side}_href"], row[side] or "–") if row[f"{side}_href"] else "–"


def _mark(row: Row) -> str:
    return format_html('<span class="status status-{}">{}</span>', OUTCOMES[Outcome(row["outcome"])][0], row["outcome_title"])

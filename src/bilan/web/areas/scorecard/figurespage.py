"""Reported figures: what each department owes for a period, filling in with evidence, checking, signing off."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.pack.indicators import Series, reported
from bilan.people.models import Organisation
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.plans import figures
from bilan.plans.figures import Filling
from bilan.plans.indicators.spans import Span
from bilan.plans.models import Figure, FigureState
from bilan.problems import BilanError
from bilan.web import site
from bilan.web.areas.scorecard import words
from bilan.web.areas.scorecard.frame import FILLS, SECTION, SEES, handed_over, tabs
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Row, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page


class FigureForm(forms.Form):
    """A value with its evidence."""

    value = forms.FloatField(label=gettext_lazy("Value"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=400, required=False)
    file = forms.FileField(label=gettext_lazy("Evidence"), required=False)


@page("figures", name="figures", section=SECTION, reads=SEES, writes=FILLS)
def listed(request: Request) -> HttpResponse:
    """What is due for a period and how far each figure has come."""
    year, this_year = request.GET.get("year", ""), timezone.localdate().year
    asked = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    chosen = this_year if asked is None else asked
    rows = _rows(request, chosen)
    if asked is None and not rows:
        # Nothing is due of this year yet: the last is what people work on.
        chosen = this_year - 1
        rows = _rows(request, chosen)
    waiting = sum(row["state"] in {FigureState.FILLED, FigureState.CHECKED} for row in rows)
    return show(
        request,
        "scorecard/figures.html",
        tabs=tabs(request, "figures"),
        table=_table(request, rows),
        year=chosen,
        years=[{"title": at, "href": f"?year={at}", "current": at == chosen} for at in range(min(chosen, this_year) - 2, this_year + 1)],
        waiting=waiting,
        absent=sum(row["state"] == "" for row in rows),
    )


@page("figures/fill", name="figure-fill", section=SECTION, reads=FILLS, writes=FILLS)
def fill(request: Request) -> HttpResponse:
    """Fill in a figure, with evidence; a signed one is corrected and stands until then."""
    series, period, district = _wanted(request)
    request.planbook.require(Capability.HANDLE, district, series.organisation)
    known = request.planbook.figures().filter(series=series.name, period=period, district=district, replaced=False)
    standing = known.exclude(state=FigureState.SIGNED).first() or known.first()
    initial = {"value": standing.value, "note": standing.note} if standing else {}
    form = FigureForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid() and (kept := _filled(request, form, series, period, district)) is not None:
        messages.success(request, _("The figure is filled in."))
        return redirect("figure", kept.pk)
    return show(
        request,
        "scorecard/fill.html",
        tabs=tabs(request, "figures"),
        form=form,
        series=series,
        standing=standing,
        title=series.title.text(numbers.language()),
        about=series.about.text(numbers.language()),
        place=_place(district),
        period=words.period(period),
        organisation=_organisation(series.organisation),
        bounds=tuple(numbers.digits(bound) if bound is not None else "…" for bound in (series.least, series.most)),
    )


@page("figures/<int:number>", name="figure", section=SECTION, reads=SEES, writes=FILLS)
def figure(request: Request, number: int) -> HttpResponse:
    """One figure: its value, its evidence, its steps; check it, sign it off, return it."""
    found = _one(request, number)
    told = ""
    if request.method == "POST":
        told = _acted(request, found)
        if not told:
            return redirect("figure", found.pk)
    series = reported(site.city().pack).get(found.series)
    place = (found.district, found.organisation)
    may_check = request.planbook.can(Capability.ASSIGN, *place) and not found.replaced
    own = request.user.pk in {found.person_id, found.checker_id}
    return show(
        request,
        "scorecard/figure.html",
        status=400 if told else 200,
        tabs=tabs(request, "figures"),
        figure=found,
        series=series,
        title=series.title.text(numbers.language()) if series else found.series,
        decimals=series.decimals if series else None,
        unit=series.unit if series else "",
        place=_place(found.district),
        period=words.period(found.period),
        organisation=_organisation(found.organisation),
        mark=(words.FIGURES.get(FigureState(found.state), "quiet"), str(FigureState(found.state).label)),
        steps=[_step(step) for step in reversed(found.steps)],
        earlier=figures.replaced(request.planbook, found),
        may_check=may_check and not own and found.state == FigureState.FILLED,
        may_sign=may_check and not own and found.state == FigureState.CHECKED,
        may_return=may_check and found.state in {FigureState.FILLED, FigureState.CHECKED},
        own=own and may_check and found.state in {FigureState.FILLED, FigureState.CHECKED},
        may_fill=bool(series) and not found.replaced and request.planbook.can(Capability.HANDLE, *place),
        fill_href=_fill_href(found.series, found.period, found.district),
        told=told,
    )


@page("figures/<int:number>/evidence/<int:index>", name="figure-evidence", section=SECTION, reads=SEES, writes=FILLS)
def evidence(request: Request, number: int, index: int) -> HttpResponse:
    """A file of evidence, handed over as a file."""
    found = _one(request, number)
    kept = found.evidence[index] if index < len(found.evidence) else None
    if kept is None:
        raise NotVisible(index)
    return handed_over(kept)


def _one(request: Request, number: int) -> Figure:
    found = request.planbook.figures().filter(pk=number).first()
    if found is None:
        raise NotVisible(number)
    return found


def _wanted(request: Request) -> tuple[Series, str, str]:
    """Series, period and district of the address.

    Raises:
        NotVisible: there is no such series, or it is not reported for such a place or period.
        BilanError: it is no period.
    """
    series = reported(site.city().pack).get(str(request.GET.get("series", "")))
    district = str(request.GET.get("place", ""))
    known = {area.adcode for area in site.districts()} if series and series.districts else set()
    if series is None or (district and district not in known) or (not district and not series.city):
        raise NotVisible(request.GET.get("series", ""))
    span = Span.parse(str(request.GET.get("period", "")))
    if span.kind is not series.period:
        raise NotVisible(span.text)
    return series, span.text, district


def _filled(request: Request, form: FigureForm, series: Series, period: str, district: str) -> Figure | None:
    data = form.cleaned_data
    wanted = Filling(series.name, period, data["value"], district, series.organisation, data["note"], series.least, series.most)
    try:
        kept = figures.fill(request.planbook, wanted)
        if data["file"] is not None:
            kept = figures.attach(request.planbook, kept.pk, data["file"].file, data["file"].name)
    except BilanError as error:
        for problem in error.problems:
            form.add_error("file" if problem.code.startswith("attachment") else "value", problem.text(numbers.language()))
        return None
    return kept


def _acted(request: Request, found: Figure) -> str:
    """Do what was sent; what is wrong with it, or nothing."""
    wish, note = request.POST.get("do", ""), str(request.POST.get("note", ""))[:400]
    version = request.POST.get("version", "")
    at = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1
    series = reported(site.city().pack).get(found.series)
    acts: dict[str, Callable[..., Figure]] = {
        "check": partial(figures.check, proven=series is None or series.evidence),
        "sign": figures.sign,
        "return": figures.give_back,
    }
    if wish not in acts:
        return _("Choose what to do.")
    try:
        acts[wish](request.planbook, found.pk, at, note)
    except BilanError as error:
        return error.text(numbers.language())
    messages.success(request, _("It is done, and stands in the steps."))
    return ""


def _rows(request: Request, year: int) -> list[dict[str, Any]]:
    """Every figure that is due in a year within reach, filled in or not."""
    kept: dict[tuple[str, str, str], Figure] = {}
    for entry in request.planbook.figures().filter(period__startswith=str(year), replaced=False).order_by("state"):
        key = (entry.series, entry.district, entry.period)
        if key not in kept or entry.state != FigureState.SIGNED:
            kept[key] = entry
    rows = []
    names, declared = _names(), reported(site.city().pack)
    for series in declared.values():
        for period in _periods(series, year):
            for district in _reach(request, series):
                rows.append(_row(request, series, period, district, kept.pop((series.name, district, period), None), names))
    for (name, district, period), entry in kept.items():
        rows.append(_row(request, declared.get(name, name), period, district, entry, names))
    return rows


def _periods(series: Series, year: int) -> list[str]:
    today = timezone.localdate()
    count = {"year": 1, "quarter": 4, "month": 12}[series.period]
    found = [Span.at(series.period, year, at) for at in range(1, count + 1)]
    return [span.text for span in found if span.first <= today]


def _reach(request: Request, series: Series) -> list[str]:
    book, places = request.planbook, [""] if series.city else []
    places += [area.adcode for area in site.districts()] if series.districts and request.district else []
    capabilities = (Capability.HANDLE, Capability.ASSIGN)
    mine = [place for place in places if any(book.can(may, place, series.organisation) for may in capabilities)]
    wanted = [place for place in mine if place in {"", request.district}]
    return wanted


def _row(request: Request, series: Series | str, period: str, district: str, entry: Figure | None, names: dict[str, str]) -> dict[str, Any]:
    declared = series if isinstance(series, Series) else None
    name = declared.name if declared else str(series)
    organisation = declared.organisation if declared else entry.organisation if entry else ""
    state = str(FigureState(entry.state).label) if entry else _("to be filled in")
    href = reverse("figure", args=[entry.pk]) if entry else _fill_href(name, period, district)
    may_fill = request.planbook.can(Capability.HANDLE, district, organisation)
    return {
        "title": declared.title.text(numbers.language()) if declared else name,
        "series": name,
        "where": _place(district),
        "period": period,
        "when": words.period(period),
        "value": entry.value if entry else None,
        "unit": numbers.unit(declared.unit) if declared else "",
        "decimals": declared.decimals if declared else None,
        "state": str(entry.state) if entry else "",
        "standing": state,
        "who": names.get(organisation, organisation),
        "evidence": len(entry.evidence) if entry else 0,
        "href": href if entry or may_fill else "",
        "note": entry.note if entry else "",
    }


def _table(request: Request, rows: list[dict[str, Any]]) -> Table:
    states = [(str(value), str(label)) for value, label in FigureState.choices]
    return Table(
        "figures",
        [
            Column("title", _("Figure"), href=lambda row: row["href"]),
            Column("when", _("Period"), sortable=False),
            Column("where", _("Place")),
            Column("value", _("Value"), kind="number", render=_value),
            Column("standing", _("State"), render=_state),
            Column("who", _("Who reports it")),
            Column("evidence", _("Files of evidence"), kind="number", decimals=0),
            Column("unit", _("Unit"), shown=False, sortable=False),
            Column("note", _("Note"), shown=False, sortable=False),
            Column("series", _("Code"), shown=False),
            Column("period", _("Period code"), shown=False),
        ],
        rows,
        request.GET,
        search=("title", "series", "who"),
        filters=[Filter("state", _("In every state"), states)],
        sort="title",
        caption=_("Reported figures"),
        empty=_("No figure is due in this year."),
    )


def _value(row: Row) -> SafeString:
    if row["value"] is None:
        return format_html('<span class="quiet">{}</span>', numbers.NOTHING)
    return format_html('{} <span class="unit">{}</span>', numbers.digits(row["value"], row["decimals"]), row["unit"])


def _state(row: Row) -> SafeString:
    tone = words.FIGURES[FigureState(row["state"])] if row["state"] else "quiet"
    return format_html('<span class="status status-{}">{}</span>', tone, row["standing"])


def _step(step: dict[str, Any]) -> dict[str, Any]:
    tone, title = words.STEPS.get(step.get("act", ""), ("quiet", step.get("act", "")))
    at = parse_datetime(str(step.get("at", "")))
    when = numbers.wall(timezone.localtime(at).replace(tzinfo=None), "full") if at else ""
    return {"when": when, "title": f"{title} · {step.get('person', '')}", "text": step.get("note", ""), "tone": tone}


def _fill_href(series: str, period: str, district: str) -> str:
    return f"{reverse('figure-fill')}?{urlencode({'series': series, 'period': period, 'place': district})}"


def _place(district: str) -> str:
    return site.district_name(district, numbers.language()) if district else numbers.named(site.city())


def _names() -> dict[str, str]:
    return {entry.code: numbers.named(entry) for entry in Organisation.objects.all()}


def _organisation(code: str) -> str:
    return _names().get(code, code) if code else ""

"""The form that changes a target: yearly path, shares of the districts, handed-down value, who answers, with the document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.people.roles import Capability
from bilan.plans import targets
from bilan.plans.models import Target
from bilan.plans.targets import Change
from bilan.problems import BilanError
from bilan.web import site
from bilan.web.areas.scorecard.frame import EDITS, SECTION, link, spec_of, tabs
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page

MOST_YEARS = 15


class TargetForm(forms.Form):
    """A target's numbers; a field for every year of its path and, of the city's targets, every district."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    value = forms.FloatField(label=gettext_lazy("Promised value"), required=False)
    owner = forms.CharField(label=gettext_lazy("Who answers for it"), max_length=120, required=False)
    published = forms.BooleanField(label=gettext_lazy("The public may see it"), required=False)
    document = forms.CharField(
        label=gettext_lazy("Document"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Number or title of the document that changes it; a promised value changes by a document only."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, required=False)

    def __init__(self, target: Target, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        begin = target.baseline_year or target.year - 5
        self.years = [str(year) for year in range(max(begin + 1, target.year - MOST_YEARS), target.year + 1)]
        self.districts = [] if target.district else [(area.adcode, numbers.named(area)) for area in site.districts()]
        for year in self.years:
            self.fields[f"path_{year}"] = forms.FloatField(label=year, required=False)
        for code, name in self.districts:
            self.fields[f"share_{code}"] = forms.FloatField(label=name, required=False)

    @property
    def path(self) -> list[forms.BoundField]:
        """The fields of the yearly path."""
        return [self[f"path_{year}"] for year in self.years]

    @property
    def shares(self) -> list[forms.BoundField]:
        """The fields of the districts' shares."""
        return [self[f"share_{code}"] for code, _name in self.districts]

    def wish(self, target: Target) -> Change:
        """What is to be changed; years and districts that the form does not show stay as they are."""
        data = self.cleaned_data
        path = {year: value for year, value in target.path.items() if year not in self.years}
        path |= {year: data[f"path_{year}"] for year in self.years if data[f"path_{year}"] is not None}
        values = {"value": data["value"], "owner": data["owner"], "published": data["published"], "path": path}
        if not target.district:
            values["shares"] = {code: data[f"share_{code}"] for code, _name in self.districts if data[f"share_{code}"] is not None}
        return Change(data["version"], values, data["document"], data["reason"])


@page("targets/<slug:code>/edit", name="target-edit", section=SECTION, reads=EDITS, writes=EDITS)
def edit(request: Request, code: str) -> HttpResponse:
    """Change a target; who comes second is told, and shown what stands now."""
    target = request.planbook.target(code)
    request.planbook.require(Capability.EDIT, target.district)
    form = TargetForm(
        target, request.POST if request.method == "POST" else None, initial=_initial(target, even=bool(request.GET.get("even")))
    )
    if request.method == "POST" and form.is_valid() and _done(request, form, target):
        messages.success(request, _("The target is changed; what it was stays in its history."))
        return redirect("target", code)
    spec = spec_of(target.indicator)
    return show(
        request,
        "scorecard/edit.html",
        target=target,
        form=form,
        title=spec.title.text(numbers.language()) if spec else target.indicator,
        unit=spec.unit if spec else "",
        place=site.district_name(target.district, numbers.language()) if target.district else numbers.named(site.city()),
        even=targets.even(target),
        plan_href=link("plan", target.plan.code) if target.plan else "",
        tabs=tabs(request, "scorecard"),
    )


def _initial(target: Target, *, even: bool) -> dict[str, Any]:
    path = targets.even(target) if even else target.path
    return {
        "version": target.version,
        "value": target.value,
        "owner": target.owner,
        "published": target.published,
        **{f"path_{year}": value for year, value in path.items()},
        **{f"share_{code}": value for code, value in target.shares.items()},
    }


def _done(request: Request, form: TargetForm, target: Target) -> bool:
    known = [area.adcode for area in site.districts()]
    try:
        targets.change(request.planbook, target.code, form.wish(target), known)
    except BilanError as error:
        for problem in error.problems:
            field = "document" if problem.code in {"targets.document", "targets.no_document"} else None
            form.add_error(field, problem.text(numbers.language()))
        return False
    return True

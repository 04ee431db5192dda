"""Forms of the pages of plans: the file with what a person says of it, and the fields of a commitment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bilan.plans.checking import CHOICES, FIELDS, MARKS, NUMBERS
from bilan.plans.models import Commitment, Comparator, Plan, PlanState
from bilan.plans.taking import FIRST, LAST, Heading
from bilan.web.areas.commitments import saying
from bilan.web.components.upload import accepted
from bilan.web.registry import Request

ENDINGS = (".docx", ".pdf", ".txt", ".md")
MOST_MEGABYTES = 50


class HeadingForm(forms.Form):
    """What a person says of a plan."""

    title = forms.CharField(label=_("Title"), max_length=300, required=False, help_text=_("Empty for the one that stands in the document"))
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)
    begin = forms.IntegerField(label=_("First year"), min_value=FIRST, max_value=LAST, required=False)
    end = forms.IntegerField(label=_("Last year"), min_value=FIRST, max_value=LAST, required=False)
    base_year = forms.IntegerField(label=_("Base year"), min_value=FIRST, max_value=LAST, required=False)
    number = forms.CharField(label=_("Number of the document"), max_length=120, required=False)
    issued = forms.DateField(label=_("Issued on"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    organisation = forms.CharField(label=_("Issued by"), max_length=80, required=False)

    def heading(self) -> Heading:
        """What was said, once the form is valid."""
        known = {name: value for name, value in self.cleaned_data.items() if name in Heading.__dataclass_fields__}
        return Heading(**{name: value for name, value in known.items() if value is not None})


class UploadForm(HeadingForm):
    """A plan document and what a person says of it."""

    file = forms.FileField(label=_("Plan document"), help_text=_("Word (docx), PDF with text, txt or md, at most 50 MB"))
    code = forms.SlugField(
        label=_("Short name"),
        max_length=60,
        required=False,
        help_text=_("Small letters, digits and hyphens; empty for one of the years"),
    )
    field_order = ("file", "title", "begin", "end", "base_year", "code", "number", "issued", "organisation", "title_en")

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS)

    def clean_file(self) -> Any:
        """Refuse what is too large, or is no document by its name."""
        return accepted(self.cleaned_data["file"], ENDINGS, MOST_MEGABYTES)


class PlanForm(HeadingForm):
    """What can be changed of a plan once it is there."""

    state = forms.ChoiceField(label=_("State"), choices=PlanState.choices)
    field_order = ("title", "title_en", "state", "begin", "end", "base_year", "number", "issued", "organisation")

    @classmethod
    def of(cls, plan: Plan, sent: Mapping[str, Any] | None = None) -> PlanForm:
        """The form of a plan, with what was sent."""
        return cls(sent, initial={name: getattr(plan, name) for name in cls.base_fields})


def settings_of(heading: Heading) -> dict[str, Any]:
    """A heading as a job keeps it."""
    kept = {name: getattr(heading, name) for name in Heading.__dataclass_fields__}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in kept.items()}


def heading_of(settings: Mapping[str, Any]) -> Heading:
    """The heading that a job kept."""
    issued = settings.get("issued")
    return Heading(**{**settings, "issued": date.fromisoformat(issued) if issued else None})


class FieldsForm(forms.Form):
    """The fields of a commitment; what is typed is judged where it is written, so that all ways in are judged alike."""

    def __init__(self, held: Commitment | Mapping[str, Any] | None, *, prefix: str = "", place: str = "f") -> None:
        super().__init__(auto_id=f"{place}-%s", prefix=prefix or None)
        for name in FIELDS:
            self.fields[name] = _field(name)
            value = (held.get(name) if isinstance(held, Mapping) else getattr(held, name)) if held is not None else None
            self.initial[name] = value if name in MARKS else plain(value)


def plain(value: Any) -> str:
    """A value as it stands in a field that is typed in."""
    return "" if value is None else f"{value:.12g}" if isinstance(value, float) else str(value)


def given_of(request: Request, prefix: str = "") -> dict[str, Any]:
    """What a form of fields sent; a mark that is not sent is not set."""
    stem = f"{prefix}-" if prefix else ""
    sent = {name: request.POST.get(f"{stem}{name}", "") for name in FIELDS if f"{stem}{name}" in request.POST}
    return {**sent, **{name: f"{stem}{name}" in request.POST for name in MARKS}}


def _field(name: str) -> forms.Field:
    label = saying.FIELDS[name]
    if name in MARKS:
        return forms.BooleanField(label=label, required=False)
    if name in CHOICES:
        titles = dict(Commitment._meta.get_field(name).flatchoices)
        return forms.ChoiceField(label=label, required=False, choices=[(value, titles.get(value) or "–") for value in _ordered(name)])
    widget = forms.TextInput(attrs={"inputmode": "decimal"} if name in NUMBERS else {})
    return forms.CharField(label=label, required=False, widget=widget)


def _ordered(name: str) -> list[str]:
    if name == "comparator":
        return ["", *map(str, Comparator.values)]
    return list(dict.fromkeys(CHOICES[name]))

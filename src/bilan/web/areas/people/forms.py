"""Forms about persons, organisations, delegations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from bilan.people.models import Organisation, Person
from bilan.problems import BilanError, Problem, nearest
from bilan.web.areas.people import frame
from bilan.web.components import numbers

USERNAME = RegexValidator(r"^[\w.@+-]+$", _("Letters, digits and . @ + - _ only"))


class Several(forms.MultipleChoiceField):
    """A choice of several, as boxes to tick."""

    def __init__(self, **values: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple(attrs={"class": "ticks"}), required=values.pop("required", False), **values)


class When(forms.DateTimeField):
    """A moment of the city's wall clock, to the minute."""

    def __init__(self, **values: Any) -> None:
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=picker, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **values)


class PersonForm(forms.Form):
    """Who somebody is and what they may."""

    username = forms.CharField(label=_("User name"), max_length=80, validators=[USERNAME])
    name = forms.CharField(label=_("Full name"), max_length=80)
    roles = Several(label=_("Roles"), required=True)
    districts = Several(label=_("Districts"), help_text=_("None ticked: the whole city"))
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, person: Person | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["roles"].choices = frame.role_choices()
        self.fields["districts"].choices = _with_present(frame.district_choices(), person.districts if person else [])
        self.fields["organisation"].choices = frame.organisation_choices(str(_("None")))
        self.fields["language"].choices = [("", _("As the browser asks")), *settings.LANGUAGES]
        if person is not None:
            del self.fields["username"]
            self.initial = {name: getattr(person, name) for name in self.fields}

    @property
    def ticks(self) -> list[Any]:
        """Fields made of boxes to tick."""
        return [field for field in self if isinstance(field.field, Several)]

    @property
    def lines(self) -> list[Any]:
        """All other fields."""
        return [field for field in self if not isinstance(field.field, Several)]


class OrganisationForm(forms.ModelForm):
    """An organisation."""

    district = forms.ChoiceField(label=_("District"), required=False)

    class Meta:
        model = Organisation
        fields = ("code", "name_zh", "name_en", "kind", "parent", "district", "uscc", "valid_from", "valid_to")

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for name in ("valid_from", "valid_to"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        present = [self.instance.district] if self.instance.district else []
        self.fields["district"].choices = [("", _("Whole city")), *_with_present(frame.district_choices(), present)]
        self.fields["parent"].label_from_instance = lambda entry: f"{entry.name(numbers.language())} ({entry.code})"
        self.fields["uscc"].validators.append(RegexValidator(r"^[0-9A-HJ-NPQRTUWXY]{18}$", _("Eighteen digits and capital letters")))
        if self.instance.pk:
            self.fields["code"].disabled = True


class DelegationForm(forms.Form):
    """Roles lent to somebody for a time."""

    receiver = forms.CharField(label=_("To (user name)"), max_length=80)
    roles = Several(label=_("Roles"), required=True)
    begins = When(label=_("Begins"))
    ends = When(label=_("Ends"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, giver: Person | None = None, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["roles"].choices = frame.role_choices(None if giver is None else giver.roles)

    def person(self, field: str = "receiver") -> Person:
        """Whose user name was given.

        Raises:
            BilanError: nobody's.
        """
        return named(self.cleaned_data[field])


class LendingForm(DelegationForm):
    """Roles that a security administrator lends for somebody else."""

    giver = forms.CharField(label=_("From (user name)"), max_length=80)
    field_order = ("giver", "receiver", "roles", "begins", "ends", "reason")


def named(username: str) -> Person:
    """The person with this user name.

    Raises:
        BilanError: there is none; the nearest is named.
    """
    found = Person.objects.filter(username=username).first()
    if found is None:
        names = list(Person.objects.filter(is_active=True).values_list("username", flat=True))
        raise BilanError(Problem("people.unknown_person", {"value": username, "nearest": nearest(username, names)}))
    return found


def _with_present(choices: list[tuple[str, str]], present: list[str]) -> list[tuple[str, str]]:
    """The choices with what is chosen already and no longer stands, so that saving does not lose it."""
    known = {code for code, _title in choices}
    return [*choices, *((code, frame.district_name(code)) for code in present if code not in known)]

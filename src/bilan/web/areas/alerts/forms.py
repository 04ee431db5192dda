"""Forms about alerts: taking note, silence for a while, explanation, remark."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.casework.models import Window
from bilan.web.areas.devices.forms import When
from bilan.web.components import numbers

LONGEST = timedelta(days=366)
USUAL = timedelta(hours=24)


class NoteForm(forms.Form):
    """A remark that stays with the alert."""

    text = forms.CharField(label=gettext_lazy("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class AcknowledgeForm(forms.Form):
    """Somebody has seen it and looks after it."""

    text = forms.CharField(label=gettext_lazy("What you will do"), max_length=400, required=False)


class SuppressForm(forms.Form):
    """Nobody is told about it until then."""

    until = When(label=gettext_lazy("Silent until"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400)

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        soon = timezone.localtime(timezone.now() + USUAL).replace(tzinfo=None, minute=0, second=0, microsecond=0)
        self.fields["until"].initial = soon

    def clean_until(self) -> datetime:
        """A moment to come, not too far off."""
        until: datetime = timezone.make_aware(self.cleaned_data["until"])
        if until <= timezone.now():
            raise forms.ValidationError(_("This moment has passed."))
        if until > timezone.now() + LONGEST:
            raise forms.ValidationError(_("At most one year ahead."))
        return until


class ExplainForm(forms.Form):
    """Which declared window explains it."""

    window = forms.TypedChoiceField(label=gettext_lazy("Declared window"), coerce=int)

    def __init__(self, windows: list[Window], *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.windows = {window.pk: window for window in windows}
        self.fields["window"].choices = [(window.pk, title(window)) for window in windows]


def title(window: Window) -> str:
    """A window in one line."""
    return f"{window.get_kind_display()} {numbers.wall(window.begin)} – {numbers.wall(window.end)}" + (
        f" {window.note}" if window.note else ""
    )

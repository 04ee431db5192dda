"""How a file is uploaded and understood."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bilan.pack.vocab import networks
from bilan.problems import BilanError, Problem
from bilan.telemetry.model import Interval
from bilan.telemetry.readers import ImportSettings
from bilan.web.components import numbers, words
from bilan.web.components.upload import accepted

MOST_MEGABYTES = 64
ENDINGS = (".csv", ".txt", ".tsv", ".gz", ".xlsx", ".xls", ".xlsm", ".parquet")


class UploadForm(forms.Form):
    """A file, and what is known about it."""

    file = forms.FileField(label=_("File"), help_text=_("CSV, Excel or Parquet, at most 64 MB"))
    network = forms.ChoiceField(label=_("Network"), required=False, help_text=_("Decides names and units: emission or ambient"))
    interval = forms.ChoiceField(label=_("What a value covers"), required=False)
    labels = forms.ChoiceField(
        label=_("A time names"), choices=[("start", _("the start of its period")), ("end", _("the end of its period"))]
    )
    point = forms.CharField(
        label=_("Point of all rows"),
        required=False,
        max_length=64,
        help_text=_("Code; only for a file without a column of points"),
    )
    sheet = forms.CharField(label=_("Sheet"), required=False, max_length=64, help_text=_("Empty: the first that fits"))

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS)
        self.fields["network"].choices = [("", _("Any")), *((code, numbers.named(entry)) for code, entry in networks().items())]
        intervals = ((entry.value, words.interval(entry.value)) for entry in Interval)
        self.fields["interval"].choices = [("", _("Tell from the times")), *intervals]

    def clean_file(self) -> Any:
        """Refuse what is too large, or no table by its name."""
        return accepted(self.cleaned_data["file"], ENDINGS, MOST_MEGABYTES)

    def settings(self) -> ImportSettings:
        """How the file is to be understood."""
        values = self.cleaned_data
        return ImportSettings(values["network"], values["interval"], values["labels"], values["sheet"] or None, values["point"].strip())


def refuse_running(running: bool) -> None:
    """Refuse to begin what is under way.

    Raises:
        BilanError: it is.
    """
    if running:
        raise BilanError(Problem("imports.busy"))

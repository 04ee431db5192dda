"""The file that is uploaded, and how a person says it is to be understood."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bilan.pack.registers import Register
from bilan.registers.importing import ImportSettings
from bilan.registers.importing.source import ENDINGS
from bilan.tabular.sheets.targets import Target, targets
from bilan.web.components import numbers
from bilan.web.components.upload import accepted

MOST_MEGABYTES = 50
SYSTEMS = {
    "wgs84": _("WGS 84 (GPS)"),
    "cgcs2000": _("CGCS2000"),
    "gcj02": _("GCJ-02 (Amap, Tencent)"),
    "bd09": _("BD-09 (Baidu)"),
}
POLICIES = {
    "update": _("take the file's values"),
    "fill": _("fill empty fields only"),
    "add": _("leave it as it is"),
}
DATES = {
    "": _("refuse the row"),
    "day_first": _("the day stands first"),
    "month_first": _("the month stands first"),
}
LONGEST_CELL = 5000


class UploadForm(forms.Form):
    """A file."""

    file = forms.FileField(label=_("File"), help_text=_("Excel, CSV, GeoJSON, KML, zipped Shapefile or GeoPackage, at most 50 MB"))

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.fields["file"].widget.attrs["accept"] = ",".join(ENDINGS)

    def clean_file(self) -> Any:
        """Refuse what is too large, or cannot be imported by its name."""
        return accepted(self.cleaned_data["file"], ENDINGS, MOST_MEGABYTES)


def choices_of(register: Register) -> list[tuple[str, str]]:
    """What a column can be, for its drop-down."""
    return [(target.name, _shown(target)) for target in targets(register)]


def _shown(target: Target) -> str:
    title = target.title.text(numbers.language())
    return f"{title} ({numbers.unit(target.unit)})" if target.unit else title


def settings_from(sent: Mapping[str, str], before: ImportSettings, columns: list[dict[str, Any]]) -> ImportSettings:
    """Settings as the page sent them: what each column is, and the rest.

    Raises:
        BilanError: one is none of its choices.
    """
    mapping = {column["key"]: sent[f"column-{at}"] for at, column in enumerate(columns) if f"column-{at}" in sent}
    return ImportSettings(
        sheet=sent.get("sheet", before.sheet)[:100],
        mapping={**before.mapping, **mapping} if sent.get("sheet", before.sheet) == before.sheet else {},
        system=sent.get("system", before.system),
        dates=sent.get("dates", before.dates),
        key=sent.get("key", before.key)[:80],
        policy=sent.get("policy", before.policy),
        outside="outside" in sent if "system" in sent else before.outside,
        corrections=corrected(sent, before.corrections),
        only=before.only,
    )


def corrected(sent: Mapping[str, str], before: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Corrections of refused cells, with those made before: ``fix-ROW-LETTER`` → text, where it differs from ``was-ROW-LETTER``."""
    found = {row: dict(cells) for row, cells in before.items()}
    for name, text in sent.items():
        parts = name.split("-")
        if len(parts) != 3 or parts[0] != "fix" or not parts[1].isdigit():
            continue
        if text != sent.get(f"was-{parts[1]}-{parts[2]}", ""):
            found.setdefault(parts[1], {})[parts[2]] = text[:LONGEST_CELL]
    return found

"""Files that people upload to be imported: what is refused at the door, and how a job of reading them stands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bilan.problems import Problem
from bilan.web.components import numbers

MEGABYTE = 1 << 20
STATES = {
    "planning": ("info", _("Being read")),
    "planned": ("risk", _("Checked, not written")),
    "unreadable": ("bad", _("Cannot be read")),
    "applying": ("info", _("Being written")),
    "done": ("ok", _("Written")),
    "cancelled": ("quiet", _("Cancelled")),
    "failed": ("bad", _("Broken off")),
    "interrupted": ("bad", _("Interrupted")),
}
"""State of a job → tone and words."""


def accepted(file: Any, endings: Collection[str], megabytes: int) -> Any:
    """The uploaded file, unless it is too large or its name says that it is of another kind.

    Parameters:
        endings: endings of names, with their dots.
        megabytes: largest size [MiB].

    Raises:
        ValidationError: it is refused; says what is allowed.
    """
    ending = f".{file.name.lower().rpartition('.')[2]}"
    problem = None
    if file.size > megabytes * MEGABYTE:
        problem = Problem("imports.too_large", {"value": file.size // MEGABYTE, "allowed": megabytes})
    elif ending not in endings:
        problem = Problem("imports.wrong_ending", {"value": ending, "allowed": list(endings)})
    if problem is not None:
        raise forms.ValidationError(problem.text(numbers.language()))
    return file

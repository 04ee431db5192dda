"""The section of cases in the rail, and its pages."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from bilan.web.areas.cases import board, calendar, casepage, evidencepage, figures, listpage, mine
from bilan.web.areas.cases.frame import SECTION, SEES
from bilan.web.registry import section

__all__ = ["board", "calendar", "casepage", "evidencepage", "figures", "listpage", "mine"]

section(SECTION, gettext_noop("Cases"), icon="clipboard-check", page="cases", order=37, reads=SEES)

"""The section of cases in the rail, and its pages."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from bilan.web.areas.cases import (
    board,
    bulk,
    calendar,
    campaignpages,
    casepage,
    dispatch,
    drawingpages,
    evidencepage,
    figures,
    flowpages,
    handover,
    listpage,
    mine,
    movepage,
    newpage,
)
from bilan.web.areas.cases.frame import SECTION, SEES
from bilan.web.registry import section

AREA = (
    board,
    bulk,
    calendar,
    campaignpages,
    casepage,
    dispatch,
    drawingpages,
    evidencepage,
    figures,
    flowpages,
    handover,
    listpage,
    mine,
    movepage,
    newpage,
)
"""Modules whose pages are registered because they are loaded."""

section(SECTION, gettext_noop("Cases"), icon="clipboard-check", page="cases", order=37, reads=SEES)

"""Pages of the plans' targets, indicators and figures."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from bilan.web.areas.scorecard import (
    benchpage,
    board,
    editpage,
    figurespage,
    indicatorlist,
    indicatorpage,
    rowspage,
    tablespage,
    targetpage,
)
from bilan.web.areas.scorecard.frame import SECTION, SEES
from bilan.web.registry import section

AREA = (benchpage, board, editpage, figurespage, indicatorlist, indicatorpage, rowspage, tablespage, targetpage)
"""Modules whose pages are registered because they are loaded."""

section(SECTION, gettext_noop("Plans"), icon="target", page="scorecard", order=46, reads=SEES)

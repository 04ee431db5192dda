"""Amending values of a point: an operator declares a span invalid, or takes that back, and says why."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bilan.people.roles import Action
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError, Problem
from bilan.telemetry.model import Point
from bilan.telemetry.store import Amendment, AmendmentKind
from bilan.web.areas.monitoring import choices
from bilan.web.components import numbers
from bilan.web.registry import Request

KINDS = (AmendmentKind.INVALIDATE, AmendmentKind.RESTORE)
LONGEST_REASON = 500


def amend(request: Request, point: Point) -> bool:
    """Apply the form that was sent and tell the person what was done, or what keeps it from being done."""
    try:
        amendments = _asked(request, point)
        request.monitoring.require(Action.OPERATE).amend(*amendments)
    except BilanError as error:
        messages.error(request, error.text(numbers.language()))
        return False
    count = _touched(request, point, amendments)
    sentence = ngettext("%(n)s value amended; it will be judged again.", "%(n)s values amended; they will be judged again.", count)
    messages.success(request, sentence % {"n": count})
    return True


def _asked(request: Request, point: Point) -> list[Amendment]:
    """The decisions that the form asks for.

    Raises:
        BilanError: something is missing or wrong.
        NotVisible: a series is not the point's.
    """
    form = request.POST
    known = {str(row["id"]): row for row in request.monitoring.series([point.code]).to_dicts()}
    series = form.getlist("series")
    strange = [number for number in series if number not in known]
    if strange:
        raise NotVisible(strange[0])
    missing = [
        name for name, value in ((_("Parameter"), series), (_("Begin"), form.get("begin")), (_("End"), form.get("end"))) if not value
    ]
    if missing:
        raise BilanError(*(Problem("monitoring.missing_field", {"value": name}) for name in missing))
    if form.get("kind") not in set(KINDS):
        raise BilanError(
            Problem("store.amendment_kind", {"value": form.get("kind", ""), "allowed": [str(kind) for kind in KINDS], "nearest": ""})
        )
    begin, end = choices.period(form["begin"], form["end"], 0)
    why = form.get("why", "").strip()[:LONGEST_REASON]
    return [Amendment(int(number), begin, end, form["kind"], request.user.get_username(), why) for number in series]


def _touched(request: Request, point: Point, amendments: Sequence[Amendment]) -> int:
    interval = dict(request.monitoring.series([point.code]).select("id", "interval").iter_rows())
    return sum(request.monitoring.scan([entry.series], entry.begin, entry.end, interval[entry.series]).height for entry in amendments)

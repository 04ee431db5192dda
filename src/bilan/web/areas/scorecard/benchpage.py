"""The test bench: a query as it might become an indicator, tried with a limit of time, its rows shown, its mistakes with their line."""

from __future__ import annotations

import time
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.lake import queries
from bilan.lake.types import empty
from bilan.pack.indicators import Period
from bilan.people.roles import Capability
from bilan.plans.indicators.computing import GIVEN, NEEDED
from bilan.plans.indicators.sandbox import Answer, Limits, Sandbox
from bilan.plans.indicators.spans import Span
from bilan.plans.indicators.tables import documented
from bilan.problems import BilanError, Problem
from bilan.web.areas.scorecard import behind
from bilan.web.areas.scorecard.frame import SECTION, TRIES, indicators, spec_of, tabs
from bilan.web.components import numbers
from bilan.web.components.table import Column, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page

LIMITS = Limits(seconds=5.0, memory="512MB", rows=5000)
SHOWN = 500
EXAMPLE = """select district, period_of(day) as period,
       100.0 * count(*) filter (where valid and grade <= 2) / nullif(count(*) filter (where valid), 0) as value,
       count(*) filter (where valid) as rows
from air_days
where day between $begin and $end
group by all"""


class BenchForm(forms.Form):
    """A query and the period it is tried on."""

    period = forms.CharField(label=gettext_lazy("Period"), max_length=8, help_text=gettext_lazy("such as 2026, 2026-Q3 or 2026-10"))
    sql = forms.CharField(
        label=gettext_lazy("Query"),
        max_length=queries.LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"class": "code", "spellcheck": "false", "rows": 14}),
        help_text=gettext_lazy("One SELECT over the documented tables; $begin, $end and $today stand for days. Nothing is saved."),
    )


@page("indicators/bench", name="indicator-bench", section=SECTION, reads=TRIES, writes=TRIES)
def bench(request: Request) -> HttpResponse:
    """Try a query; who may not see the whole city's data has it checked against empty tables."""
    spec = spec_of(str(request.GET.get("from", "")))
    initial = {"period": str(timezone.localdate().year), "sql": spec.sql if spec else EXAMPLE}
    form = BenchForm(request.POST if request.method == "POST" else None, initial=initial)
    sees = may_see(request)
    values: dict[str, Any] = {"found": None, "table": None}
    if request.method == "POST" and form.is_valid():
        try:
            values = _tried(request, form, spec.parameters if spec else {}, sees=sees)
        except BilanError as error:
            for problem in error.problems:
                form.add_error("period" if problem.code.endswith("unknown_period") else "sql", _told(problem))
    known = sorted(((entry.name, entry.title.text(numbers.language())) for entry in indicators()), key=lambda pair: pair[1])
    return show(
        request,
        "scorecard/bench.html",
        form=form,
        sees=sees,
        seconds=LIMITS.seconds,
        known=known,
        spec=spec,
        tabs=tabs(request, "indicators"),
        **values,
    )


def may_see(request: Request) -> bool:
    """Whether the reader may see what any query can bring to light: the readings and the plans of the whole city."""
    return request.planbook.everywhere(Capability.EDIT) and request.monitoring.scope.whole_city


def _tried(request: Request, form: BenchForm, parameters: Any, *, sees: bool) -> dict[str, Any]:
    """Run the query, or only check it.

    Raises:
        BilanError: it cannot be run, runs too long or gives too much.
    """
    span = Span.parse(form.cleaned_data["period"].strip())
    sql = form.cleaned_data["sql"].replace("\r\n", "\n").strip().rstrip(";")
    own = {name: entry.value for name, entry in parameters.items()}
    known = documented()
    query = queries.parse(sql, known, (*GIVEN, *own))
    today = behind.tables().today if sees else timezone.localdate()
    given = {**own, "begin": span.first, "end": span.through(today), "today": today}
    frames = behind.tables().frames([query]) if sees else {name: empty(known[name]) for name in query.tables if name in known}
    begun = time.monotonic()
    with Sandbox(frames, LIMITS) as sandbox:
        districts = behind.tables().districts if sees else [""]
        sandbox.put_periods(span.kind if isinstance(span.kind, Period) else Period.YEAR, [span], districts, today)
        answer = sandbox.run(query, given)
    lacking = [name for name in NEEDED if name not in answer.columns]
    found = {
        "rows": len(answer.rows),
        "seconds": time.monotonic() - begun,
        "lacking": ", ".join(lacking),
        "tables": sorted(query.tables),
        "cut": len(answer.rows) > SHOWN,
        "columns": list(zip(answer.columns, answer.types, strict=True)),
    }
    return {"found": found, "table": _table(request, answer) if sees and answer.rows else None}


def _table(request: Request, answer: Answer) -> Table:
    columns = [
        Column(name, name, kind="number" if any(part in kind.upper() for part in ("INT", "DOUBLE", "FLOAT", "DECIMAL")) else "text")
        for name, kind in zip(answer.columns, answer.types, strict=True)
    ]
    rows = [{name: _plain(value) for name, value in row.items()} for row in answer.dicts()[:SHOWN]]
    return Table("bench", columns, rows, request.GET, size=SHOWN, caption=_("Rows of the query"), forms={})


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float | str) or value is None else str(value)


def _told(problem: Problem) -> str:
    """A mistake with its line in the query."""
    text = Problem(problem.code, problem.values).text(numbers.language())
    row = problem.place.row if problem.place else None
    return _("Line %(n)s: %(text)s") % {"n": row, "text": text} if row else text

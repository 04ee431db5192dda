"""Pages of the scored tables."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bilan.pack.scores import SHEET, Score
from bilan.people.visibility import NotVisible
from bilan.web.areas.scores import judged, saying
from bilan.web.areas.scores.judged import Row
from bilan.web.components import numbers
from bilan.web.components.table import Column, Filter, Table
from bilan.web.pages import show
from bilan.web.registry import Request, page
from bilan.web.remember import Remembered

SECONDS = 120.0
"""How long the summary of all tables is kept."""

_summaries: Remembered[list[dict[str, Any]]] = Remembered(SECONDS)


@page("scores", name="scores", section="ranking")
def scores(request: Request) -> HttpResponse:
    """All scored tables with what came of them."""
    key = (request.user.pk, request.district, numbers.language(), request.ledger.as_of)
    return show(request, "scores/scores.html", tables=_summaries.get(key, lambda: _summary(request)))


@page("scores/<slug:score>", name="score", section="ranking")
def score(request: Request, score: str) -> HttpResponse:
    """Who earned what by one table."""
    of = judged.table(score)
    found = judged.rows(request.ledger, of, request.district)
    years = judged.years(found)
    year = _year(request, years)
    shown = [row for row in found if year is None or row.year == year]
    return show(
        request,
        "scores/score.html",
        about=saying.about(of),
        table=_table(request, of, shown, found, year),
        counts=_counts(of, shown),
        years=[{"title": str(entry), "href": "?" + urlencode({"year": entry}), "current": entry == year} for entry in years],
        register=of.of,
    )


@page("scores/<slug:score>/<str:code>", name="score-entry", section="ranking")
def entry(request: Request, score: str, code: str) -> HttpResponse:
    """Why an entry has its score, and what would raise it."""
    of = judged.table(score)
    register = request.ledger.register(of.of)
    record = request.ledger.entry(of.of, code)
    row = judged.row(request.ledger, register, of, record)
    if of.of == SHEET and row.values.get("scheme") != (of.scheme or of.name):
        raise NotVisible(code)
    titles = {name: field.title.text(numbers.language()) for name, field in register.fields.items()}
    return show(
        request,
        "scores/entry.html",
        score=of.name,
        register=of.of,
        code=record.code,
        name=record.name or record.code,
        place=saying.place(row),
        year=row.year,
        about=saying.about(of),
        judged=row.judged,
        decimals=of.decimals,
        grade=saying.status(row.judged.grade, of),
        official=saying.official(request.ledger, of, row),
        groups=saying.items(of, row),
        caps=[cap.text(numbers.language()) for cap in row.judged.caps],
        raising=saying.raising(of, row),
        before=saying.before(request.ledger, of, row),
        veiled=[titles.get(name, name) for name in row.veiled],
    )


def _summary(request: Request) -> list[dict[str, Any]]:
    found = []
    for of in judged.tables().values():
        try:
            rows = judged.rows(request.ledger, of, request.district)
        except NotVisible:
            continue
        years = judged.years(rows)
        newest = [row for row in rows if not years or row.year == years[0]]
        found.append(
            {
                "name": of.name,
                "about": saying.about(of),
                "count": len(newest),
                "year": years[0] if years else None,
                "grades": _counts(of, newest),
                "configured": of.configured,
            }
        )
    return found


def _counts(of: Score, rows: list[Row]) -> list[dict[str, Any]]:
    """How many have each grade, with their share; those without a score at the end."""
    language, whole = numbers.language(), len(rows) or 1
    found = []
    for grade in of.grades:
        count = sum(row.judged.grade is not None and row.judged.grade.grade == grade.grade for row in rows)
        found.append({"title": grade.title.text(language), "tone": saying.tone(grade, of), "count": count, "percent": 100 * count / whole})
    none = sum(row.judged.grade is None for row in rows)
    if none:
        found.append({"title": _("no grade: too little is known"), "tone": "quiet", "count": none, "percent": 100 * none / whole})
    return found


def _year(request: Request, years: list[int]) -> int | None:
    asked = request.GET.get("year", "")
    if asked.isascii() and asked.isdigit() and int(asked) in years:
        return int(asked)
    return years[0] if years else None


def _table(request: Request, of: Score, rows: list[Row], every: list[Row], year: int | None) -> Table:
    ranks = judged.ranks(rows)
    earlier = {judged.subject(row): row.judged.score for row in every if year is not None and row.year == year - 1}
    lines = [_line(request, of, row, ranks, earlier) for row in rows]
    language = numbers.language()
    given = [
        Column("official", _("Officially given")),
        Column("beside", _("Beside the reckoned one"), render=lambda line: line["beside_mark"]),
    ]
    columns = [
        Column("name", _("Name"), href=lambda line: line["href"]),
        Column("place", _("District"), wide=True),
        Column("rank", _("Rank"), kind="number", decimals=0),
        Column("score", _("Score"), kind="number", decimals=of.decimals),
        Column("grade", _("Grade"), render=lambda line: line["mark"]),
        *(given if of.recorded else []),
        *([Column("change", _("Change on the year before"), kind="number", decimals=of.decimals)] if earlier else []),
        Column("measured", _("Measured"), kind="number", unit="%", decimals=0, wide=True),
        *(Column(f"item_{item.name}", item.title.text(language), kind="number", decimals=1, shown=False) for item in of.items),
        Column("unverified", _("Items not verified"), shown=False),
    ]
    grades = [(grade.title.text(language), grade.title.text(language)) for grade in of.grades]
    return Table(
        id=f"score-{of.name}" + (f"-{year}" if year else ""),
        columns=columns,
        rows=lines,
        query=request.GET,
        search=("name", "place"),
        filters=[Filter("grade", _("Grade"), grades)],
        sort="rank",
        caption=of.title.text(language),
        empty=_("Nothing to judge: the register holds no entries yet."),
    )


def _line(request: Request, of: Score, row: Row, ranks: dict[int, int], earlier: dict[Any, float | None]) -> dict[str, Any]:
    given = saying.official(request.ledger, of, row)
    own, then = row.judged.score, earlier.get(judged.subject(row)) if earlier else None
    return {
        "rank": ranks.get(row.record.number),
        "name": row.record.name or row.record.code,
        "href": saying.address(of, row),
        "place": saying.place(row),
        "score": own,
        "grade": row.judged.grade.title.text(numbers.language()) if row.judged.grade else "",
        "mark": saying.status(row.judged.grade, of),
        "official": given["text"],
        "beside": given["beside"],
        "beside_mark": saying.mark(given["tone"], given["beside"]),
        "change": None if own is None or then is None else round(own - then, of.decimals),
        "measured": row.judged.measured,
        "unverified": ", ".join(row.judged.unverified),
        **{f"item_{entry.item.name}": entry.points for entry in row.judged.items},
    }

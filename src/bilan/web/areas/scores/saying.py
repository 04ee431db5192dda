"""Scored tables in words."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bilan.pack.scores import SHEET, Aggregate, Grade, RuleKind, Score
from bilan.registers.ledger import Ledger
from bilan.science.scores import ItemScore, change, gains, next_grade
from bilan.web import site
from bilan.web.areas.scores.judged import Row, rows, subject
from bilan.web.areas.standards.tabs import confidence
from bilan.web.components import numbers

TONES = ("ok", "info", "risk", "bad")
UNVERIFIED = "memory_only"


def status(grade: Grade | None, of: Score) -> SafeString | str:
    """A grade as a mark."""
    if grade is None:
        return numbers.NOTHING
    return format_html('<span class="status status-{}">{}</span>', tone(grade, of), grade.title.text(numbers.language()))


def mark(tone: str, text: str) -> SafeString | str:
    """A state as a mark; nothing for no text."""
    return format_html('<span class="status status-{}">{}</span>', tone, text) if text else numbers.NOTHING


def tone(grade: Grade, of: Score) -> str:
    """How good a grade is among those there are: the best and the worst stand out."""
    if len(of.grades) < 2:
        return "info"
    place = [entry.grade for entry in of.grades].index(grade.grade) / (len(of.grades) - 1)
    return TONES[min(len(TONES) - 1, round(place * (len(TONES) - 1)))]


def official(ledger: Ledger, of: Score, row: Row) -> dict[str, Any]:
    """The grade that was officially given: its text, and how it stands to the one reckoned; empty texts where none was."""
    given = row.values.get(of.recorded) if of.recorded else None
    if given is None or given == "":
        return {"text": "", "beside": "", "tone": "quiet"}
    grade = next((entry for entry in of.grades if entry.word and entry.word == str(given)), None)
    if grade is not None:
        return {"text": grade.title.text(numbers.language()), **_beside(row.judged.grade, grade)}
    if isinstance(given, int | float):
        own = row.judged.score
        away = "" if own is None else f"{own - given:+.{of.decimals}f}"
        return {"text": numbers.digits(given, of.decimals), "beside": away, "tone": "quiet" if not away or abs(float(away)) < 5 else "risk"}
    field = ledger.register(of.of).fields.get(of.recorded)
    terms = ledger.declared.vocabularies.get(getattr(field, "of", "") or "")
    term = terms.by_code.get(str(given)) if terms else None
    return {"text": term.title.text(numbers.language()) if term else str(given), "beside": "", "tone": "quiet"}


def _beside(own: Grade | None, given: Grade) -> dict[str, str]:
    if own is None:
        return {"beside": "", "tone": "quiet"}
    if own.grade == given.grade:
        return {"beside": _("as reckoned"), "tone": "ok"}
    return {"beside": _("reckoned higher"), "tone": "info"} if own.grade < given.grade else {"beside": _("reckoned lower"), "tone": "risk"}


def about(of: Score) -> dict[str, Any]:
    """What is to be known of a table."""
    language = numbers.language()
    return {
        "title": of.title.text(language),
        "about": of.about.text(language),
        "standard": " ".join(filter(None, [of.standard, of.version])),
        "confidence": confidence({"confidence": of.confidence}),
        "configured": of.configured,
        "full": f"{of.full:g}",
        "least": f"{of.least:g}",
        "how": {
            Aggregate.SUM: _("points add up"),
            Aggregate.WEIGHTED: _("weighted mean"),
            Aggregate.WORST: _("the lowest item decides"),
            Aggregate.GEOMETRIC: _("geometric mean"),
        }[of.aggregate],
        "grades": [
            {"title": grade.title.text(language), "tone": tone(grade, of), "from": f"{grade.at_least:g}", "holds": grade.holds is not None}
            for grade in of.grades
        ],
    }


def items(of: Score, row: Row) -> list[dict[str, Any]]:
    """Items with value, rule, points and basis, in their groups."""
    language = numbers.language()
    groups: dict[str, list[dict[str, Any]]] = {}
    scale = of.full / (sum(item.weight for item in of.items) or 1.0)
    for entry in row.judged.items:
        groups.setdefault(entry.item.group.text(language), []).append(_item(of, entry, scale))
    return [{"title": title, "lines": lines} for title, lines in groups.items()]


def _item(of: Score, entry: ItemScore, scale: float) -> dict[str, Any]:
    language = numbers.language()
    points = entry.points
    return {
        "title": entry.item.title.text(language),
        "value": _value(entry),
        "unit": entry.item.unit,
        "why": entry.why.text(language),
        "points": None if points is None else numbers.digits(scale * points, 1),
        "full": f"{scale * entry.item.weight:.4g}",
        "percent": 0 if entry.share is None else round(100 * entry.share),
        "missing": entry.value is None,
        "basis": entry.item.basis or of.standard,
        "confidence": confidence({"confidence": entry.item.confidence}),
        "unverified": entry.item.confidence == UNVERIFIED,
    }


def _value(entry: ItemScore) -> str:
    if entry.value is None:
        return numbers.NOTHING
    if isinstance(entry.value, str) or entry.item.rule.kind is RuleKind.CHOICE:
        return str(entry.value)
    return f"{entry.value:.4g}"


def raising(of: Score, row: Row) -> dict[str, Any] | None:
    """What would raise the grade; None at the best one or without a score."""
    above = next_grade(of, row.judged)
    if above is None or row.judged.score is None:
        return None
    language = numbers.language()
    found = [
        {
            "title": gain.entry.item.title.text(language),
            "gain": numbers.digits(gain.gain, 1),
            "wanted": gain.wanted.text(language),
            "unit": gain.entry.item.unit,
            "now": _value(gain.entry),
            "enough": gain.enough,
        }
        for gain in gains(of, row.judged, row.values)
    ]
    missing = max(0.0, above.at_least - row.judged.score)
    return {
        "grade": status(above, of),
        "at_least": f"{above.at_least:g}",
        "missing": numbers.digits(missing, of.decimals),
        "short": missing > 0,
        "conditional": above.holds is not None and not above.holds.holds(row.values),
        "gains": found,
    }


def before(ledger: Ledger, of: Score, row: Row) -> dict[str, Any] | None:
    """The sheet of the year before with the change since; None when there is none."""
    if of.of != SHEET or row.year is None:
        return None
    earlier = [one for one in rows(ledger, of, row.record.district) if one.year == row.year - 1 and subject(one) == subject(row)]
    if not earlier:
        return None
    then, now = earlier[0].judged.score, row.judged.score
    called = change(of, then, now) if then is not None and now is not None else None
    return {
        "year": row.year - 1,
        "href": address(of, earlier[0]),
        "score": then,
        "grade": status(earlier[0].judged.grade, of),
        "difference": None if then is None or now is None else f"{now - then:+.{of.decimals}f}",
        "called": called.title.text(numbers.language()) if called else "",
        "tone": "quiet" if then is None or now is None else "ok" if now > then else "bad" if now < then else "quiet",
    }


def address(of: Score, row: Row) -> str:
    """The page that says why."""
    return reverse("score-entry", args=[of.name, row.record.code])


def place(row: Row) -> str:
    """Name of the district."""
    return site.district_name(row.record.district, numbers.language()) if row.record.district else ""

"""The form of the workbench, from what is declared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from bilan.pack import vocab
from bilan.pack.analyses import Analysis, Needs, SettingKind, analyses
from bilan.people.monitoring import Monitoring
from bilan.telemetry import clock
from bilan.web import site
from bilan.web.areas.analysis.asking import MOST_POINTS, PARAMETERLESS, Asked, parameters, windy
from bilan.web.areas.monitoring import choices
from bilan.web.components import numbers

SPANS = ((30, "30 d"), (90, "90 d"), (365, "1 a"), (1096, "3 a"), (1826, "5 a"))
SHARED = ("points", "parameter", "met", "begin", "end")
OF_STATIONS = frozenset({"family", "error", "limit", "every"})
"""Settings of a receptor model that make tables of a station's series; brought tables need none."""
TOLD = 50
"""So many problems of a file are listed on the page."""


def tabs(current: str) -> list[dict[str, Any]]:
    """Pages of the section."""
    pages = (("explorer", _("Compare series")), ("analysis", _("Analyse")))
    return [{"href": reverse(name), "title": title, "count": None, "current": name == current} for name, title in pages]


def words(analysis: Analysis) -> dict[str, Any]:
    """What is said of an analysis in the reader's language."""
    language = numbers.language()
    return {
        "title": analysis.title.text(language),
        "about": analysis.about.text(language),
        "reference": analysis.reference,
        "caveats": [entry.text(language) for entry in analysis.caveats],
    }


def groups(of: Asked, district: str) -> list[dict[str, Any]]:
    """All analyses under their headings; a link keeps series and period."""
    language = numbers.language()
    kept = {name: text for name, text in of.query.items() if name in SHARED}
    if of.analysis.needs is Needs.SPECIES:
        kept = {name: text for name, text in kept.items() if name == "points"}
    found: dict[str, list[dict[str, Any]]] = {}
    for name, entry in analyses().items():
        values = {"of": name, **_fitting(kept, of.analysis, entry), **({"district": district} if district else {})}
        link = {
            "title": entry.title.text(language),
            "href": f"?{urlencode(values)}",
            "current": name == of.analysis.name,
            "heavy": entry.heavy,
            "about": entry.about.text(language),
        }
        found.setdefault(entry.group.text(language), []).append(link)
    return [{"title": title, "links": links} for title, links in found.items()]


def _fitting(kept: dict[str, str], now: Analysis, then: Analysis) -> dict[str, str]:
    """What of series and period makes sense for another analysis: a period only when both look at alike lengths."""
    if then.needs is Needs.SPECIES:
        return {}
    return kept if now.days == then.days else {name: text for name, text in kept.items() if name not in {"begin", "end"}}


def title(of: Asked) -> str:
    """What the figure shows, in a line."""
    if of.tables:
        return of.tables.title
    first = " · ".join(numbers.named(point) for point in of.points)
    what = numbers.labelled(of.parameter) if of.parameter and of.analysis.needs not in PARAMETERLESS else ""
    what += f" – {numbers.labelled(of.against)}" if of.against else ""
    span = f"{clock.moment(of.begin):%Y-%m-%d} – {clock.moment(of.end - 1):%Y-%m-%d}"
    return " · ".join(filter(None, [first, what, span]))


def fields(monitoring: Monitoring, of: Asked) -> dict[str, Any]:
    """Everything the form needs."""
    return {
        "of": of.analysis.name,
        "points": [{"code": point.code, "text": numbers.named(point)} for point in of.points],
        "several": of.analysis.several,
        "full": len(of.points) >= MOST_POINTS,
        "pairs": of.analysis.needs is Needs.PAIRS,
        "parameters": _parameters(monitoring, of),
        "against": _against(monitoring, of),
        "species": of.analysis.needs is Needs.SPECIES,
        "tables": _tables(of),
        "categories": of.query.get("categories", ""),
        "met": _met(monitoring, of),
        "begin": clock.moment(of.begin).date().isoformat(),
        "end": clock.moment(of.end - 1).date().isoformat(),
        "spans": _spans(of),
        "settings": _settings(of),
    }


def _parameters(monitoring: Monitoring, of: Asked) -> list[dict[str, Any]]:
    if of.analysis.needs in PARAMETERLESS:
        return []
    chosen = of.parameter.code if of.parameter else ""
    return [
        {"code": pair.parameter, "text": choices.label(pair.parameter), "chosen": pair.parameter == chosen}
        for pair in parameters(monitoring, of.points)
    ]


def _against(monitoring: Monitoring, of: Asked) -> list[dict[str, Any]]:
    if of.against is None:
        return []
    first = of.parameter.code if of.parameter else ""
    return [
        {
            "code": vocab.parameters()[pair.parameter].column,
            "text": choices.label(pair.parameter),
            "chosen": pair.parameter == of.against.code,
        }
        for pair in parameters(monitoring, of.points)
        if pair.parameter != first
    ]


def _tables(of: Asked) -> dict[str, Any] | None:
    """The tables that the reader brought, with what is wrong with them."""
    if of.tables is None:
        return None
    return {
        "id": of.tables.id,
        "title": of.tables.title,
        "samples": of.tables.samples,
        "species": of.tables.species,
        "usable": of.tables.usable,
        "problems": [problem.text(numbers.language()) for problem in of.tables.problems[:TOLD]],
        "more": of.tables.problem_count - len(of.tables.problems[:TOLD]),
    }


def _met(monitoring: Monitoring, of: Asked) -> list[dict[str, Any]]:
    if not of.analysis.windy or of.analysis.needs is Needs.ONLY_WIND:
        return []
    return [{"code": point.code, "text": numbers.named(point), "chosen": point == of.met} for point in windy(monitoring)]


def _spans(of: Asked) -> list[dict[str, str]]:
    """Periods up to now with one step."""
    today = clock.moment(clock.now(site.city().timezone)).date()
    base = {name: text for name, text in of.query.items() if name not in {"begin", "end"}}
    return [
        {"title": text, "href": "?" + urlencode({**base, "begin": (today - timedelta(days=days)).isoformat(), "end": today.isoformat()})}
        for days, text in SPANS
    ]


def _settings(of: Asked) -> list[dict[str, Any]]:
    language = numbers.language()
    found = []
    for entry in of.analysis.settings:
        if of.tables and entry.name in OF_STATIONS:
            continue
        chosen = of.written.get(entry.name, "") or entry.usual
        found.append(
            {
                "name": entry.name,
                "title": entry.title.text(language),
                "unit": entry.unit,
                "value": chosen,
                "lower": f"{entry.lower:g}",
                "upper": f"{entry.upper:g}",
                "step": f"{entry.step:g}",
                "number": entry.kind is SettingKind.NUMBER,
                "choices": [{"value": value, "text": words.text(language), "chosen": value == chosen} for value, words in entry.choices],
            }
        )
    return found

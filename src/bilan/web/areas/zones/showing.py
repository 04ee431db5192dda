"""An answer in the reader's words: what pages, files and programs are given."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bilan.pack.registers import Register
from bilan.pack.vocab.units import unit_symbol
from bilan.registers.ledger import Ledger
from bilan.registers.zones import STRICTNESS, Answer, Finding, Touch
from bilan.web import site
from bilan.web.components import numbers
from bilan.web.components.entries import Shown, link, title_of

VERDICTS = {
    "forbidden": ("bad", gettext_lazy("Forbidden")),
    "limited": ("risk", gettext_lazy("Limited")),
    "allowed": ("ok", gettext_lazy("Allowed")),
    "": ("quiet", gettext_lazy("No zone speaks")),
}
"""Verdict → tone and words."""
SURE = {
    "verified_2plus": ("ok", gettext_lazy("Verified in two or more sources")),
    "verified_1": ("info", gettext_lazy("Verified in one source")),
    "derived": ("risk", gettext_lazy("Derived, not verified")),
    "memory_only": ("risk", gettext_lazy("Not verified yet")),
    "": ("quiet", gettext_lazy("The zone's own clause")),
}
"""How sure a clause is → tone and words."""
DEPENDS = {
    "activity": gettext_lazy("the kind of activity"),
    "industry": gettext_lazy("the industry"),
    "description": gettext_lazy("the description"),
}
"""What a finding depends on."""
PLAIN = frozenset({"code", "name", "district", "status", "area", "valid_from", "valid_to"})
"""Columns that a zone's facts leave out, because they are shown anyway or do not matter here."""
MOST_FACTS = 5


def described(ledger: Ledger, answer: Answer) -> dict[str, Any]:
    """The answer as mappings: verdict, findings, zones touched."""
    deciding = set(map(id, answer.deciding))
    tone, words = VERDICTS[answer.verdict]
    line = is_line(answer)
    return {
        "verdict": answer.verdict,
        "tone": tone,
        "words": str(words),
        "on": answer.question.on.isoformat(),
        "hidden": answer.hidden,
        "findings": [_finding(finding, id(finding) in deciding, line) for finding in answer.findings if finding.applies],
        "unsure": [_finding(finding, False, line) for finding in answer.unsure],
        "stricter": bool(answer.stricter),
        "touched": _touched(ledger, answer),
    }


def is_line(answer: Answer) -> bool:
    """Whether the place asked about is a line, whose part is a length."""
    return "LineString" in str(answer.question.geometry["type"])


def grouped(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings by verdict, the strictest first, the same clause of several zones once."""
    return [
        {"verdict": verdict, "tone": VERDICTS[verdict][0], "words": str(VERDICTS[verdict][1]), "findings": found}
        for verdict in STRICTNESS
        if (found := merged([finding for finding in findings if finding["verdict"] == verdict]))
    ]


def merged(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings with the zones that say the same gathered under ``zones``."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for finding in findings:
        key = (finding["verdict"], finding["text"], finding["clause"], tuple(finding["depends"]))
        found.setdefault(key, {**finding, "zones": []})["zones"].append(finding)
    return list(found.values())


def shapes(answer: Answer) -> dict[str, Any]:
    """The place and the zones it lies in, for the map."""
    features = [
        {
            "type": "Feature",
            "geometry": touch.entry.geometry,
            "properties": {
                "code": touch.entry.code,
                "name": touch.entry.name,
                "register": touch.register.name,
                "title": touch.register.singular.text(numbers.language()),
                "colour": touch.register.style.colour,
            },
        }
        for touch in answer.touched
    ]
    names = [
        {**feature, "geometry": {"type": "Point", "coordinates": [touch.entry.lon, touch.entry.lat]}}
        for feature, touch in zip(features, answer.touched, strict=True)
    ]
    place = {"type": "Feature", "geometry": dict(answer.question.geometry), "properties": {}}
    return {"zones": collection(features), "names": collection(names), "place": place}


def collection(features: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Features as GeoJSON."""
    return {"type": "FeatureCollection", "features": list(features)}


def _finding(finding: Finding, deciding: bool, line: bool) -> dict[str, Any]:
    tone, words = VERDICTS[finding.verdict]
    sure = finding.rule.confidence if finding.rule.confidence in SURE else ""
    return {
        "verdict": finding.verdict,
        "tone": tone,
        "words": str(words),
        "text": finding.rule.text.text(numbers.language()),
        "clause": finding.rule.clause,
        "from": finding.rule.valid_from,
        "to": finding.rule.valid_to,
        "confidence": finding.rule.confidence,
        "sure": str(SURE[sure][1]),
        "sure_tone": SURE[sure][0],
        "deciding": deciding,
        "depends": [str(DEPENDS[name]) for name in finding.depends],
        **_zone(finding.touch, line),
    }


def _zone(touch: Touch, line: bool) -> dict[str, Any]:
    return {
        "register": touch.register.name,
        "kind": touch.register.singular.text(numbers.language()),
        "code": touch.entry.code,
        "name": touch.entry.name or touch.entry.code,
        "priority": touch.priority,
        "part": part(touch, line),
        "href": link("dossier", touch.register.name, touch.entry.code),
    }


def part(touch: Touch, line: bool) -> str:
    """How much of the place lies in the zone, in words; empty for a point."""
    if touch.amount <= 0:
        return ""
    share = f"{touch.share * 100:.1f}".removesuffix(".0") + " %"
    if line:
        return f"{share} · {touch.amount:,.0f} m"
    return f"{share} · {touch.amount / 10_000:,.2f} hm²"


def _touched(ledger: Ledger, answer: Answer) -> list[dict[str, Any]]:
    by_register: dict[str, list[Touch]] = defaultdict(list)
    for touch in answer.touched:
        by_register[touch.register.name].append(touch)
    speaking = {id(finding.touch) for finding in answer.findings if finding.applies}
    language, line, found = numbers.language(), is_line(answer), []
    for touches in by_register.values():
        register = touches[0].register
        names = _facts(register)
        shown = Shown(ledger, register, [touch.entry for touch in touches], names)
        for touch in touches:
            texts = {name: shown.text(touch.entry, name) for name in names}
            facts = [{"title": title_of(register, name), "text": text + _unit(register, name)} for name, text in texts.items() if text]
            district = site.district_name(touch.entry.district, language) if touch.entry.district else _("Whole city")
            found.append({**_zone(touch, line), "facts": facts, "district": district, "speaks": id(touch) in speaking})
    return sorted(found, key=lambda row: row["priority"])


def _unit(register: Register, name: str) -> str:
    unit = register.fields[name].unit
    return f" {unit_symbol(unit)}" if unit else ""


def _facts(register: Register) -> list[str]:
    return [name for name in register.columns if name in register.fields and name not in PLAIN][:MOST_FACTS]

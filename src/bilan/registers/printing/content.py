"""A dossier as plain data for a sheet of paper: headings, pairs, tables; what draws it knows nothing of registers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bilan.pack.registers.display import number
from bilan.pack.vocab.units import unit_symbol
from bilan.registers.dossier.model import Gauge, Line
from bilan.registers.dossier.readings import moment_text
from bilan.registers.printing.model import Printed
from bilan.science.standards.air.categories import categories
from bilan.science.standards.water.status import water_classes

MOST_EVENTS = 15
Block = dict[str, Any]
"""A block of a section: ``{"pairs": [[title, text], …]}`` or ``{"title", "heads", "rows"}``."""


def content(printed: Printed) -> dict[str, Any]:
    """Everything that is printed, as JSON can hold it."""
    dossier = printed.dossier
    record, register = dossier.record, dossier.register
    return {
        "language": "en" if printed.language == "en" else "zh",
        "title": record.name or record.code,
        "register": printed.text(register.title),
        "code": record.code,
        "state": _state(printed),
        "tone": dossier.state.tone if dossier.state else "quiet",
        "completeness": dossier.completeness,
        "completeness_text": f"{printed.word('completeness')} {dossier.completeness} %",
        "footer": printed.footer,
        "page": printed.word("page"),
        "demo": printed.word("demo") if printed.demo else "",
        "place": printed.word("place"),
        "sketch": printed.word("sketch"),
        "sections": [section for section in _sections(printed) if section["blocks"]],
    }


def _state(printed: Printed) -> str:
    if printed.dossier.record.archived:
        return printed.word("archived")
    return printed.text(printed.dossier.state.title) if printed.dossier.state else ""


def _sections(printed: Printed) -> list[dict[str, Any]]:
    dossier = printed.dossier
    sections = [_section(printed, "about", [{"pairs": [*map(list, dossier.facts), *_missing(printed)]}])]
    for part in dossier.parts:
        pairs = [[line.title, _line(printed, line)] for line in part.lines if line.said.grid is None]
        grids = [_table(line.title, line.said.grid.heads, line.said.grid.rows) for line in part.lines if line.said.grid is not None]
        sections.append({"title": part.title, "blocks": [*([{"pairs": pairs}] if pairs else []), *grids]})
    sections.append(_section(printed, "values", [_gauge(printed, gauge) for gauge in dossier.gauges]))
    permits = [
        _table(f"{printed.text(permit.register.singular)} {permit.record.name} {permit.record.code} · {title}", grid.heads, grid.rows)
        for permit in dossier.permits
        for title, grid in permit.grids
    ]
    sections.append(_section(printed, "permits", permits))
    sections.append(_section(printed, "place", _surroundings(printed)))
    linked = [
        [f"{group.title} ({group.count})", ", ".join(f"{other.name or other.code}" for other in group.records) + _more(group)]
        for group in dossier.linked
    ]
    sections.append(_section(printed, "links", [{"pairs": linked}] if linked else []))
    files = [[printed.text(field.title), f"{file.name} · SHA-256 {file.digest[:16]}…"] for field, file in dossier.documents]
    sections.append(_section(printed, "documents", [{"pairs": files}] if files else []))
    events = [[f"{event.when:%Y-%m-%d}", event.title, "; ".join(event.details)] for event in dossier.events[:MOST_EVENTS]]
    heads = [printed.word("when"), printed.word("what"), ""]
    sections.append(_section(printed, "events", [_table("", heads, events)] if events else []))
    return sections


def _section(printed: Printed, name: str, blocks: list[Block]) -> dict[str, Any]:
    return {"title": printed.word(name), "blocks": [block for block in blocks if block.get("pairs") or block.get("rows")]}


def _table(title: str, heads: Any, rows: Any) -> Block:
    return {"title": title, "heads": list(heads), "rows": [list(row) for row in rows]}


def _missing(printed: Printed) -> list[list[str]]:
    gaps = printed.dossier.gaps
    return [[printed.word("missing"), ", ".join(gap.title for gap in gaps)]] if gaps else []


def _line(printed: Printed, line: Line) -> str:
    marks = [printed.word("masked")] if line.masked else []
    if any(item.unverified for item in line.said.items):
        marks.append(printed.word("unverified"))
    text = line.said.text
    return f"{text} ({', '.join(marks)})" if marks else text


def _gauge(printed: Printed, gauge: Gauge) -> Block:
    heads = [printed.word(name) for name in ("parameter", "value", "limit", "time")]
    rows = []
    for value in gauge.values:
        shown = f"{number(value.value, value.decimals)} {unit_symbol(value.unit)}".strip() if value.value is not None else "–"
        limit = f"≤ {number(value.limit.limit)} {unit_symbol(value.limit.unit)}" if value.limit else ""
        if value.exceeds:
            limit += f" ({printed.word('over')})"
        rows.append([value.title, shown, limit, moment_text(value.start)])
    said = [_verdict(printed, verdict) for verdict in gauge.verdicts]
    return _table(" · ".join(filter(None, (f"{gauge.name} {gauge.code}", *said))), heads, rows)


def _verdict(printed: Printed, verdict: Mapping[str, Any]) -> str:
    """An official level or class with its moment."""
    grade = verdict.get("grade")
    if grade is None:
        return ""
    if verdict["kind"] == "aqi":
        level = next((entry for entry in categories() if entry.level == grade), None)
        said = f"AQI {number(verdict['value'], 0)} {level.name(printed.language) if level else grade}"
    else:
        known = next((entry for entry in water_classes() if entry.grade == grade), None)
        said = (known.name_en if printed.language == "en" else known.name_zh) if known else str(grade)
    return f"{said} ({moment_text(verdict['start'])})"


def _surroundings(printed: Printed) -> list[Block]:
    found = printed.dossier.surroundings
    if found is None:
        return []
    pairs = []
    if printed.dossier.record.lon is not None:
        pairs.append(["WGS 84", f"{printed.dossier.record.lon:.6f}, {printed.dossier.record.lat:.6f}"])
    if found.zones:
        names = ", ".join(f"{zone.record.name or zone.record.code} ({printed.text(zone.register.singular)})" for zone in found.zones)
        pairs.append([printed.word("zones"), names])
    if found.near:
        names = ", ".join(f"{entry.record.name or entry.record.code} {entry.distance:.0f} m" for entry in found.near[:20])
        pairs.append([printed.word("near"), names])
    return [{"pairs": pairs}]


def _more(group: Any) -> str:
    return " …" if group.count > len(group.records) else ""

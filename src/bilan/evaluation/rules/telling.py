"""The sentence of a finding, in the reader's language."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from bilan.pack import vocab
from bilan.pack.rules import RuleSpec
from bilan.telemetry.model import Point

ABSENT = "–"


def say(spec: RuleSpec, values: Mapping[str, Any], names: Mapping[str, Any], language: str) -> str:
    """Write the sentence of a rule.

    Args:
        spec: the rule.
        values: numbers and texts of the finding.
        names: what is known of its source: ``point``, ``parameter``, ``unit``, ``enterprise``, ``district`` … in this language.
        language: ``zh-hans`` or ``en``.

    Returns:
        The sentence; a dash stands for what is not known.

    Examples:
        >>> from bilan.pack.rules import load
        >>> say(load()["air-hour-heavy"], {"value": 312.4, "hours": 3}, {"point": "Dawan"}, "en")
        'The hourly AQI at Dawan is 312; heavily polluted for 3 h'
    """
    known = {"rule": spec.rule, "title": spec.title.text(language), **names, **values}
    parts = []
    for text, name, form, _ in string.Formatter().parse(spec.says.text(language)):
        parts.append(text)
        if name is not None:
            parts.append(_shown(known.get(name), form or ""))
    return "".join(parts)


def names(row: Mapping[str, Any], points: Mapping[str, Point], of: str) -> dict[str, str]:
    """What a sentence may say of a source, as far as the store knows it.

    Args:
        row: a row of findings.
        points: points by code.
        of: language, ``zh-hans`` or ``en``.
    """
    point, known = points.get(row["point"]), vocab.vocabulary().by_code.get(row["parameter"])
    found = {"name": row["name"], "code": row["code"], "register": row["register"], "district": row["district"], "source": row["source"]}
    if point:
        found["point"] = (point.name_en or point.name_zh) if of == "en" else point.name_zh
        enterprise = point.attributes.get("enterprise_en" if of == "en" else "enterprise_zh") or point.attributes.get("enterprise", "")
        found["enterprise"] = str(enterprise)
        found["name"] = found["point"]
    else:
        found["point"] = row["name"] or row["point"]
    if known:
        emission = point is not None and point.network in vocab.networks() and vocab.networks()[point.network].unit_kind == "emission"
        found["parameter"] = known.label_en if of == "en" else known.label_zh
        found["unit"] = known.emission_unit if emission else known.unit
    return found


def _shown(value: Any, form: str) -> str:
    if value is None or value == "":
        return ABSENT
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if not form and float(value).is_integer():
        form = ".0f"
    try:
        return format(value, form or "g")
    except ValueError:
        return format(value, "g")

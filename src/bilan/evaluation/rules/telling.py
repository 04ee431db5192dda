"""The sentence of a finding, in the reader's language."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from bilan.pack.rules import RuleSpec

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

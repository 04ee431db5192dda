"""What the styles of a Word file say about a paragraph: whether it is a heading, an entry of the contents, an item of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bilan.plans.reader.numbering import W

HEADING = re.compile(r"^(?:heading|标题)\s*(\d)$", re.IGNORECASE)
CONTENTS = re.compile(r"^(?:toc|目录)\s*\d$", re.IGNORECASE)
TITLE = re.compile(r"^(?:title|标题)$", re.IGNORECASE)
DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph gets from its style.

    Attributes:
        level: of a heading, 0 for the title; nothing for text.
        list: number of the list and level in it, when the style numbers its paragraphs.
    """

    level: int | None = None
    contents: bool = False
    list: tuple[str, int] | None = None


def styles(root: Any) -> dict[str, Style]:
    """Styles of a document by their identifier, what they inherit included."""
    nodes = {node.get(f"{W}styleId", ""): node for node in root.iter(f"{W}style")}
    return {name: _style(name, nodes) for name in nodes}


def _style(name: str, nodes: dict[str, Any]) -> Style:
    """One style, looked up through the styles it is based on."""
    level: int | None = None
    contents = False
    numbered: tuple[str, int] | None = None
    for _ in range(DEEPEST):
        node = nodes.get(name)
        if node is None:
            break
        title = _value(node, "name")
        found = HEADING.match(title)
        if level is None and (found or TITLE.match(title)):
            level = int(found[1]) if found else 0
        if level is None:
            level = outline_level(node.find(f"{W}pPr"))
        contents = contents or bool(CONTENTS.match(title))
        numbered = numbered or list_item(node.find(f"{W}pPr"))
        name = _value(node, "basedOn")
    return Style(level, contents, numbered)


def outline_level(properties: Any | None) -> int | None:
    """Level of a heading as the properties of a paragraph or a style give it directly."""
    found = properties.find(f"{W}outlineLvl") if properties is not None else None
    value = found.get(f"{W}val", "9") if found is not None else "9"
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None


def list_item(properties: Any | None) -> tuple[str, int] | None:
    """List and level that properties number a paragraph with."""
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None
    number, level = _value(found, "numId"), _value(found, "ilvl") or "0"
    return (number, int(level)) if number and level.isdecimal() else None


def _value(node: Any, tag: str) -> str:
    """Value of a child, empty when it is not there."""
    found = node.find(f"{W}{tag}")
    return "" if found is None else str(found.get(f"{W}val", ""))

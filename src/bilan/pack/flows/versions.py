"""Flows as they were: text that is kept with the cases that run by it, read again without asking what is declared today."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from bilan.pack.flows.checklists import read_checklist
from bilan.pack.flows.model import Flow
from bilan.pack.flows.reading import read_flow
from bilan.pack.registers.folders import Source

MARK = "\n#@ "
"""Begins the text of a checklist behind that of the flow."""


def kept_text(flow: Flow) -> str:
    """A flow with its checklists as one text."""
    return flow.text + "".join(f"{MARK}{name}\n{entry.text}" for name, entry in sorted(flow.checklists.items()))


def digest_of(flow: Flow) -> str:
    """SHA-256 of a flow with its checklists: what tells one version from another."""
    return hashlib.sha256(kept_text(flow).encode()).hexdigest()


def read_kept(name: str, text: str) -> Flow:
    """Read a flow from what `kept_text` gave.

    Args:
        name: name of the flow.

    Raises:
        BilanError: the text is no YAML.

    Examples:
        >>> from bilan.pack.flows import load
        >>> flow = load().flows["alert-order"]
        >>> read_kept(flow.name, kept_text(flow)).start == flow.start
        True
    """
    own, *others = text.split(MARK)
    flow = read_flow(_text(f"{name}.yaml", own)).flow
    checklists = {}
    for part in others:
        listed, _, content = part.partition("\n")
        checklists[listed] = read_checklist(_text(f"{listed}.yaml", content), [])
    return replace(flow, checklists=checklists)


@dataclass(frozen=True)
class _Kept:
    """A text that is read like a file."""

    name: str
    content: str

    def __str__(self) -> str:
        return str(Path(self.name))

    def is_file(self) -> bool:
        return True

    def read_bytes(self) -> bytes:
        return self.content.encode()

    def read_text(self, encoding: str = "utf-8") -> str:
        return self.content


def _text(name: str, content: str) -> Source:
    return cast(Source, _Kept(name, content))

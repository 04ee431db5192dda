"""Reading one checklist from its file."""

from __future__ import annotations

from pathlib import Path

from bilan.pack.flows.checklist import Checklist, ChecklistSection, Item
from bilan.pack.flows.taking import FlowTaker
from bilan.pack.loader import read_yaml
from bilan.pack.registers.folders import Source
from bilan.pack.registers.taking import NAME
from bilan.problems import Problem

YESNO = ("yes", "no")


def read_checklist(source: Source, problems: list[Problem]) -> Checklist:
    """Read one file of ``checklists``.

    Args:
        problems: list that what is wrong is added to.

    Raises:
        BilanError: the file is no YAML.
    """
    taker = FlowTaker(str(source), read_yaml(source), problems, "checklist")
    name = taker.name("checklist")
    if name and name != Path(source.name).stem:
        taker.note("declaration.file_name", "checklist", {"value": name, "allowed": Path(source.name).stem})
    sections = [(entry, entry.children("items", "item")) for entry in taker.children("sections", "checklist-section")]
    _unique([item for _section, items in sections for item in items])
    return Checklist(
        name=name or Path(source.name).stem,
        title=taker.words("title"),
        about=taker.words("about"),
        group=taker.name("group"),
        sections=tuple(ChecklistSection(entry.words("title"), tuple(map(_item, items))) for entry, items in sections),
        laws=taker.texts("laws"),
        serves=taker.texts("serves"),
        source=str(source),
        line=taker.where("checklist"),
        text=source.read_text(encoding="utf-8-sig"),
    )


def _unique(takers: list[FlowTaker]) -> None:
    first: dict[str, int] = {}
    for taker in takers:
        name = taker.declared.get("item")
        if isinstance(name, str) and name in first:
            taker.note("declaration.duplicate", "item", {"value": name, "allowed": f"{taker.source}:{first[name]}"})
        elif isinstance(name, str):
            first[name] = taker.where("item")


def _item(taker: FlowTaker) -> Item:
    answer = taker.word("answer", "yesno")
    bad = taker.texts("bad") if "bad" in taker.declared else (("no",) if answer == "yesno" else ())
    if answer == "yesno":
        taker.known("bad", bad, YESNO, "value.unknown_choice")
    if answer == "choice" and "of" not in taker.declared:
        taker.note("pack.missing_key", "answer", {"value": "of"})
    return Item(
        name=taker.name("item", NAME),
        ask=taker.words("ask"),
        help=taker.words("help"),
        answer=answer,
        of=taker.name("of"),
        bad=bad,
        na=taker.flag("na", True),
        unit=taker.word("unit"),
        lower=taker.number("min") if "min" in taker.declared else None,
        upper=taker.number("max") if "max" in taker.declared else None,
        note=taker.flag("note", True),
        photo=taker.flag("photo", False),
        critical=taker.flag("critical", False),
        when=taker.expression("when", None),
        law=taker.word("law"),
        line=taker.line,
    )

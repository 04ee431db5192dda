"""All pages of the registers' documentation."""

from __future__ import annotations

from collections.abc import Iterable

from bilan.pack.registers.model import ListRule, Register, Registers, Vocabulary
from bilan.pack.registers.reference.layout import both, code, table
from bilan.pack.registers.reference.register_page import register_page
from bilan.pack.roles import Roles

LONGEST = 120
"""Terms of a vocabulary that the page lists."""


def pages(registers: Registers, roles: Roles, *, tree: bool = False) -> dict[str, str]:
    """Write every page.

    Args:
        registers: what to document.
        roles: who may see what.
        tree: whether the index carries the table of contents that Sphinx needs.

    Returns:
        Markdown by the name of its file, without ``.md``: ``index``, one a register, ``lists``, ``vocabularies``.
    """
    return {
        "index": index(registers, tree=tree),
        **{name: register_page(register, registers, roles) for name, register in registers.registers.items()},
        "lists": lists_page(registers),
        "vocabularies": vocabularies_page(registers.vocabularies.values()),
    }


def index(registers: Registers, *, tree: bool = False) -> str:
    """The tree of registers by group."""
    zones = sum(1 for register in registers.registers.values() if register.zone)
    lines = [
        "# 台账 · Registers",
        "",
        f"{len(registers.registers)} 个台账，其中 {zones} 个分区；{len(registers.lists)} 个名录；{len(registers.vocabularies)} 个词汇表。"
        f" {len(registers.registers)} registers, {zones} of them zones; {len(registers.lists)} lists; "
        f"{len(registers.vocabularies)} vocabularies.",
        "",
        "[名录规则 · List rules](lists.md)，[词汇表 · Vocabularies](vocabularies.md)",
        "",
    ]
    header = ("台账 · Register", "用途 · Purpose", "字段 · Fields")
    for group in registers.groups.values():
        found = [register for register in registers.registers.values() if register.group == group.code]
        rows = [(f"[{both(register.title)}]({register.name}.md)", both(register.about), str(len(register.fields))) for register in found]
        lines += [f"## {both(group.title)}", "", *table(header, rows)] if rows else []
    if tree:
        lines += ["```{toctree}", ":hidden:", "", *sorted(registers.registers), "lists", "vocabularies", "```", ""]
    return "\n".join(lines)


def lists_page(registers: Registers) -> str:
    """Who must be on which yearly list and why."""
    lines = ["# 名录规则 · List rules", ""]
    for rule in registers.lists.values():
        lines += _list(rule, registers.registers.get(rule.register))
    return "\n".join(lines)


def _list(rule: ListRule, register: Register | None) -> list[str]:
    of = f"[{both(register.title)}]({register.name}.md)" if register else code(rule.register)
    rows = ((code(when.text), both(says), clause) for when, says, clause in rule.criteria)
    facts = [text for text in (of, rule.clause, rule.source) if text]
    header = ("条件 · When", "理由 · Reason", "条款 · Clause")
    return [f"## {both(rule.title)}", "", f"{code(rule.name)}：{'；'.join(facts)}", "", *table(header, rows)]


def vocabularies_page(vocabularies: Iterable[Vocabulary]) -> str:
    """Every vocabulary with its terms."""
    lines = ["# 词汇表 · Vocabularies", ""]
    header = ("代码 · Code", "中文", "English", "上级 · Parent", "来源 · Source", "可信度 · Confidence")
    for vocabulary in sorted(vocabularies, key=lambda entry: entry.name):
        terms = vocabulary.terms[:LONGEST]
        rows = ((code(term.code), term.title.zh, term.title.en, term.parent, term.source, term.confidence) for term in terms)
        more = f"{len(vocabulary.terms)} 条，列出前 {LONGEST} 条 · {len(vocabulary.terms)} terms, the first {LONGEST} of them"
        lines += [f"## {vocabulary.name}", "", *([more, ""] if len(vocabulary.terms) > LONGEST else []), *table(header, rows)]
    return "\n".join(lines)

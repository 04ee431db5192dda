"""Whether a number is a target, a task, a project or a fact of the past."""

from __future__ import annotations

import re

from bilan.plans.commitments.phrases import measure
from bilan.plans.commitments.rows import Draft
from bilan.plans.commitments.vocabulary import leading, table, words

LEVEL = re.compile(r"全部(?:使用|采用|达到|实现|达标)|达标率|全部稳定")
FUTURE = re.compile(
    r"(?<!主)要(?:达到|实现|完成)|将(?:达|破|超|突破|继续|增|提|降|实现|建|新|完成|改|形成)|力争|争取|确保|努力|预计|锻造|打造|培育|到20[2-9]\d年"
)
FACT_HEADING = re.compile("|".join(words("facts", "place", "heading")))
LEVEL_SAID = re.compile(r"(?:均|都|全部|全面|基本)*(?:达到|实现)")
LAST = 10
BRACKETED = re.compile(r"[（(][^（）()]*[）)]$")
NUMBERED = re.compile(r"^(?:第[一二三四五六七八九十]+[章节条]|（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、)")
FACT_CLAUSE = re.compile("|".join(words("facts", "place", "clause")))


def status(headings: tuple[str, ...]) -> str:
    """The words of the headings that announce what was or is, or nothing.

    Examples:
        >>> status(("第一章", "第一节工作成效"))
        '成效'
    """
    for heading in reversed(headings):
        bare = BRACKETED.sub("", NUMBERED.sub("", heading)).strip()
        match = FACT_HEADING.search(bare[-LAST:])
        acting = leading(bare, (*words("verbs", "role", "act"), *words("verbs", "role", "build"), *words("adverbs")))
        if match and (not acting or match.group().endswith(("基础", "情况"))):
            return match.group()
    return ""


def status_only(announced: str) -> bool:
    """Whether the words of a heading announce what was reached, so that nothing below it is a promise."""
    return announced in words("facts", "sense", "past")


def promised(sentence: str) -> bool:
    """Whether a sentence looks ahead."""
    return bool(FUTURE.search(sentence))


def states_fact(clause: str) -> str:
    """The words of a clause that say it tells what is, or nothing."""
    match = FACT_CLAUSE.search(clause)
    return match.group() if match else ""


def kind(draft: Draft, boxed: bool) -> tuple[str, str]:
    """Kind of a promised number.

    Args:
        draft: the number with what it is about; `boxed`: stands in a box of projects.

    Returns:
        The kind and the words that decided.
    """
    if draft.shape == "threshold":
        return ("target" if LEVEL.search(draft.tail) else "task"), draft.verb
    if draft.role == "encourage":
        return "task", draft.verb
    if draft.shape == "distance" or draft.quantity.dimension in ("share", "rank", "index", "concentration") or draft.change:
        return "target", draft.reached or draft.metric
    if draft.shape == "before":
        return _counted(draft, boxed)
    if draft.role == "build" or draft.activity:
        return "project", draft.verb or draft.activity
    approximate = any(note.startswith("approx") for note in draft.quantity.notes)
    if draft.reached or ((draft.quantity.before or draft.quantity.after) and not approximate):
        return "target", draft.reached
    if draft.role == "act":
        return "task", draft.verb
    return ("project" if boxed else "target" if measure(draft.metric) else "project"), draft.verb


def _counted(draft: Draft, boxed: bool) -> tuple[str, str]:
    if LEVEL_SAID.match(draft.said):
        return "target", draft.said
    item = re.sub(r"[，。；].*$", "", draft.said or draft.ending or draft.tail).rstrip("”")
    if draft.verb in words("verbs", "role", "act") or not draft.verb:
        if "全部" in item:
            return "target", item
        rows = {row["word"]: row["kind"] for row in table("kinds")}
        for word in words("kinds"):
            if item.endswith(word):
                return (rows[word] if draft.verb != "监测" else "task"), word
        return ("project" if boxed and not draft.verb else "task"), draft.verb
    for word in words("kinds", "kind", "task"):
        if item.endswith(word):
            return "task", word
    return "project", draft.verb

"""Whether a number tells what was or is, instead of what is promised."""

from __future__ import annotations

import re

from bilan.plans.commitments import kinds
from bilan.plans.commitments.due import Due
from bilan.plans.commitments.phrases import measure
from bilan.plans.commitments.place import Place
from bilan.plans.commitments.rows import Draft

YEARLY = re.compile(r"同比|(?:比|较|与)(?:上|去)年")
TOWARDS = re.compile(r"到|至|力争|争取|确保")
SO_FAR = re.compile(r"^(?:截至|截止|目前|近年来|过去)")
DONE = re.compile(
    r"已(?:经)?(?:全部|基本|全面|累计|有)*(?:完成|建成|拆除|实现|达到|淘汰|取缔|投入|形成|建|有)|累计(?:完成|减排|降低|下降|投资|建成|处理)"
)


def fact(place: Place, draft: Draft, due: Due, clause: str) -> str:
    """The words by which a number is a fact, or nothing when it is promised.

    Args:
        place: where it is read; `draft`: what it is about; `due`: the date that governs it; `clause`: its clause.
    """
    if kinds.status_only(place.status):
        return place.status
    past = due.year and place.base is not None and due.year <= place.base
    aimed = bool(TOWARDS.match(due.words))
    ahead = bool(due.deadline) and place.base is not None and not past and "五”" not in due.words and not due.inherited
    looks_ahead = kinds.promised(clause)
    if place.status:
        return "" if ahead or looks_ahead or kinds.promised(place.sentence) else place.status
    if looks_ahead:
        return ""
    yearly = YEARLY.search(place.sentence)
    if yearly and not aimed:
        return yearly.group()
    compared = bool(draft.quantity.before or draft.quantity.after)
    done = DONE.search(clause)
    last = place.document.finish or place.base
    if done and not aimed and not (compared and done.group().startswith("累计")) and not (ahead and last is not None and due.year >= last):
        return done.group()
    if not ahead and not aimed and (said := kinds.states_fact(clause) or _so_far(place)):
        return said
    if past:
        return due.words
    return draft.metric if _remark(draft) else ""


def _so_far(place: Place) -> str:
    match = SO_FAR.match(place.sentence)
    return match.group() if match else ""


def _remark(draft: Draft) -> bool:
    """A number in brackets that only describes: （岸线长度12公里）."""
    compared = draft.quantity.before or draft.quantity.after
    return draft.bracketed and draft.shape == "after" and bool(measure(draft.metric)) and not compared and not draft.verb

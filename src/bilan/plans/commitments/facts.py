"""Whether a number tells what was or is, instead of what is promised."""

from __future__ import annotations

import re

from bilan.plans.commitments import kinds
from bilan.plans.commitments.due import AIM_HEADING, Due
from bilan.plans.commitments.phrases import measure
from bilan.plans.commitments.place import Place
from bilan.plans.commitments.rows import STANDING, Draft
from bilan.plans.reader import BlockKind

YEARLY = re.compile(r"同比|(?:比|较|与)(?:上|去)年")
TOWARDS = re.compile(r"到|至|力争|争取|确保")
SO_FAR = re.compile(
    r"^(?:截至|截止|目前|近年来|过去|(?:20\d{2}年)?(?:1[0-2]|[1-9])月?(?:份)?[-—~至到]+(?:20\d{2}年)?(?:1[0-2]|[1-9])月(?:份)?，)"
)
OVER = re.compile(r"(?:开展|完成|建成|实施|下降|上升|提高|增长|提升|降低|减少|增加|建立|出台|修订|查处|收到|解决|淘汰)了")
"""Deeds that the aspect particle says are over."""

PLAIN = ("", "为", "是", "居", "位居", "位列", "有")
"""Words before a number by which nothing is to be reached."""

DONE = re.compile(
    r"已(?:经)?(?:全部|基本|全面|累计|有)*(?:完成|建成|拆除|实现|达到|淘汰|取缔|投入|形成|建|有)|累计(?:完成|减排|降低|下降|投资|建成|处理)"
)


def fact(place: Place, draft: Draft, due: Due, clause: str) -> str:
    """The words by which a number is a fact, or nothing when it is promised.

    Args:
        place: where it is read; `draft`: what it is about; `due`: the date that governs it; `clause`: its clause.
    """
    if STANDING in draft.notes:
        return draft.metric
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
    return draft.metric if _remark(draft) or _told(place, draft, due) else ""


def _told(place: Place, draft: Draft, due: Due) -> bool:
    """A number that nothing is to reach by any time: 海岸线6600公里."""
    approximate = any(note.startswith("approx") for note in draft.quantity.notes)
    compared = (draft.quantity.before or draft.quantity.after) and not approximate
    aimed = place.block.kind is BlockKind.BOX or any(AIM_HEADING.search(heading) for heading in place.block.headings)
    said = draft.shape == "after" and draft.reached in PLAIN and not (compared or draft.verb or draft.change)
    return said and not due.words and not aimed


def _so_far(place: Place) -> str:
    match = SO_FAR.match(place.sentence)
    if match:
        return match.group()
    over = OVER.search(place.sentence)
    return over.group() if over else ""


def _remark(draft: Draft) -> bool:
    """A number in brackets that only describes: （岸线长度12公里）."""
    compared = draft.quantity.before or draft.quantity.after
    return draft.bracketed and draft.shape == "after" and bool(measure(draft.metric)) and not compared and not draft.verb

"""Numbers handed out to the items of a list: 分别, 各, 均."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from bilan.plans.commitments.phrases import measure
from bilan.plans.commitments.quantities import Quantity
from bilan.plans.commitments.rows import Draft
from bilan.plans.commitments.vocabulary import words

MOST = 20
"""Longer lists than this are no list of items under one number."""

WAYS = (
    re.compile(r"、|以及|及(?!以上|以下|其)|和|与"),
    re.compile("、"),
    re.compile(r"、|以及|和"),
    re.compile(r"和|与"),
    re.compile(r"及|以及"),
)
SUMMED = re.compile(r"(?:等)?[一二两三四五六七八九十\d]+(?:项|类|种|个)(?:主要)?(?:污染物|指标)?")
JOINED = re.compile(r"^(?:、|和|及(?!以上|以下|其)|以及|与)$")
HEADS = ("重点工程", "主要", "年均", "年", "总", "平均", "人均")


def shared(plain: str, span: tuple[int, int]) -> bool:
    """Whether a clause hands numbers out.

    Examples:
        >>> shared("氮和磷分别削减10%、8%", (0, 12))
        True
    """
    return bool(
        re.search(
            r"分别|(?<=[年均])各(?=减|增|下|上|提|降|压)|各(?:减少|下降|增长|提高|降低|压减|增加|完成|新增|新建|达)|均(?:为|居|达|不)",
            plain[span[0] : span[1]],
        )
    )


def items(noun: str, wanted: int = 1) -> tuple[list[str], str]:
    """Items of a list and the measure they share.

    Args:
        noun: the list; `wanted`: how many numbers there are for it.

    Examples:
        >>> items("氮氧化物、挥发性有机物重点工程减排量")
        (['氮氧化物', '挥发性有机物'], '重点工程减排量')
        >>> items("绿地率、绿化覆盖率及人均公园绿地面积")
        (['绿地率', '绿化覆盖率', '人均公园绿地面积'], '')
    """
    summed = SUMMED.search(noun)
    if summed and summed.start() and summed.end() < len(noun):
        return _listed(noun[: summed.start()], wanted), noun[summed.end() :]
    parts = _listed(noun, wanted)
    if len(parts) < 2 or all(measure(part) for part in parts):
        return parts, ""
    if "等" in parts[-1]:
        last, tail = parts[-1].split("等", 1)
        return [*parts[:-1], last], re.sub(r"^(?:重点)?(?:区域|地区|城市|行业|领域)", "", tail)
    tail = _tail(parts[-1])
    return [*parts[:-1], parts[-1].removesuffix(tail)], tail


def _listed(noun: str, wanted: int) -> list[str]:
    """Parts of a list; of several ways to part it the one that gives as many parts as there are numbers."""
    bare = re.sub(r"（[^（）]*）", lambda found: found.group().replace("、", "·"), noun)
    ways = [[part for part in way.split(bare) if part] for way in WAYS]
    return next((parts for parts in ways if len(parts) == wanted and wanted > 1), ways[0])


def _tail(last: str) -> str:
    head = measure(last)
    if not head:
        return ""
    begin = len(last) - len(head)
    moved = True
    while moved and begin > 0:
        moved = False
        for word in (*HEADS, "排放", "使用", "减排", "消费", "处理", "施用", "浓度", "产生", "利用"):
            if last[:begin].endswith(word):
                begin -= len(word)
                moved = True
                break
    return last[begin:] if begin >= 1 else ""


def hand_out(plain: str, span: tuple[int, int], drafts: list[Draft]) -> list[Draft]:
    """Give each number its item, or each item the one number.

    Args:
        plain: even text; `span`: the clause; `drafts`: its numbers so far.
    """
    group = [draft for draft in drafts if draft.shape == "after"]
    if not group or not shared(plain, span):
        return drafts
    head = group[0]
    noun = _noun(head)
    suffix = head.metric.removeprefix(noun) if head.metric.startswith(noun) else ""
    names, tail = items(noun, len(group))
    if len(names) < 2 or any(not JOINED.match(plain[one.quantity.end : two.quantity.begin]) for one, two in pairwise(group)):
        return drafts
    if len(group) not in (1, len(names)) or len(names) > MOST:
        return drafts
    rest = [draft for draft in drafts if draft not in group]
    matched = group if len(group) == len(names) else [group[0]] * len(names)
    made = []
    for name, draft in zip(names, matched, strict=True):
        own = name.replace("·", "、")
        new = replace(
            draft,
            quantity=_compared(draft, group),
            change=head.change,
            reached=head.reached,
            verb=head.verb,
            role=head.role,
            listed=False,
            words=dict(draft.words),
            notes=[*draft.notes, "handed out"],
        )
        new.subject, new.metric = (own, tail + suffix) if tail else (head.subject if measure(own) else own, own + suffix)
        new.measured = new.metric
        made.append(new)
    return sorted(rest + made, key=lambda draft: draft.quantity.begin)


def _compared(draft: Draft, group: list[Draft]) -> Quantity:
    """The number with the comparing word that stands only at the first or the last of the list."""
    own = draft.quantity
    if own.before or own.after:
        return own
    first, last = group[0].quantity, group[-1].quantity
    if first.before:
        return replace(own, before=first.before, comparator=first.comparator)
    if last.after and not any(one.quantity.after for one in group[:-1]):
        return replace(own, comparator=last.comparator)
    return own


def _noun(draft: Draft) -> str:
    for word in ("位次", *words("dimensions")):
        if draft.metric.endswith(word) and word == "位次":
            return draft.metric.removesuffix(word)
    if draft.change:
        return draft.metric[: draft.metric.rfind(draft.change)].removesuffix("年均")
    return draft.metric

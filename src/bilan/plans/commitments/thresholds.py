"""Numbers that only say who has a duty: 年用水量大于5万吨的企业, 10蒸吨及以下锅炉."""

from __future__ import annotations

import re

from bilan.plans.commitments.phrases import last_verb, measure, predicate, strip_lead, strip_tail
from bilan.plans.commitments.quantities import Quantity
from bilan.plans.commitments.rows import Draft
from bilan.plans.commitments.vocabulary import lookup

ATTRIBUTE = re.compile(r"^的(?!比例|比重|要求|目标|水平|标准|速度|幅度|增速|任务|指标)[\u4e00-\u9fffA-Z“]")
NOUN = re.compile(r"^[\u4e00-\u9fffA-Z]")
NO_NOUN = re.compile(r"^(?:的|、|，|和|及|与|或|以|左右|不降|。|；|，|并|且)")
CLASS_OF = re.compile(r"的?[\u4e00-\u9fff（）]{2,16}(?<!和)(?<!或)")
SUCH = re.compile(
    r"^的(?:，|(?!比例|比重|要求|目标|水平|标准|速度|幅度|增速|任务|指标|[^，。；]{0,8}(?:目标|标准|要求|水平))[\u4e00-\u9fff])"
)
"""What is of such a measure: 浓度低于100毫克/升的，…; 含硫量高于0.7%的煤炭."""

WITHIN = re.compile(r"^(?:范围|半径)(?:之)?内")
OR = re.compile(r"^(?:或|或者|和|及|、)")
SCOPE = "（适用门槛）"


def limits(plain: str, quantity: Quantity, left: str, right: str) -> bool:
    """Whether a number limits whom something applies to, instead of being promised.

    Args:
        plain: even text; `quantity`: the number; `left`, `right`: the words before and after it within the clause.
    """
    if WITHIN.match(right) and quantity.dimension in ("length", "area"):
        return True
    compared = (quantity.before or quantity.after) and not any(note.startswith("approx") for note in quantity.notes)
    if compared and quantity.before and SUCH.match(right) and measure(strip_tail(left)[0]):
        return quantity.dimension != "rank"
    if not compared or quantity.dimension in ("share", "rank"):
        return False
    if quantity.counted and (not left or last_verb(left)):
        return False
    if ATTRIBUTE.match(right):
        return True
    if quantity.dimension in ("length", "area") and not left.strip("，、"):
        return False
    return bool(quantity.after) and not quantity.counted and bool(NOUN.match(right)) and not NO_NOUN.match(right)


def split(plain: str, span: tuple[int, int], found: list[Quantity]) -> tuple[list[Quantity], list[Quantity], dict[int, str]]:
    """Tell what is promised from what limits.

    Args:
        plain: even text; `span`: the clause; `found`: its numbers.

    Returns:
        Promised numbers, limiting numbers, and for the place of a promised number the class it is limited to.
    """
    promised: list[Quantity] = []
    limiting: list[Quantity] = []
    classes: dict[int, str] = {}
    for place, quantity in enumerate(found):
        left, right = plain[span[0] : quantity.begin], plain[quantity.end : span[1]]
        follower = found[place + 1] if place + 1 < len(found) else None
        shares = follower is not None and bool(OR.match(right)) and _between(plain, quantity, follower) < 10
        after = plain[follower.end : span[1]] if follower is not None else ""
        if limits(plain, quantity, left, right) or (
            shares and follower is not None and quantity.dimension != "share" and _joins(plain, follower, after)
        ):
            if promised and promised[-1].end == quantity.begin:
                classes[promised[-1].begin] = plain[quantity.begin : quantity.end]
            elif follower is not None and follower.counted and CLASS_OF.fullmatch(plain[quantity.end : follower.begin]):
                classes[follower.begin] = plain[quantity.begin : quantity.end]
            else:
                limiting.append(quantity)
        else:
            promised.append(quantity)
    return promised, limiting, classes


def _between(plain: str, quantity: Quantity, follower: Quantity) -> int:
    return follower.begin - quantity.end


def _joins(plain: str, follower: Quantity, after: str) -> bool:
    return not follower.counted and limits(plain, follower, "某", after)


def draft(plain: str, blotted: str, span: tuple[int, int], quantity: Quantity, comparator: str) -> Draft:
    """The draft of a limiting number.

    Args:
        plain, blotted: even text, and with dates blotted out; `span`: what belongs to it before and after; `comparator`: of it or shared.
    """
    before, _ = strip_tail(plain[span[0] : quantity.begin].removesuffix("在"))
    phrase = strip_lead(plain, span[0], span[0] + len(before), blotted)
    noun = re.split("的|、|和", phrase.noun)[-1] if measure(phrase.noun) else phrase.noun
    word = lookup("dimensions", "word").get(quantity.dimension, "数量")
    right = re.split(r"[，。；、]|和(?=产生|年|日)", plain[quantity.end : span[1]])[0]
    noun = noun.lstrip("将对把按")
    right = predicate(right.removeprefix("的"))[0]
    metric = noun if measure(noun) or noun.startswith(("日", "年")) else word
    return Draft(
        quantity,
        subject=plain[phrase.begin : quantity.end].lstrip("将对把按") + ("的" if plain[quantity.end] == "的" else "") + right,
        metric=metric + SCOPE,
        verb=phrase.verb,
        role=phrase.role,
        shape="threshold",
        notes=["scope threshold", f"comparator:{comparator}"],
    )

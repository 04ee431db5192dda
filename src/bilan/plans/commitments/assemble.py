"""From the numbers of a clause to what each is about."""

from __future__ import annotations

import re
from dataclasses import replace

from bilan.plans.commitments import thresholds
from bilan.plans.commitments.naming import dimension_word, name_after, name_before
from bilan.plans.commitments.phrases import last_verb, predicate, role, strip_lead, strip_tail
from bilan.plans.commitments.quantities import Quantity
from bilan.plans.commitments.rows import STANDING, Draft

STARTS_NOUN = re.compile(r"^[\u4e00-\u9fffA-ZⅠ-Ⅻ“]")
NO_NOUN = re.compile(r"^(?:的|以上|以下|以内|左右|上下|和|及|与|或|等|之间|不降|不变|且|并|内|其中|以及)")
OF_MEASURE = re.compile(r"的(?=[^的]*(?:比例|率|比重|占比)(?:为|达到|达)?$)")
OF_RATIO = re.compile(r"^的(?:比例|比重|标准|要求|速度|幅度)")
OPEN = ("对", "将", "把", "按", "按照", "确保", "在", "每", "向", "有", "含", "推动", "实现", "“", "其中", "、")
BASE = re.compile(r"(?:从|由)(?P<base>[^，；。]{0,14}?)(?:的)?$")
MOVES = re.compile(r"^(?:，)?(?:再|进一步|继续|逐步|稳步)?(?:降|升|增|减|提|扩|上升|下降|压减|逐步)")
COUNTED_ONLY = re.compile(
    r"(?P<noun>(?:[^，。；：（）\d]|（[^（）]{0,8}）){0,12}?(?:断面|点位|监测点|站点|测站|水源地?|河流|河段|湖泊|湖库|水体|城市|县城|海湾)(?:（[^（）]{0,20}）)?)"
    r"(?:中(?:，|[^，。；]*\d)|[^，。；\d]{0,40}(?:比例|比率|达标率|优良率|均值|浓度)[^，。；\d]{0,12}\d)"
)
AND = re.compile(r"以及|和|及(?!以上|以下|其)|(?<![一二三四五ⅠⅡⅢⅣⅤ])、")


def drafts(plain: str, blotted: str, span: tuple[int, int], found: list[Quantity]) -> list[Draft]:
    """What the numbers of a clause are about.

    Args:
        plain: even text of the block; `blotted`: with dates and titles blotted out; `span`: the clause; `found`: its numbers.
    """
    promised, limiting, classes = thresholds.split(plain, span, found)
    result = [_limiting(plain, blotted, span, found, quantity) for quantity in limiting]
    earlier: list[Draft] = []
    begin = span[0]
    held: Quantity | None = None
    for place, quantity in enumerate(promised):
        follower = promised[place + 1].begin if place + 1 < len(promised) else span[1]
        if follower < span[1] and BASE.search(plain[begin : quantity.begin]) and MOVES.match(plain[quantity.end : follower]):
            held = quantity
            continue
        end = _item_end(plain, blotted, quantity, follower, follower < span[1])
        draft = _draft(
            plain,
            blotted,
            (begin, held.begin if held else quantity.begin),
            (quantity.end, end),
            quantity,
            earlier,
            span[1],
            quantity.begin in classes,
        )
        if held is not None:
            _take_base(draft, plain, held, begin, quantity)
            held = None
        if quantity.begin in classes:
            draft.notes.append(f"class threshold: {classes[quantity.begin]}")
        earlier.append(draft)
        begin = end if end < follower else quantity.end
    _share_tails(plain, earlier)
    return sorted(result + earlier, key=lambda draft: draft.quantity.begin)


def _item_end(plain: str, blotted: str, quantity: Quantity, follower: int, listed: bool) -> int:
    """Where the thing counted by a number ends: before the 和 or 、 that leads to the next number."""
    if not listed or not (quantity.counted or plain[quantity.end : quantity.end + 1] not in "、和及"):
        return follower
    between = _closed(plain[quantity.end : follower])
    match = OF_MEASURE.search(between) or AND.search(between)
    if match is None or match.start() == 0:
        return follower
    return quantity.end + match.start()


def _closed(text: str) -> str:
    return re.sub(r"（[^（）]*）|“[^”]*”", lambda found: "□" * len(found.group()), text)


def _share_tails(plain: str, made: list[Draft]) -> None:
    """What is done to the last of several things counted holds for those before it: 7个平台和10个模块建设."""
    for one, two in zip(reversed(made[:-1]), reversed(made[1:]), strict=True):
        joined = AND.match(plain[one.quantity.end + len(one.tail) :]) is not None
        if not joined or one.shape != two.shape or one.activity or one.said:
            continue
        if one.shape == "share" and two.said:
            one.said, one.metric = two.said, two.said + "比例"
        elif one.shape == "before" and (two.activity or two.said):
            one.activity, one.said = two.activity, two.said
            one.metric = (two.said or two.activity) + dimension_word(one.quantity)
            one.ending = two.ending or two.tail


def _take_base(draft: Draft, plain: str, held: Quantity, begin: int, quantity: Quantity) -> None:
    match = BASE.search(plain[begin : held.begin])
    draft.base_value = held.value
    draft.reached = plain[held.end : quantity.begin]
    draft.words["baseline"] = plain[begin + match.start() if match else held.begin : held.end]
    year = re.search(r"(?:19|20)\d{2}|“?十[一二三四五六七八九]?五”?", draft.words["baseline"])
    draft.base_year = year.group() if year else ""


def _limiting(plain: str, blotted: str, span: tuple[int, int], found: list[Quantity], quantity: Quantity) -> Draft:
    place = found.index(quantity)
    begin = found[place - 1].end if place else span[0]
    end = found[place + 1].begin if place + 1 < len(found) else span[1]
    comparator = quantity.comparator
    if comparator == "=" and place + 1 < len(found):
        comparator = found[place + 1].comparator
    draft = thresholds.draft(plain, blotted, (begin, end), replace(quantity, comparator=comparator), comparator)
    draft.tail = plain[quantity.end : span[1]]
    return draft


def _draft(
    plain: str,
    blotted: str,
    left: tuple[int, int],
    right: tuple[int, int],
    quantity: Quantity,
    earlier: list[Draft],
    stop: int,
    classed: bool,
) -> Draft:
    before, after = plain[left[0] : left[1]], plain[right[0] : right[1]].rstrip("，。；：！")
    rest = plain[right[0] : stop].rstrip("，。；：！”")
    if quantity.dimension == "share":
        noun = after.removeprefix("的")
        item, said = predicate(noun) if STARTS_NOUN.match(noun) else ("", "")
        listed = right[1] < stop and bool(noun) and not NO_NOUN.match(noun) and not role(last_verb(before))
        if (
            (said or (listed and not strip_tail(before)[1]))
            and STARTS_NOUN.match(noun)
            and not NO_NOUN.match(noun)
            and not OF_RATIO.match(after)
        ):
            return _share(plain, blotted, left, quantity, item.removeprefix("的"), said.removeprefix("的"), after)
        if OF_RATIO.match(after):
            return _of_ratio(plain, blotted, left, quantity, after)
    elif quantity.counted and quantity.begin == left[0] + len(before.rstrip()) and (standing := _standing(before, rest, quantity)):
        return standing
    elif quantity.dimension != "rank" and (classed or _stands_before(before, after, quantity)):
        return name_before(plain, blotted, left, quantity, after, rest)
    return name_after(plain, blotted, left, quantity, earlier, after)


def _standing(before: str, rest: str, quantity: Quantity) -> Draft | None:
    """A count that only says how many there are of what is measured: 119个国控断面优良比例达98%."""
    match = COUNTED_ONLY.match(rest)
    if match is None or last_verb(strip_tail(before)[0]) or quantity.before or quantity.after:
        return None
    return Draft(quantity, "", match["noun"] + "数量", shape="before", tail=rest, notes=[STANDING])


def _stands_before(before: str, after: str, quantity: Quantity) -> bool:
    if quantity.counted and after.startswith("的") and last_verb(before):
        return True
    if not STARTS_NOUN.match(after) or NO_NOUN.match(after):
        return False
    if quantity.counted:
        return True
    trimmed, _ = strip_tail(before)
    area_only = trimmed.endswith(("全市", "全省", "全国", "我市", "全县", "全区")) and len(trimmed) <= 4
    return not trimmed or area_only or trimmed.endswith(OPEN) or before.endswith(("“", "、")) or bool(last_verb(trimmed))


def _share(plain: str, blotted: str, left: tuple[int, int], quantity: Quantity, noun: str, said: str, after: str) -> Draft:
    phrase = strip_lead(plain, *left, blotted)
    return Draft(quantity, phrase.area + phrase.noun + noun, said + "比例", phrase.verb, phrase.role, shape="share", tail=after, said=said)


def _of_ratio(plain: str, blotted: str, left: tuple[int, int], quantity: Quantity, after: str) -> Draft:
    text, _ = strip_tail(plain[left[0] : left[1]].removesuffix("按照").removesuffix("按"), blotted[left[0] :])
    phrase = strip_lead(plain, left[0], left[0] + len(text), blotted)
    rest = OF_RATIO.sub("", after)
    return Draft(quantity, phrase.area + phrase.noun, rest + "比例", shape="share", tail=after, reached="按")

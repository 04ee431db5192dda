"""Subject and measure of a number from the words before and after it."""

from __future__ import annotations

import re

from bilan.plans.commitments.phrases import (
    TOGETHER,
    Phrase,
    activity,
    bare_measure,
    last_verb,
    measure,
    predicate,
    role,
    strip_lead,
    strip_tail,
)
from bilan.plans.commitments.quantities import Quantity
from bilan.plans.commitments.rows import Draft
from bilan.plans.commitments.vocabulary import lookup

SHORT = 6
"""Names of things up to this many glyphs are said again in the measure: 低碳社区建设数量."""

BODIES = ("部门", "县", "市", "区", "镇", "乡", "村", "街道", "大类", "小类", "个小类", "个大类", "层级", "个层级")
COUNTS = {"笔": "笔数", "轮": "轮次", "次": "次数", "种": "种数", "年": "年数"}
GENERAL = ("个", "项", "批")
COUNTING = re.compile(r"(?:至少|共计有|共计|共有|计有|合计|共|还有|有|等|了|对|每|至少|含)+$")
PLACE_BEFORE = re.compile(r"^(?:在|于)")
LEADING = re.compile(r"^(?:对|将|把|按|每年)")
GIVEN = ("下达", "完成", "投入", "安排", "落实", "争取", "拨付", "筹集")
MONEY = ("资金", "投资", "经费", "金额")
CUT = re.compile(r"^年?(?P<verb>减排|削减|压减|减少|节约)(?P<what>.{2,})$")
DONE_SO = re.compile(r"(?:依法|全部|基本)?(?:做到|实现)$")
TOTAL = re.compile(r"(?:共计|合计|总计)$")
BASE_WORDS = re.compile(r"(?:从|由)[^，；。]{0,14}?(?:的)?$")
COMPARED = re.compile(r"(?:比|较|相比|与)[^，；。]{2,12}?$")
NEXT_DEED = re.compile(r"中已|已|并(?=[\u4e00-\u9fff])|，|同时")


def dimension_word(quantity: Quantity) -> str:
    """What a number of this unit says about a thing: 数量, 面积, 能力 …"""
    unit = quantity.unit
    if quantity.counted and unit.startswith("大") and unit not in BODIES:
        return unit.lstrip("大") + "数量"
    if quantity.counted and unit in BODIES:
        return unit.lstrip("个") + "数量"
    return COUNTS.get(unit) or lookup("dimensions", "word").get(quantity.dimension, "数量")


def name_before(plain: str, blotted: str, left: tuple[int, int], quantity: Quantity, after: str, rest: str) -> Draft:
    """Name a number that stands before what it counts: 完成3个改造项目.

    Args:
        plain, blotted: even text, and with dates and titles blotted out; `left`: the words before it; `quantity`: the number;
        after: the thing counted; `rest`: the rest of the clause.
    """
    text = COUNTING.sub("", plain[left[0] : left[1]])
    trailing = last_verb(text)
    phrase = strip_lead(plain, left[0], left[0] + len(text), blotted)
    verb = trailing or phrase.verb
    own = (phrase.noun.removesuffix(trailing) if trailing else phrase.noun).rstrip("、“的了等")
    own = LEADING.sub("", own) if not PLACE_BEFORE.match(own) else own
    item = NEXT_DEED.split(TOGETHER.split(after.removeprefix("的"))[0])[0]
    thing, said = predicate(item)
    if said:
        said = re.sub(r"了?\d[\d.]*[\u4e00-\u9fff]", "", predicate(rest)[1]) if after != rest else said
    draft = Draft(quantity, verb=verb, role=role(verb), shape="before", tail=after, said=said, ending=item)
    word = dimension_word(quantity)
    if said:
        draft.subject, draft.metric = phrase.area + own + thing, said + word
        return draft
    thing, draft.activity = _deed(item, quantity)
    if quantity.dimension == "length" and draft.role != "build":
        draft.subject, draft.metric, draft.shape = phrase.area + own.removeprefix("实现"), item.rstrip("”") + "距离", "distance"
        if not quantity.before and not quantity.after:
            draft.notes += ["comparator:<=", "implied"]
    elif draft.activity:
        draft.subject, draft.metric = phrase.area + own + thing, draft.activity + word
    elif trailing and own and not PLACE_BEFORE.match(own) and "、" not in own and not own.endswith(("内", "中", "上", "下")):
        draft.subject, draft.metric = phrase.area + own, item + word
    else:
        head = item[-2:] if item.endswith(("项目", "工程")) else item if len(item) <= SHORT else ""
        draft.subject, draft.metric = phrase.area + own + item, head + verb + word
    return draft


def _deed(item: str, quantity: Quantity) -> tuple[str, str]:
    """What is done to the things counted; a project counted in 个 is a thing itself."""
    if item.endswith("项目") or (item.endswith("工程") and quantity.unit in GENERAL):
        return item, ""
    if "的" in item:
        thing, deed = item.rsplit("的", 1)
        if activity("某某" + deed)[1] or deed.endswith(("工程", "任务")):
            return thing, deed
    return activity(item)


def name_after(plain: str, blotted: str, left: tuple[int, int], quantity: Quantity, earlier: list[Draft], after: str) -> Draft:
    """Name a number that stands after what it measures: 森林覆盖率达到60%.

    Args:
        plain, blotted: even text, and with dates and titles blotted out; `left`: the words before it; `quantity`: the number;
        earlier: drafts of the numbers before it in the clause; `after`: the words behind it.
    """
    raw = plain[left[0] : left[1]]
    text, reached = strip_tail(raw, blotted[left[0] :])
    compared = COMPARED.search(text)
    if compared and re.search(r"年|“|同期|水平", compared.group()):
        text, _ = strip_tail(text[: compared.start()], blotted[left[0] :])
    phrase = _unbased(strip_lead(plain, left[0], left[0] + len(text), blotted))
    draft = Draft(quantity, verb=phrase.verb, role=phrase.role, reached=reached, tail=after)
    draft.change = reached if role(reached) in ("rise", "fall") else ""
    if not phrase.noun and not phrase.verb and earlier:
        _inherit(draft, earlier[-1])
    else:
        _name(draft, phrase, raw, after)
    return draft


def _unbased(phrase: Phrase) -> Phrase:
    match = BASE_WORDS.search(phrase.noun)
    return Phrase(phrase.area, phrase.verb, phrase.role, phrase.noun[: match.start()], phrase.begin, phrase.end) if match else phrase


def _inherit(draft: Draft, source: Draft) -> None:
    draft.subject, draft.metric, draft.verb, draft.role = source.subject, source.metric, source.verb, source.role
    draft.change, draft.measured = draft.change or source.change, source.measured
    draft.listed, draft.shape, draft.activity = True, source.shape, source.activity


def _name(draft: Draft, phrase: Phrase, raw: str, after: str) -> None:
    noun, area = ("" if phrase.noun in ("同比", "环比") else phrase.noun), phrase.area
    if noun.startswith("实现") and measure(noun):
        noun = noun.removeprefix("实现")
    together = TOGETHER.search(noun)
    cut = CUT.match(noun) if draft.quantity.dimension in ("mass", "energy", "volume", "power") else None
    draft.measured = noun
    if not noun and not phrase.verb:
        draft.metric = change_word(draft.change, raw, draft.quantity) if draft.change else ""
    elif cut:
        draft.subject, draft.metric, draft.change = area, f"{cut['what']}{cut['verb']}量", cut["verb"]
    elif draft.change:
        draft.subject, draft.metric = area, noun + change_word(draft.change, raw, draft.quantity)
        if draft.metric.endswith("比例") and noun.endswith(("率", "比例", "比重", "占比")):
            draft.metric = draft.metric.removesuffix("比例") + "幅度"
    elif draft.quantity.dimension in ("rank", "index"):
        draft.subject, draft.metric = area, noun + ("位次" if draft.quantity.dimension == "rank" else "")
    elif together and noun[together.end() :]:
        draft.subject, draft.metric = area + noun[: together.start()], noun[together.start() :]
    elif noun.endswith(MONEY) and phrase.verb in GIVEN:
        draft.subject, draft.metric = area, f"{noun}{phrase.verb}金额"
    elif measure(noun) and not (noun.startswith("占") and draft.quantity.dimension == "share"):
        draft.subject, draft.metric = area, (phrase.verb if phrase.verb in ("新增", "扩建", "削减", "改造") else "") + noun
        draft.listed = bare_measure(noun)
    elif draft.quantity.dimension == "share":
        noun = DONE_SO.sub("", noun)
        draft.subject, draft.metric = area, noun + (after if len(after) <= SHORT and "降" not in after else "") + "比例"
        draft.loose = not after
    else:
        _name_thing(draft, phrase, noun, raw)


def _name_thing(draft: Draft, phrase: Phrase, noun: str, raw: str) -> None:
    word = ("总" if TOTAL.search(raw) else "") + dimension_word(draft.quantity)
    trailing = last_verb(noun)
    thing, draft.activity = activity(noun) if not noun.endswith("项目") else (noun, "")
    if not draft.activity and trailing and trailing not in (phrase.verb, noun):
        draft.verb, draft.role = trailing, role(trailing)
        draft.subject, draft.metric = phrase.area + noun.removesuffix(trailing), trailing + word
    elif draft.activity:
        draft.subject, draft.metric = phrase.area + thing, draft.activity + word
    elif not phrase.verb:
        draft.subject, draft.metric = phrase.area + noun, noun + word
    elif phrase.area or len(noun) <= SHORT:
        draft.subject, draft.metric = phrase.area or noun, noun + phrase.verb + word
    else:
        draft.subject, draft.metric = noun, phrase.verb + word


def change_word(verb: str, raw: str, quantity: Quantity) -> str:
    """What a number of rising or falling says: 下降比例, 年均增长率.

    Args:
        verb: of rising or falling; `raw`: words before the number; `quantity`: the number.
    """
    yearly = "年均" if "年均" in raw[-8:] else ""
    if role(verb) == "fall":
        return f"{yearly}{verb}{'比例' if quantity.dimension == 'share' else '量'}"
    if verb == "增长" and quantity.dimension == "share":
        return f"{yearly}增长率"
    return f"{yearly}{verb}{'幅度' if quantity.dimension == 'share' else '量'}"


__all__ = ["change_word", "dimension_word", "name_after", "name_before"]

"""Parts of a clause: area, adverbs, verbs, the noun phrase, its measure, its activity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bilan.plans.commitments.text import FILLER
from bilan.plans.commitments.vocabulary import ending, leading, lookup, words

AREA = re.compile(r"^(?:全市|全省|全国|全县|全区|全域|我市|我省|本市|[\u4e00-\u9fff]{2,3}[省市县区](?=(?:将|要|拟|计划)))")
TAIL = re.compile(
    r"(?:总体|每年|每月|共计|合计|总计|累计|共有|共|总共|仅|各|分别|均|年均|平均|已|将|仍|也|都|应|要|须|可|的|再|力争|争取|确保|稳定|基本|全部|全面|(?<![占对同环类可])比|较)$"
)
EDGE = "、，。；：—的了□·并和及与或而且"
TOGETHER = re.compile(r"合计|共计|总计")
PREDICATE = re.compile(
    r"(?:均|都|全部|提前|全面|基本|率先|相继|先后|已|已经|要|应|须|必须|实现)*"
    r"(?:完成|实现|达到|建成|获得|获|采用|签订|开展|实行|实施|使用|通过|建立|配备|纳入|安装|进入|得到|接入|投入|消除|淘汰|退出|参加|纳管|开工|投产|建设(?!项目|工程|用地|单位|试点|示范)(?=[^，。]{3,}))"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands before or after a number.

    Attributes:
        area: 全市 and the like; `verb`: the leading verb, `role` its role; `noun`: the rest.
        begin, end: where the noun stands in the even text.
    """

    area: str = ""
    verb: str = ""
    role: str = ""
    noun: str = ""
    begin: int = 0
    end: int = 0


@cache
def _verbs() -> tuple[str, ...]:
    return tuple(
        sorted(
            (*words("verbs", "role", "build"), *words("verbs", "role", "act"), *words("verbs", "role", "encourage")),
            key=lambda word: -len(word),
        )
    )


def role(verb: str) -> str:
    """Role of a verb: build, act, encourage, reach, rise or fall; nothing for an unknown one."""
    return lookup("verbs", "role").get(verb, "")


def measure(noun: str) -> str:
    """The measure that a noun phrase ends with, or nothing.

    Examples:
        >>> measure("生活垃圾无害化处理率"), measure("低碳社区")
        ('率', '')
    """
    bare = re.sub(r"（[^（）]*）$", "", noun)
    return ending(bare, words("metrics"))


def bare_measure(noun: str) -> bool:
    """Whether the noun is hardly more than its measure, so that its subject stands elsewhere.

    Examples:
        >>> bare_measure("处理能力"), bare_measure("受污染耕地安全利用率")
        (True, False)
    """
    head = measure(noun)
    return bool(head) and len(noun) - len(head) <= 2


def activity(noun: str) -> tuple[str, str]:
    """Split a noun phrase into what is acted on and the activity.

    Examples:
        >>> activity("燃煤锅炉超低排放改造")
        ('燃煤锅炉', '超低排放改造')
        >>> activity("互花米草治理工程")
        ('互花米草', '治理工程')
    """
    match = _activity().search(noun)
    if match is None or match.start() < 2:
        return noun, ""
    return noun[: match.start()].rstrip("的、"), noun[match.start() :]


@cache
def _activity() -> re.Pattern[str]:
    verb = "|".join(words("activities"))
    manner = "超低排放|标准化|生态化|清洁化|综合|提标|扩容|系统|连片|生态|安全|规范化|一级A|深海|深度|技术|攻坚|问题|升级|巩固"
    return re.compile(rf"(?:{manner})*(?:{verb})(?:和|与|及|、)?(?:{manner}|{verb})*(?:工程|项目)?$")


def strip_lead(plain: str, begin: int, end: int, blotted: str) -> Phrase:
    """Take dates, adverbs, area and leading verbs off a stretch of text.

    Args:
        plain: even text; `begin`, `end`: the stretch; `blotted`: the same text with dates blotted out.
    """
    area = verb = ""
    while begin < end:
        rest = plain[begin:end]
        if (blotted[begin] == FILLER and plain[begin] not in "“《（〔") or rest[0] in EDGE:
            begin += 1
        elif not area and (found := AREA.match(rest)) and found.end() < len(rest):
            area, begin = found.group(), begin + found.end()
        elif (word := leading(rest, words("adverbs"))) and not _part_of_noun(rest, word):
            begin += len(word)
        elif (word := leading(rest, _verbs())) and not _belongs(rest, word):
            verb, begin = word, begin + len(word)
        else:
            break
    while end > begin and plain[end - 1] in EDGE:
        end -= 1
    return Phrase(area, verb, role(verb), plain[begin:end], begin, end)


def _part_of_noun(rest: str, word: str) -> bool:
    if word in ("重点", "平均") or word.endswith("化"):
        return not leading(rest[len(word) :], _verbs())
    return rest in words("metrics") or (len(word) == 1 and not (leading(rest[1:], _verbs()) or rest[1:2] in ("新",)))


def _belongs(rest: str, word: str) -> bool:
    """Whether a leading verb is part of the noun: 处理能力, 建设单位."""
    after = rest[len(word) :]
    return (
        after in words("metrics")
        or after[:1] in ("率", "者", "量", "单")
        or (word == "建成" and after.startswith("区"))
        or bool(re.match(r"^(?:总)?(?:能力|面积|长度|总量|岸线总?长度|比例|占比)$", after))
    )


def strip_tail(text: str, blotted: str = "") -> tuple[str, str]:
    """Take comparing verbs, adverbs and dates off the end of a phrase.

    Args:
        text: the phrase; `blotted`: the same with dates blotted out.

    Returns:
        The phrase and the verb that was taken off last of all from the right (达到, 提高至, 下降 …).

    Examples:
        >>> strip_tail("全市森林覆盖率稳定保持在")
        ('全市森林覆盖率', '稳定保持在')
        >>> strip_tail("排放总量累计减排")
        ('排放总量', '减排')
    """
    verb = ""
    while text:
        known = ending(text, _ends())
        if known and not (known == "为" and text.endswith(("作为", "以为", "成为", "行为"))):
            verb, text = verb or known, text[: -len(known)]
        elif found := TAIL.search(text):
            text = text[: found.start()]
        elif text[-1] in EDGE or (len(text) <= len(blotted) and blotted[len(text) - 1] == FILLER and text[-1] not in "”》）〕"):
            text = text[:-1]
        else:
            break
    return text, verb


@cache
def _ends() -> tuple[str, ...]:
    return tuple(word for kind in ("reach", "rise", "fall") for word in words("verbs", "role", kind))


def last_verb(text: str) -> str:
    """The building or acting verb that a phrase ends with, or nothing.

    Examples:
        >>> last_verb("某钢铁厂实施"), last_verb("近岸海域")
        ('实施', '')
    """
    bare = re.sub(r"[了]$", "", text)
    return ending(bare, _verbs())


def predicate(text: str) -> tuple[str, str]:
    """Split a phrase after a number into the noun and its predicate.

    Examples:
        >>> predicate("企业提前完成清理整顿任务")
        ('企业', '提前完成清理整顿任务')
    """
    match = PREDICATE.search(text, 1)
    if match is None or text[match.start() - 1] in "（、":
        return text, ""
    return text[: match.start()].rstrip("的"), text[match.start() :]

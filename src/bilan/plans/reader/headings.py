"""What a line announces: chapter, section, part, article, box, table or note, by how such documents number them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from bilan.plans.reader.numerals import NUMERAL, number


class Rank(IntEnum):
    """How far up in a document a heading stands, outermost first."""

    CHAPTER = 1
    SECTION = 2
    PART = 3
    ARTICLE = 4
    PLAIN = 5
    BOX = 6
    TABLE = 7


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its rank, its number as printed (``第一章``, ``（六）``, ``表2``), the number's value and the words after it.

    `lead` is true when text runs on behind the heading in the same paragraph.
    """

    rank: Rank
    label: str
    value: int
    words: str
    lead: bool = False

    @property
    def text(self) -> str:
        """The heading as it is printed, without the spaces between."""
        return f"{self.label}{self.words}"


_N = rf"(?:{NUMERAL}|\d{{1,3}})"
SHAPES = (
    (Rank.CHAPTER, re.compile(rf"^第\s*({_N})\s*[章篇编]\s*")),
    (Rank.SECTION, re.compile(rf"^第\s*({_N})\s*节\s*")),
    (Rank.PART, re.compile(rf"^({NUMERAL})\s*[、．.]\s*")),
    (Rank.ARTICLE, re.compile(rf"^第\s*({_N})\s*条\s*")),
    (Rank.ARTICLE, re.compile(rf"^[（(]\s*({NUMERAL})\s*[）)]\s*")),
    (Rank.BOX, re.compile(rf"^专栏\s*({_N})\s*[：:、.．]?\s*")),
    (Rank.TABLE, re.compile(rf"^(?:附表|表)\s*({_N})(?:[-－]\d{{1,2}})?\s*[：:、.．]?\s*(?![\d年月%％])")),
)
BEGINNINGS = frozenset("第专附表（(一二三四五六七八九十百〇零两")
"""Characters that a numbered heading begins with."""
LONGEST = {Rank.CHAPTER: 60, Rank.SECTION: 60, Rank.PART: 45, Rank.ARTICLE: 45, Rank.BOX: 45, Rank.TABLE: 60}
LEAD = 45
ENDS = "。；，、！？：;,!?"
SENTENCE = re.compile("[。！？；]")
NOTE = re.compile(r"^(?:备?注|说明)\s*\d*\s*[：:.．、]")
NUMBERED = re.compile(r"^[（(]?\d{1,2}[）).．、](?!\d)")
NEXT_NOTE = re.compile(r"^[（(]?\d{1,2}[）).．、]")
LONGEST_ENTRY = 200
CONTENTS = re.compile(r"^目\s*[录次]$")
ENTRY = re.compile(r"^(.{2,60}?)\s*(?:[\t.…·．。]|\s{2,})[\s.…·．。]*[（(]?(\d{1,4}|[IVXivx]{1,5})[）)]?$")


def heading(text: str) -> Heading | None:
    """Recognise a numbered heading, standing alone or with its text running on.

    Examples:
        >>> heading("第三章 建设清洁城市")
        Heading(rank=<Rank.CHAPTER: 1>, label='第三章', value=3, words='建设清洁城市', lead=False)
        >>> heading("（六）打好攻坚战。到2025年，优良天数比率达到98%。").lead
        True
        >>> heading("第一节车间已完成改造，到2025年再完成三座，并建设与之相配的处理设施。") is None
        True
    """
    if not text or text[0] not in BEGINNINGS:
        return None
    for rank, shape in SHAPES:
        found = shape.match(text)
        if found is None:
            continue
        label, words = "".join(found[0].split()), text[found.end() :].strip()
        if rank in (Rank.BOX, Rank.TABLE):
            label = label.rstrip("：:、.．")
        alone = len(words) <= LONGEST[rank] and not SENTENCE.search(words) and not words.endswith(tuple(ENDS))
        if alone and (words or rank is not Rank.TABLE):
            return Heading(rank, label, number(found[1]), words)
        if rank in (Rank.PART, Rank.ARTICLE):
            return Heading(rank, label, number(found[1]), _lead(words), lead=True)
        return None
    return None


def _lead(words: str) -> str:
    """The heading that a paragraph opens with: its first sentence when that is short."""
    first = SENTENCE.split(words, maxsplit=1)[0]
    return first if len(first) <= LEAD else ""


def entry(text: str) -> str | None:
    """Words of an entry of a table of contents, without its page; nothing when it is none.

    Examples:
        >>> entry("第一章 打好基础 …… 12"), entry("到2030年建成") is None
        ('第一章 打好基础', True)
    """
    found = ENTRY.match(text) if len(text) <= LONGEST_ENTRY else None
    return found[1].strip() if found else None


def begins_anew(text: str) -> bool:
    """Whether a line cannot be the second half of a broken one: a heading, a note, a numbered or a dashed item.

    Examples:
        >>> [begins_anew(text) for text in ("（二）推进治理。", "1.建设管网", "——更加绿色。", "行动方案，开展试点。")]
        [True, True, True, False]
    """
    return bool(heading(text) or NOTE.match(text) or NUMBERED.match(text) or text.startswith(("——", "●", "•", "◆", "■", "－－", "--")))

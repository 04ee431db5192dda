"""What word processors, converters and page breaks leave behind in a text and no reader should see."""

from __future__ import annotations

import re

TAG = re.compile(r"\[(?:bookmark|image|comment|footnote|endnote|shape|picture|embed)\b:?[^\[\]\n]{0,400}\]", re.IGNORECASE)
STARS = re.compile(r"\*\*|__(?=\S)|(?<=\S)__|~~")
HASHES = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b\x0e-\x1f]")
PAGE = re.compile(r"^[-—–－·\s]*(?:第?\s*\d{1,4}\s*页?(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|[IVXLC]{1,6}|[ivxlc]{1,6})[-—–－·\s]*$")
RULE = re.compile(r"^\s*(?:[-*_=—]\s*){3,}$")


def strip(text: str) -> str:
    """Take tags, marks of emphasis and invisible characters out of a line; what is visible stays as it is, damaged or not.

    Examples:
        >>> strip("[bookmark: _Toc1]到**2025**年，?o?Y湖水质达标。")
        '到2025年，?o?Y湖水质达标。'
    """
    return INVISIBLE.sub("", STARS.sub("", TAG.sub("", text))).replace("\xa0", " ").replace("\x0c", " ")


def head(text: str) -> tuple[int | None, str]:
    """Level and words of a heading written with number signs; no level for any other line.

    Examples:
        >>> head("### 一、总体要求")
        (3, '一、总体要求')
        >>> head("到2025年")
        (None, '到2025年')
    """
    found = HASHES.match(text)
    return (len(found[1]), found[2]) if found else (None, text)


def is_page_mark(text: str) -> bool:
    """Whether a line is nothing but a page number or a rule across the page.

    Examples:
        >>> [is_page_mark(text) for text in ("— 12 —", "II", "第3页", "---", "2025年")]
        [True, True, True, True, False]
    """
    return bool(PAGE.match(text) or RULE.match(text))

"""Text made even for reading, with the way back to the words as they stand in the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bilan.plans.commitments.vocabulary import lookup

FILLER = "□"
"""Stands in masked text for characters that are not to be read."""

BRACKETS = re.compile(
    r"（(?:[^（）]|（[^（）]*）){0,400}）|〔[^〕]{0,60}〕|【[^】]{0,60}】|《(?:[^《》]|《[^《》]*》){0,120}》|“[^”]{0,120}”|‘[^’]{0,60}’"
)
SENTENCE = re.compile(r"[。；！？]")


@cache
def _glyphs() -> dict[int, str]:
    pairs = {ord(old): new for old, new in lookup("glyphs", "simplified").items()}
    pairs |= {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)}
    pairs |= {
        ord("％"): "%",
        ord("．"): ".",
        ord(","): "，",
        ord(";"): "；",
        ord("("): "（",
        ord(")"): "）",
        ord("["): "【",
        ord("]"): "】",
    }
    pairs |= {ord("＞"): ">", ord("＜"): "<", ord("～"): "~", ord("－"): "-", ord("–"): "-", ord("「"): "“", ord("」"): "”"}
    return pairs


@dataclass(frozen=True, slots=True)
class Text:
    """A block's text without white space, in simplified glyphs and one form of punctuation.

    Attributes:
        source: as it stands in the document; `plain`: made even; `places`: for each character of `plain` where it stands in `source`.
    """

    source: str
    plain: str
    places: tuple[int, ...]

    def words(self, begin: int, end: int) -> str:
        """The document's own words for a stretch of `plain`.

        Examples:
            >>> even("到 2025 年， 達到 80 ％").words(9, 12)
            '80 ％'
        """
        return self.source[self.places[begin] : self.places[end - 1] + 1] if end > begin else ""


def even(source: str) -> Text:
    """Make a text even: no white space, simplified glyphs, full-width punctuation, half-width digits.

    Examples:
        >>> even("濃度 低於 ３５ ug/m3;").plain
        '浓度低于35ug/m3；'
    """
    apart = {match.start() for match in re.finditer(r"(?<=[A-Za-z])\s(?=\d)", source)}
    places = tuple(place for place, glyph in enumerate(source) if not glyph.isspace() or place in apart)
    plain = "".join(source[place] for place in places).translate(_glyphs())
    plain = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", plain)
    plain = re.sub(r"(?<!\d):|:(?!\d)", "：", plain)
    return Text(source, plain, places)


def mask(plain: str, spans: list[tuple[int, int]]) -> str:
    """The text with stretches blotted out, every character staying in its place.

    Examples:
        >>> mask("实现“三个一百”", [(2, 8)])
        '实现□□□□□□'
    """
    glyphs = list(plain)
    for begin, end in spans:
        glyphs[begin:end] = FILLER * (end - begin)
    return "".join(glyphs)


def brackets(plain: str, opening: str = "") -> list[tuple[int, int]]:
    """Stretches in brackets or quotation marks, outermost ones only; of one kind when its opening mark is given."""
    return [match.span() for match in BRACKETS.finditer(plain) if not opening or match.group()[0] in opening]


def _cut(plain: str, marks: re.Pattern[str], begin: int, end: int) -> list[tuple[int, int]]:
    part = plain[begin:end]
    parts, start = [], begin
    for match in marks.finditer(mask(part, brackets(part))):
        parts.append((start, begin + match.end()))
        start = begin + match.end()
    parts.append((start, end))
    return [(first, last) for first, last in parts if plain[first:last].strip("。；，：！？")]


def sentences(plain: str) -> list[tuple[int, int]]:
    """Where the sentences stand: up to a full stop or semicolon outside brackets.

    Examples:
        >>> [("到2025年，达到80%；完成改造。")[begin:end] for begin, end in sentences("到2025年，达到80%；完成改造。")]
        ['到2025年，达到80%；', '完成改造。']
    """
    return _cut(plain, SENTENCE, 0, len(plain))


CLAUSE = re.compile(r"，|：|——|。|；|！|？")


def clauses(plain: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Where the clauses of a sentence stand: up to a comma or colon outside brackets.

    Examples:
        >>> clauses("到2025年，达到80%。", 0, 13)
        [(0, 7), (7, 13)]
    """
    return _cut(plain, CLAUSE, begin, end)

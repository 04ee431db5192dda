"""Text and Markdown files."""

from __future__ import annotations

from bilan.plans.reader.debris import head, strip
from bilan.plans.reader.lines import Line
from bilan.problems import BilanError, Problem

ENCODINGS = ("utf-8-sig", "gb18030")
WIDE = ("utf-16-le", "utf-16-be")


def decode(raw: bytes, name: str) -> str:
    """Text of a file: UTF-8, UTF-16 with its mark, or GB 18030.

    Raises:
        BilanError: the bytes are no text in any of these.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    if b"\x00" in raw[:4096]:
        raise BilanError(Problem("plan.no_text_file", {"name": name}))
    for encoding in ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BilanError(Problem("plan.no_text_file", {"name": name}))


def lines(text: str) -> list[Line]:
    """Lines of a text, cleaned, with their numbers.

    Examples:
        >>> [(line.number, line.text, line.level) for line in lines("## 一、总体要求\\n\\n到**2025**年")]
        [(1, '一、总体要求', 2), (2, '', None), (3, '到2025年', None)]
    """
    found: list[Line] = []
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        clean = strip(raw)
        level, words = head(clean)
        cell = clean.startswith("\t") and "\t" not in clean.strip()
        trace = clean.startswith(" ") and not cell
        found.append(Line(number, words if level else clean, level=level, trace=trace, cell=cell))
    return found

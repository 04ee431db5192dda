"""Choices from a vocabulary: by code or title in either language."""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from bilan.pack.registers.model import Vocabulary
from bilan.pack.registers.values.refused import Refused
from bilan.pack.registers.values.texts import plain, written
from bilan.pack.vocab import canonical
from bilan.problems import nearest

_YES = frozenset({"是", "有", "y", "yes", "true", "1", "1.0", "√", "✓", "✔", "☑", "对", "已", "t", "on"})
_NO = frozenset({"否", "无", "没有", "n", "no", "false", "0", "0.0", "×", "✗", "✘", "☐", "x", "不", "未", "f", "off"})
_SHOWN = 10
"""Choices a sentence lists; the nearest one is told beside them."""


def read_boolean(value: Any) -> bool:
    """Yes or no.

    Raises:
        Refused: neither.

    Examples:
        >>> read_boolean("√"), read_boolean("否")
        (True, False)
    """
    if isinstance(value, bool):
        return value
    text = plain(written(value)).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Refused("entry.not_boolean", value)


def knows(vocabulary: Vocabulary) -> Callable[[str], bool]:
    """What tells whether a text is a term, by code or title."""
    titles = vocabulary.by_title
    return lambda text: text.strip().lower() in titles


def chooser(vocabulary: Vocabulary, today: date) -> Callable[[Any], str]:
    """What reads one term of a vocabulary as chosen today."""
    titles = vocabulary.by_title
    loose = {canonical(title): code for title, code in titles.items()}
    now = today.isoformat()
    codes = {code for code, term in vocabulary.by_code.items() if term.valid_on(now)}

    @lru_cache(maxsize=4096)
    def find(text: str) -> tuple[str, dict[str, Any]]:
        """Code of the term, or the code of a problem with what it names: refusals are remembered too."""
        code = titles.get(text.lower()) or loose.get(canonical(text), "")
        if not code:
            shown = [f"{term.title.zh} · {term.title.en}" for term in vocabulary.terms[:_SHOWN]]
            allowed = [*shown, "…"] if len(vocabulary.terms) > _SHOWN else shown
            return "entry.unknown_term", {"allowed": allowed, "nearest": _nearest(text, vocabulary)}
        if code not in codes:
            term = vocabulary.by_code[code]
            return "entry.expired_term", {"allowed": f"{term.valid_from or '…'} – {term.valid_to or '…'}"}
        return code, {}

    def choose(value: Any) -> str:
        if value.__class__ is str and value in codes:
            return str(value)
        code, why = find(written(value)[:400].strip())
        if why:
            raise Refused(code, value, **why)
        return code

    return choose


_STRONG, _WEAK = re.compile(r"[,;|\n，；]"), re.compile(r"[、/]")


def parts(value: Any, whole: Callable[[str], bool]) -> list[Any]:
    """The items of a value that may hold several: a list, or a text with commas.

    Args:
        value: what was written.
        whole: whether a text with such signs is one item all the same.

    Examples:
        >>> parts("甲、乙", lambda text: False), parts("酒、饮料", lambda text: True)
        (['甲', '乙'], ['酒、饮料'])
    """
    if isinstance(value, list | tuple):
        return list(value)
    if not isinstance(value, str) or whole(value):
        return [value]
    items = [part.strip() for part in _STRONG.split(value)]
    return [part.strip() for item in items for part in ([item] if whole(item) else _WEAK.split(item)) if part.strip()]


class _Patience:
    """Lets a search run while it has taken less than a tenth of the time: a column of 100,000 wrong values must not hold up its import."""

    WINDOW = 10.0

    def __init__(self) -> None:
        self.began, self.spent = 0.0, 0.0

    def left(self) -> bool:
        """Whether there is time for another search."""
        now = time.monotonic()
        if now - self.began > self.WINDOW:
            self.began, self.spent = now, 0.0
        return self.spent < self.WINDOW / 10

    def spend(self, seconds: float) -> None:
        """Note how long one took [s]."""
        self.spent += seconds


_patience = _Patience()


def _nearest(text: str, vocabulary: Vocabulary) -> str:
    if not _patience.left():
        return ""
    began = time.monotonic()
    found = _searched(text[:100], vocabulary)
    _patience.spend(time.monotonic() - began)
    return found


def _searched(text: str, vocabulary: Vocabulary) -> str:
    known = {canonical(title): title for term in vocabulary.terms for title in (term.title.zh, term.title.en)}
    plain_text = canonical(text)
    inside = [title for title in known if len(plain_text) > 1 and (plain_text in title or (len(title) > 1 and title in plain_text))]
    close = inside[:1] or difflib.get_close_matches(plain_text, known, n=1, cutoff=0.5)
    return known[close[0]] if close else nearest(text, vocabulary.by_code)

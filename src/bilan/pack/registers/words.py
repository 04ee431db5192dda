"""Text in both languages, as declarations write it in one line."""

from __future__ import annotations

from dataclasses import dataclass

from bilan.pack.schema import Reader

SEPARATOR = " · "


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in Chinese and English.

    Examples:
        >>> Bilingual.parse("入河排污口 · River outfalls").text("en")
        'River outfalls'
        >>> Bilingual.parse("入河排污口").text("en")
        '入河排污口'
    """

    zh: str
    en: str = ""

    @classmethod
    def parse(cls, text: str) -> Bilingual:
        """Read ``中文 · English``."""
        zh, _, en = text.partition(SEPARATOR)
        return cls(zh.strip(), en.strip())

    def text(self, language: str) -> str:
        """The text in `language` (``zh-hans`` or ``en``); Chinese where no English is declared."""
        return (self.en or self.zh) if language == "en" else self.zh

    @property
    def complete(self) -> bool:
        """Whether both languages are there."""
        return bool(self.zh and self.en)


def bilingual(reader: Reader, key: str, default: str | None = None) -> Bilingual:
    """A text in both languages out of a declaration; one that lacks the English is noted.

    Args:
        default: text when the key is absent; it must be there without one.
    """
    words = Bilingual.parse(reader.text(key, default))
    if words.zh and not words.en:
        reader.note("report.one_language", key, {"value": words.zh[:40]})
    return words


SILENT = Bilingual("")
"""No text."""

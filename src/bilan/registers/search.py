"""Finding entries by words: Chinese or Latin, codes, former names, pinyin and its initials."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from bilan.pack.registers import FieldType, Register, Registers
from bilan.pack.registers.fields import Sensitivity
from bilan.registers.models import Content

LONGEST = 80
"""Characters of a search that are looked at."""
WORDS = 6
"""Words of a search that are looked at."""
_FOREIGN = "\x00"
"""Stands before what is no Chinese character."""
_OPEN = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)


def text_of(register: Register, declared: Registers, record: Content) -> str:
    """The words under which an entry is found; nothing more sensitive than the register itself is among them."""
    parts = [record.code, record.name, *record.aliases]
    for entry in register.fields.values():
        sensitive = entry.sensitivity is not None and entry.sensitivity is not register.sensitivity and entry.sensitivity not in _OPEN
        if not entry.search or sensitive:
            continue
        value = record.data.get(entry.name)
        if entry.type is FieldType.CHOICE and isinstance(value, str):
            term = declared.vocabularies[entry.of].by_code.get(value)
            parts += [term.title.zh, term.title.en] if term else []
        elif isinstance(value, str | int | float):
            parts.append(str(value))
    names = [record.name, *record.aliases]
    return "\n".join(filter(None, [*parts, *(pinyin(name) for name in names)])).lower()


def pinyin(name: str) -> str:
    """Pinyin of a name and its initials.

    Examples:
        >>> pinyin("晋江")
        'jinjiang jj'
        >>> pinyin("PM")
        ''
        >>> pinyin("A1泵站")
        'a1bengzhan a1bz'
    """
    if name.isascii():
        return ""
    from pypinyin.seg.simpleseg import seg  # noqa: PLC0415  its dictionaries take half a second, which only those that write entries wait

    spelt = [_spelt(phrase) for phrase in seg(name)]
    return f"{''.join(whole for whole, _initials in spelt)} {''.join(initials for _whole, initials in spelt)}".lower()


@lru_cache(maxsize=100_000)
def _spelt(phrase: str) -> tuple[str, str]:
    """Pinyin of a phrase and its initials; names are made of few phrases."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415  see `pinyin`

    parts = lazy_pinyin(phrase, errors=lambda other: _FOREIGN + other)
    whole = "".join(part.removeprefix(_FOREIGN) for part in parts)
    return whole, "".join(part.removeprefix(_FOREIGN) if part.startswith(_FOREIGN) else part[:1] for part in parts)


def words_of(text: str) -> list[str]:
    """The words of a search.

    Examples:
        >>> words_of(" 晋江  QL-3 ")
        ['晋江', 'ql-3']
    """
    return text[:LONGEST].lower().split()[:WORDS]


def matching(found: QuerySet[Any], text: str, *, now: bool) -> QuerySet[Any]:
    """Keep the entries that all words are found in; looking at the past, words are sought in code and name."""
    for word in words_of(text):
        found = found.filter(Q(pk__in=_having(word)) if now else Q(code__icontains=word) | Q(name__icontains=word))
    return found


def best(found: QuerySet[Any], text: str, limit: int, *, now: bool) -> list[Any]:
    """The entries that all words are found in, those whose code or name begins with the words first."""
    words = words_of(text)
    if not words:
        return []
    rank = Case(
        When(Q(code__iexact=words[0]) | Q(name__iexact=text.strip()), then=Value(0)),
        When(Q(code__istartswith=words[0]) | Q(name__istartswith=words[0]), then=Value(1)),
        When(name__icontains=words[0], then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return list(matching(found, text, now=now).annotate(rank=rank).order_by("rank", "register", "code")[:limit])


def _having(word: str) -> RawSQL:
    """Numbers of entries whose words hold `word`: by trigrams where it is long enough for them."""
    pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    if connection.vendor == "sqlite" and len(word) >= 3:
        quoted = '"' + word.replace('"', '""') + '"'
        return RawSQL("SELECT rowid FROM registers_search WHERE registers_search MATCH %s", (quoted,))
    return RawSQL("SELECT entry_id FROM registers_searchtext WHERE text LIKE %s ESCAPE '\\'", (pattern,))


def texts(registers: Registers, records: Iterable[tuple[int, Content]]) -> list[tuple[int, str]]:
    """Search texts of entries by number."""
    return [(number, text_of(registers.registers[record.register], registers, record)) for number, record in records]

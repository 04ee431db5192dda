"""What a column can be mapped to: a register's fields and what every entry has, under all their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from bilan.pack.loader import base, read_csv
from bilan.pack.registers import COMMON, Bilingual, Field, FieldType, Register
from bilan.tabular.sheets.words import normal

PLACE = ("longitude", "longitude.minutes", "longitude.seconds", "latitude", "latitude.minutes", "latitude.seconds", "place")
"""Targets that together give an entry's point."""
UNREAD = frozenset({FieldType.COMPUTED, FieldType.ATTACHMENT, FieldType.TABLE})
"""Types that no column of a sheet can hold."""
_TEXT = ("code", "name", "aliases", "status", "district", "town", "organisation")
_DATES = ("valid_from", "valid_to")
_PHONE = ("电话", "联系电话", "手机", "手机号", "联系方式", "phone", "telephone", "tel", "mobile")
_BEGIN = ("起", "开始", "开始日期", "开始时间", "起始日期", "起始时间", "start", "from", "begin")
_END = ("止", "结束", "结束日期", "结束时间", "截止日期", "截止时间", "end", "to", "until")
_ENDINGS = ("名称", "编号", "编码", "代码", "类型", "类别", "情况", "日期", "时间", "name", "code", "type", "date")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the values of a column go.

    Attributes:
        name: field, common name, ``longitude``…, or a part: ``contact.phone``, ``term.begin``, ``term.end``.
        kind: type of the field; ``text``, ``date`` or ``place`` for what every entry has.
        field: the declared field; None for what every entry has.
    """

    name: str
    title: Bilingual
    kind: str
    unit: str = ""
    required: bool = False
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A name under which a target is known.

    Attributes:
        how: ``title``, ``alias``, ``role``, ``synonym`` or ``ending``.
    """

    target: Target
    text: str
    how: str


@cache
def _words() -> tuple[dict[str, tuple[Bilingual, tuple[str, ...]]], tuple[tuple[str, ...], ...]]:
    """Names of what every entry has, and sets of words that mean the same."""
    roles, alike = {}, []
    for row in read_csv(base("registers", "headings.csv"), ("kind", "name", "zh", "en", "names")):
        names = tuple(row["names"].split("|"))
        if row["kind"] == "role":
            roles[row["name"]] = (Bilingual(row["zh"], row["en"]), names)
        else:
            alike.append(names)
    return roles, tuple(alike)


@cache
def counters() -> frozenset[str]:
    """Headings of columns that only count the rows."""
    return frozenset(normal(name) or name for name in _words()[0]["counter"][1])


def targets(register: Register) -> tuple[Target, ...]:
    """Everything a column can be mapped to, in the order people expect."""
    roles, _ = _words()
    coded = bool(register.code.pattern)
    found = [Target(name, COMMON[name], "text", required=name == "name" or (name == "code" and not coded)) for name in _TEXT]
    found += [Target(name, COMMON[name], "date") for name in _DATES]
    if register.mapped:
        found += [Target(name, roles[name][0], "place") for name in PLACE]
    for field in register.fields.values():
        if field.type in UNREAD:
            continue
        found.append(Target(field.name, field.title, field.type.value, field.unit, field.required is True, field))
        if field.type is FieldType.PERSON:
            found.append(Target(f"{field.name}.phone", _with(field.title, "电话", "telephone"), "text", field=field))
        elif field.type is FieldType.PERIOD:
            found.append(Target(f"{field.name}.begin", _with(field.title, "（起）", "from"), "date", field=field))
            found.append(Target(f"{field.name}.end", _with(field.title, "（止）", "until"), "date", field=field))
    return tuple(found)


def _with(title: Bilingual, zh: str, en: str) -> Bilingual:
    return Bilingual(title.zh + zh, f"{title.en} {en}" if title.en else "")


def names(register: Register) -> dict[str, list[Known]]:
    """Every name in `normal` writing → the targets known under it, the surest first."""
    found: dict[str, list[Known]] = {}
    for target in targets(register):
        for text, how in _names_of(target, register):
            key = normal(text)
            if key and all(known.target is not target for known in found.get(key, ())):
                found.setdefault(key, []).append(Known(target, text, how))
    return found


def known_headings(register: Register) -> frozenset[str]:
    """Headings by which the register's sheet is told from others."""
    return frozenset(names(register)) | counters()


def _names_of(target: Target, register: Register) -> Iterator[tuple[str, str]]:
    roles, alike = _words()
    # Where a field is called as something that every entry has, the heading means the field.
    how = "role" if hidden(target, register) else "title"
    yield from ((text, how) for text in (target.title.zh, target.title.en, target.name) if text)
    if target.name in roles:
        if target.name in ("name", "code"):
            yield from ((text, "title") for text in _own(register, target.name))
        yield from ((text, "role") for text in roles[target.name][1])
        return
    field = target.field
    if field is None:
        return
    part = target.name.partition(".")[2]
    called = [text for text in (field.title.zh, field.title.en, *field.aliases) if text]
    if part:
        endings = {"phone": _PHONE, "begin": _BEGIN, "end": _END}[part]
        yield from ((f"{text}{ending}", "alias") for text in called for ending in endings)
        if part == "phone":
            yield from ((text, "synonym") for text in _PHONE)
        return
    yield from ((text, "alias") for text in field.aliases)
    plain = {normal(text) for text in called}
    for words in alike:
        if plain & {normal(word) for word in words}:
            yield from ((word, "synonym") for word in words)
    for text in called:
        yield from ((f"{text}{ending}", "ending") for ending in _ENDINGS)
        yield from ((text[: -len(ending)], "ending") for ending in _ENDINGS if text.endswith(ending) and len(text) > len(ending) + 1)


def hidden(target: Target, register: Register) -> bool:
    """Whether what every entry has stands behind a declared field of the same title."""
    if target.field is not None or target.name in ("name", "code"):
        return False
    return any(normal(target.title.zh) == normal(field.title.zh) for field in register.fields.values())


def _own(register: Register, role: str) -> Iterator[str]:
    """A register's own words for its entries' name or code: 排污口名称, outfall name."""
    endings = {"name": ("名称", "名", " name"), "code": ("编号", "编码", "代码", "号", " code", " id", " number")}[role]
    for title in (register.singular, register.title):
        for called in (title.zh, title.en):
            yield from (f"{called}{ending}" for ending in endings if called)
    if role == "name":
        yield from (called for called in (register.singular.zh, register.singular.en) if called)

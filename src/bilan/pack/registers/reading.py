"""Reading one register from its file."""

from __future__ import annotations

import string
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from importlib.resources.abc import Traversable
from pathlib import Path

from bilan.pack.expressions import Expression
from bilan.pack.loader import Declared, read_yaml
from bilan.pack.registers.circles import circle
from bilan.pack.registers.fieldreading import names_of, noted_twice, read_field
from bilan.pack.registers.fields import COMMON, Field, FieldType, Sensitivity
from bilan.pack.registers.icons import icons
from bilan.pack.registers.model import CodeRule, Register, Section, SeriesLink, State, Style
from bilan.pack.registers.taking import Taker
from bilan.pack.registers.words import Bilingual
from bilan.pack.registers.zonereading import read_zone
from bilan.pack.vocab import networks
from bilan.problems import Place, Problem, nearest

DEFAULT_STATES = (
    State("active", Bilingual("在用", "In use"), active=True, tone="ok"),
    State("closed", Bilingual("已关闭", "Closed"), active=False, tone="quiet"),
)
PLAIN = Style()
PLACEHOLDERS = ("adcode", "district", "town", "year", "serial", "check")
_CODED = frozenset({FieldType.TEXT, FieldType.INTEGER, FieldType.CHOICE, FieldType.LINK, FieldType.DISTRICT, FieldType.ORGANISATION})


@dataclass
class Read:
    """What one file gave.

    Attributes:
        register: what was read, as far as it could be.
        taker: the file's mapping, to note problems that show only beside other files.
        problems: what is wrong with the file by itself.
    """

    register: Register
    taker: Taker
    problems: list[Problem] = field(default_factory=list)

    def apart(self) -> Read:
        """The same with a list of problems of its own, so that what one city adds does not stay for the next."""
        taker = copy(self.taker)
        taker.problems = list(self.problems)
        return Read(self.register, taker, taker.problems)


def read_register(source: Traversable | Path, *, zone: bool = False) -> Read:
    """Read one file of ``registers`` or ``zones``.

    Args:
        source: the file.
        zone: whether it stands in ``zones``.

    Raises:
        BilanError: the file is no YAML.
    """
    problems: list[Problem] = []
    taker = Taker(str(source), read_yaml(source), problems, "register")
    name = taker.name("register")
    if name and name != Path(source.name).stem:
        taker.note("declaration.file_name", "register", {"value": name, "allowed": Path(source.name).stem})
    if ("zone" in taker.declared) != zone:
        taker.note("declaration.zone_folder", "zone", {})
    sections = _sections(taker)
    fields = {entry.name: entry for section in sections for entry in section.fields}
    names = {*fields, *COMMON}
    geometry = taker.word("geometry", "point")
    title = taker.words("title")
    columns, sort = _list(taker, fields)
    register = Register(
        name=name or Path(source.name).stem,
        title=title,
        singular=taker.words("singular") if "singular" in taker.declared else title,
        about=taker.words("about"),
        group=taker.name("group"),
        department=taker.words("department"),
        code=_code(taker, fields),
        geometry=geometry,
        sensitivity=_sensitivity(taker),
        states=_states(taker),
        style=_style(taker, fields),
        sections=sections,
        columns=columns,
        sort=sort,
        rules=_rules(taker, names),
        duplicates=_duplicates(taker, fields, geometry),
        series=_series(taker, fields),
        zone=read_zone(taker.child("zone", "zone"), fields) if "zone" in taker.declared else None,
        laws=taker.texts("laws"),
        serves=taker.texts("serves"),
        version=int(taker.number("version", 1.0, 1.0)),
        source=str(source),
        line=taker.where("register"),
    )
    _circles(taker, fields)
    _asking(taker, register)
    return Read(register, taker, problems)


def _sections(taker: Taker) -> tuple[Section, ...]:
    sections = taker.children("sections", "section")
    takers = [(section, section.children("fields", "field")) for section in sections]
    everything = [entry for _, entries in takers for entry in entries]
    own = names_of(everything)
    noted_twice(everything, own)
    names = {*own, *COMMON}
    return tuple(Section(section.words("title"), tuple(_fields(entries, names))) for section, entries in takers)


def _fields(takers: Iterable[Taker], names: set[str]) -> Iterable[Field]:
    for taker in takers:
        if isinstance(taker.declared, Declared) and (found := read_field(taker, names)):
            yield found


def _sensitivity(taker: Taker) -> Sensitivity:
    value = taker.word("sensitivity", Sensitivity.INTERNAL.value)
    return Sensitivity(value) if value in set(Sensitivity) else Sensitivity.INTERNAL


def _code(taker: Taker, fields: dict[str, Field]) -> CodeRule:
    declared = taker.declared.get("code")
    if declared is None:
        return CodeRule()
    if isinstance(declared, str):
        pattern, matches, at = declared, "", taker
    else:
        at = taker.child("code", "code")
        pattern, matches = at.word("pattern"), at.regex("matches")
    _check_pattern(at, "code" if at is taker else "pattern", pattern, fields)
    return CodeRule(pattern, matches)


def _check_pattern(taker: Taker, key: str, pattern: str, fields: dict[str, Field]) -> None:
    try:
        parts = [(name, form) for _, name, form, _ in string.Formatter().parse(pattern) if name is not None]
    except ValueError as error:
        taker.note("declaration.bad_placeholder", key, {"value": pattern, "allowed": str(error)})
        return
    allowed = [*PLACEHOLDERS, *(name for name, entry in fields.items() if entry.type in _CODED and not entry.many)]
    taker.known(key, [name for name, _ in parts], allowed, "declaration.unknown_placeholder")
    for name, form in parts:
        wrong = not (form or "").isdecimal() or not 1 <= int(form or "0") <= 12 if name == "serial" else bool(form)
        if wrong:
            taker.note("declaration.bad_placeholder", key, {"value": pattern, "allowed": "{serial:1} … {serial:12}, {district}"})
    for name in ("serial", "check"):
        if sum(part == name for part, _ in parts) > 1:
            taker.note("declaration.bad_placeholder", key, {"value": pattern, "allowed": f"1 × {{{name}}}"})


def _states(taker: Taker) -> tuple[State, ...]:
    if "states" not in taker.declared:
        return DEFAULT_STATES
    states: dict[str, State] = {}
    for entry in taker.children("states", "state"):
        code = entry.name("code")
        if code in states:
            entry.note("declaration.duplicate", "code", {"value": code, "allowed": f"{taker.source}:{taker.where('states')}"})
        states[code] = State(code, entry.words("title"), entry.flag("active", True), entry.word("tone", "quiet"))
    return tuple(states.values()) or DEFAULT_STATES


def _style(taker: Taker, fields: dict[str, Field]) -> Style:
    style = taker.child("style", "style")
    icon, by = style.word("icon", PLAIN.icon), style.word("by")
    if icon not in icons():
        style.note("declaration.unknown_icon", "icon", {"value": icon, "nearest": nearest(icon, icons())})
    if by and by != "status":
        style.known("by", [by], [name for name, entry in fields.items() if entry.type is FieldType.CHOICE])
    zoom = int(style.within("zoom", 0, 0, 22) or 0)
    return Style(style.colour("colour", PLAIN.colour), icon, by, style.word("shape", PLAIN.shape), zoom)


def _list(taker: Taker, fields: dict[str, Field]) -> tuple[tuple[str, ...], str]:
    shown = taker.child("list", "list")
    columns, sort = shown.texts("columns"), shown.word("sort", "code")
    names = [*fields, *COMMON]
    shown.known("columns", columns, names)
    shown.known("sort", [sort.removeprefix("-")], names)
    listed = tuple(name for name, entry in fields.items() if entry.listed)
    return columns or ("code", "name", *listed, "district", "status"), sort


def _rules(taker: Taker, names: set[str]) -> tuple[tuple[Expression, Bilingual], ...]:
    read = [(entry.expression("holds", names), entry.words("says")) for entry in taker.children("rules", "rule")]
    return tuple((holds, says) for holds, says in read if holds)


def _duplicates(taker: Taker, fields: dict[str, Field], geometry: str) -> tuple[str, ...]:
    if "duplicates" not in taker.declared:
        return ("name",) if geometry == "none" else ("name", "place")
    values = taker.texts("duplicates")
    known = {"name", *fields, *COMMON}
    if geometry != "none":
        known.add("place")
    if any(entry.check == "uscc" for entry in fields.values()):
        known.add("uscc")
    taker.known("duplicates", values, known)
    return values


def _series(taker: Taker, fields: dict[str, Field]) -> SeriesLink | None:
    if "series" not in taker.declared:
        return None
    series = taker.child("series", "series")
    network, by = series.word("network"), series.word("by", "code")
    if network:
        series.known("network", [network], networks(), "value.unknown_choice")
    links = [name for name, entry in fields.items() if entry.type is FieldType.LINK]
    series.known("by", [by], ["code", *links])
    return SeriesLink(network, by)


def _asking(taker: Taker, register: Register) -> None:
    """What is computed when read cannot be filtered, sorted or searched by, nor decide what may be written."""
    for name in sorted(register.volatile):
        entry = register.fields[name]
        conditions = [field.visible for field in register.fields.values()] + [field.required for field in register.fields.values()]
        uses = {
            "filter": entry.filter,
            "search": bool(entry.search),
            "sort": register.sort.removeprefix("-") == name,
            "rules": name in register.asking and any(name in holds.names for holds, _says in register.rules),
            "visible, required": name in register.asking
            and any(isinstance(when, Expression) and name in when.names for when in conditions),
        }
        for key in (key for key, used in uses.items() if used):
            taker.problems.append(
                Problem("declaration.computed_when_read", {"value": name, "key": key}, Place(taker.source, entry.line, name))
            )


def _circles(taker: Taker, fields: dict[str, Field]) -> None:
    depends = {name: set(entry.formula.names) for name, entry in fields.items() if entry.formula}
    found = circle({name: names & depends.keys() for name, names in depends.items()})
    if found:
        line = fields[found[0]].line
        taker.line, kept = line, taker.line
        taker.note("declaration.circle", "", {"value": " → ".join(found)})
        taker.line = kept

"""Roles as they are declared: who may do what, on which registers and kernels, how far, and how sensitive it may be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bilan.pack.loader import base, read_yaml
from bilan.pack.registers.fields import Sensitivity
from bilan.pack.registers.words import SILENT, Bilingual
from bilan.pack.schema import Reader, settle
from bilan.problems import BilanError, Problem, nearest

FILE = "roles.yaml"
KERNELS = ("telemetry", "casework", "plans", "people", "audit", "settings", "jobs", "packs")
"""Parts of the platform that are no register and that a grant may name."""
REGISTERS, GROUP, KERNEL = "registers/", "group/", "kernel/"
USUAL = (Sensitivity.PUBLIC.value, Sensitivity.INTERNAL.value)
"""What a grant that names no sensitivity is about."""


class Capability(StrEnum):
    """Something a grant allows."""

    SEE = "see"
    EDIT = "edit"
    """Write single entries."""
    IMPORT = "import"
    """Write from files."""
    EXPORT = "export"
    """Take away as a file."""
    UNDO = "undo"
    """Take a change set back."""
    MERGE = "merge"
    """Make one of two entries."""
    BULK = "bulk"
    """Change many entries at once."""
    DECLARE = "declare"
    """Write declarations and load them again."""
    OPERATE = "operate"
    """Command devices, amend and import readings."""
    ADMINISTER = "administer"
    """Register and take over devices and points."""
    CONFIGURE = "configure"
    """Change settings, run jobs."""
    HANDLE = "handle"
    """Take note of alerts, work on cases as their flows allow."""
    ASSIGN = "assign"
    """Give cases to persons, take them over, suppress alerts, start campaigns and drawings."""


class Extent(StrEnum):
    """How far a grant reaches."""

    CITY = "city"
    """Everything of the city."""
    DISTRICT = "district"
    """The person's own districts and towns; the whole city for a person who is limited to none."""
    TOWN = "town"
    """The person's own towns; nothing for a person who has none."""
    ORGANISATION = "organisation"
    """What carries the person's own organisation; nothing for a person who has none."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One line of a role.

    Attributes:
        may: what is allowed.
        on: on what: ``registers/*``, ``registers/NAME``, ``group/GROUP``, ``kernel/KERNEL``.
        extent: how far.
        sensitivities: which entries and fields.
    """

    may: frozenset[Capability]
    on: tuple[str, ...]
    extent: Extent
    sensitivities: frozenset[Sensitivity]

    def on_register(self, name: str, group: str) -> bool:
        """Whether the grant is about a register of a group.

        Examples:
            >>> grant = Grant(frozenset(), ("group/water",), Extent.CITY, frozenset())
            >>> grant.on_register("river-outfall", "water"), grant.on_register("boiler", "air")
            (True, False)
        """
        return any(target in {f"{REGISTERS}*", REGISTERS + name, GROUP + group} for target in self.on)

    @property
    def on_any_register(self) -> bool:
        """Whether the grant is about registers at all."""
        return any(not target.startswith(KERNEL) for target in self.on)


@dataclass(frozen=True, slots=True)
class Role:
    """A role.

    Attributes:
        second_factor: whether who has it must prove with a second factor that it is them.
        excludes: roles that nobody may have together with it.
        source, line: where it is declared.
    """

    code: str
    title: Bilingual
    grants: tuple[Grant, ...]
    about: Bilingual = SILENT
    second_factor: bool = False
    excludes: tuple[str, ...] = ()
    source: str = ""
    line: int = 0


Roles = Mapping[str, Role]


def read_roles(source: Any) -> dict[str, Role]:
    """Read one file of roles.

    Raises:
        BilanError: with every mistake: file, line, value, what is allowed, the nearest.

    Examples:
        >>> read_roles(base("roles.yaml"))["viewer"].title.text("en")
        'Viewer'
    """
    problems: list[Problem] = []
    top = Reader(str(source), read_yaml(source), problems)
    top.only(["roles"])
    found: dict[str, Role] = {}
    for entry in top.items("roles"):
        reader = Reader(top.source, entry, problems, top.where("roles"))
        role = _role(reader)
        if role.code in found:
            reader.note("pack.duplicate", "role", {"value": role.code})
        found[role.code] = role
    settle(problems)
    return found


def load(city_pack: Path | None = None) -> dict[str, Role]:
    """Every role: those of the base pack, replaced and added to by those of the city.

    Raises:
        BilanError: a file is wrong.
    """
    own = city_pack / FILE if city_pack else None
    return read_roles(base(FILE)) | (read_roles(own) if own and own.is_file() else {})


def current(city_pack: Path | None = None) -> Roles:
    """The roles as they stand now: read again whenever the city's file changes; while it is wrong, the last good ones stand."""
    signature = _signature(city_pack)
    kept = _kept.get(city_pack)
    if kept is None or kept[0] != signature:
        try:
            roles = load(city_pack)
        except BilanError:
            roles = kept[1] if kept else load()
        kept = _kept[city_pack] = (signature, roles)
    return kept[1]


def clashes(codes: Collection[str], known: Roles) -> list[tuple[str, str]]:
    """Pairs of roles among `codes` that nobody may have together.

    Examples:
        >>> clashes(["system-administrator", "viewer", "audit-administrator"], load())
        [('audit-administrator', 'system-administrator')]
    """
    barred = {tuple(sorted((code, other))) for code in codes if code in known for other in known[code].excludes if other in codes}
    return sorted((first, second) for first, second in barred)


_kept: dict[Path | None, tuple[tuple[int, int], dict[str, Role]]] = {}


def _signature(city_pack: Path | None) -> tuple[int, int]:
    try:
        state = (city_pack / FILE).stat() if city_pack else None
    except OSError:
        state = None
    return (state.st_mtime_ns, state.st_size) if state else (0, 0)


def _role(reader: Reader) -> Role:
    reader.only(["role", "title", "about", "second_factor", "excludes", "grants"])
    code = reader.text("role")
    if code and not (code.isascii() and code.replace("-", "").isalnum() and code == code.lower()):
        reader.note("pack.wrong_value", "role", {"key": "role", "value": code, "allowed": "a-z 0-9 -"})
    return Role(
        code=code,
        title=_bilingual(reader, "title"),
        about=_bilingual(reader, "about", ""),
        second_factor=reader.flag("second_factor", False),
        excludes=tuple(str(code) for code in reader.items("excludes")),
        grants=tuple(_grant(Reader(reader.source, entry, reader.problems, reader.where("grants"))) for entry in reader.items("grants")),
        source=reader.source,
        line=reader.line,
    )


def _bilingual(reader: Reader, key: str, default: str | None = None) -> Bilingual:
    text = Bilingual.parse(reader.text(key, default))
    if (text.zh or text.en) and not text.complete:
        reader.note("pack.wrong_value", key, {"key": key, "value": text.zh, "allowed": "中文 · English"})
    return text


def _grant(reader: Reader) -> Grant:
    reader.only(["may", "on", "scope", "sensitivity"])
    extents = [entry.value for entry in Extent]
    extent = reader.text("scope", Extent.DISTRICT.value, allowed=extents)
    return Grant(
        may=frozenset(Capability(word) for word in _words(reader, "may", [entry.value for entry in Capability])),
        on=tuple(_words(reader, "on", [f"{REGISTERS}*", *(KERNEL + name for name in KERNELS)], (REGISTERS, GROUP))),
        extent=Extent(extent) if extent in extents else Extent.TOWN,
        sensitivities=frozenset(
            Sensitivity(word) for word in _words(reader, "sensitivity", [entry.value for entry in Sensitivity], usual=USUAL)
        ),
    )


def _words(reader: Reader, key: str, allowed: list[str], beginnings: tuple[str, ...] = (), usual: tuple[str, ...] = ()) -> list[str]:
    """Words of a list, each of which must be allowed or begin with something and go on; what is not is noted and left out."""
    if key not in reader.declared:
        if not usual:
            reader.note("pack.missing_key", "", {"value": key})
        return list(usual)
    kept = []
    for word in map(str, reader.items(key)):
        if word in allowed or any(word.startswith(beginning) and word != beginning for beginning in beginnings):
            kept.append(word)
        else:
            values = {
                "value": word,
                "allowed": [*allowed, *(f"{beginning}…" for beginning in beginnings)],
                "nearest": nearest(word, allowed),
            }
            reader.note("value.unknown_choice", key, values)
    return kept

"""Loading everything that is declared, so that a mistake is found before it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bilan.pack.appraisals import check_appraisals
from bilan.pack.basemaps import basemaps
from bilan.pack.city import DESCRIPTION, City
from bilan.pack.districts import FILE as DISTRICTS
from bilan.pack.districts import read_districts
from bilan.pack.flows import check_flows
from bilan.pack.indicators import check_indicators
from bilan.pack.loader import base, files
from bilan.pack.publishing import publishing
from bilan.pack.quality import read_rules
from bilan.pack.registers.checking import check_registers
from bilan.pack.reports import check_reports
from bilan.pack.roles import FILE as ROLES
from bilan.pack.roles import read_roles
from bilan.pack.rules.loading import check_rules
from bilan.pack.scores import check_scores
from bilan.pack.security import security, sso
from bilan.pack.transport import read_mapping
from bilan.pack.vocab import marks, networks, vocabulary
from bilan.problems import BilanError, Place, Problem, nearest, sentences

Declaration = tuple[str, Callable[[], Any]]
_FOLDERS: dict[str, Callable[[Any], Any]] = {"quality": read_rules, "mqtt": read_mapping}
KNOWN = (
    *_FOLDERS, "registers", "zones", "lists", "vocab", "flow", "flows", "checklists", "documents", "rules", "indicators", "reports",
    "appraisals", "scores",
)  # fmt: skip
"""Folders a pack may have."""


def check_pack(city_pack: Path | None = None) -> Iterator[tuple[str, list[Problem]]]:
    """Load every declaration of the base pack and of a city's pack.

    Args:
        city_pack: pack folder of the city; only the base pack without it.

    Yields:
        Name of each declaration and what is wrong with it.
    """
    for name, load in [*_base(), *(_city(city_pack) if city_pack else [])]:
        try:
            load()
        except BilanError as error:
            yield name, list(error.problems)
        else:
            yield name, []
    yield from check_registers(city_pack)
    yield from check_flows(city_pack)
    yield from check_rules(city_pack)
    yield from check_indicators(city_pack)
    yield from check_reports(city_pack)
    yield from check_appraisals(city_pack)
    yield from check_scores(city_pack)


def check_description(city: City) -> tuple[str, list[Problem]]:
    """Check what ``city.toml`` says of base maps, security, single sign-on and publishing.

    Returns:
        Name of the file and what is wrong with it.
    """
    file = str(city.folder / DESCRIPTION)
    problems: list[Problem] = []
    tables = (partial(security, city.security), partial(sso, city.sso), partial(publishing, city.publishing))
    for load in (partial(basemaps, city.basemaps), *tables):
        try:
            load(file)
        except BilanError as error:
            problems += error.problems
    return DESCRIPTION, problems


def _base() -> list[Declaration]:
    tables: list[Declaration] = [
        ("vocab/parameters.csv", vocabulary),
        ("vocab/networks.csv", networks),
        ("quality/marks.csv", marks),
        (ROLES, partial(read_roles, base(ROLES))),
        ("problems", _both_languages),
    ]
    return tables + _rules(base())


def _city(folder: Path) -> list[Declaration]:
    if not folder.is_dir():
        return []
    strange = [entry.name for entry in folder.iterdir() if entry.is_dir() and nearest(entry.name, KNOWN) and entry.name not in KNOWN]
    named: list[Declaration] = [(name, partial(_misnamed, folder, name)) for name in strange]
    roles: list[Declaration] = [(ROLES, partial(read_roles, folder / ROLES))] if (folder / ROLES).is_file() else []
    tables: list[Declaration] = [(DISTRICTS, partial(read_districts, folder / DISTRICTS))] if (folder / DISTRICTS).is_file() else []
    return named + roles + tables + _rules(folder)


def _rules(root: Any) -> list[Declaration]:
    return [
        (f"{kind}/{entry.name}", partial(read, entry)) for kind, read in _FOLDERS.items() for entry in files(root.joinpath(kind), ".yaml")
    ]


def _misnamed(folder: Path, name: str) -> None:
    values = {"value": name, "allowed": list(KNOWN), "nearest": nearest(name, KNOWN)}
    raise BilanError(Problem("value.unknown_choice", values, Place(str(folder))))


def _both_languages() -> None:
    """Every sentence exists in both languages and names the same values."""
    silent = [code for code, texts in sentences().items() if not all(texts)]
    if silent:
        raise BilanError(*(Problem("pack.missing_key", {"value": code}) for code in silent))

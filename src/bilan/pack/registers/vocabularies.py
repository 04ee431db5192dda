"""Reading the vocabularies that choices are made from, and the groups of the tree of registers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path

from bilan.pack.loader import read_csv
from bilan.pack.registers.circles import circle
from bilan.pack.registers.icons import icons
from bilan.pack.registers.model import Group, Term, Vocabulary
from bilan.pack.registers.taking import COLOUR, SLUG, is_date
from bilan.pack.registers.words import Bilingual
from bilan.pack.vocab import networks
from bilan.problems import Place, Problem, nearest

COLUMNS = ("code", "zh", "en")
OPTIONAL = ("parent", "valid_from", "valid_to", "colour", "source", "confidence")
NETWORKS = "network"
"""Vocabulary made of the monitoring networks."""


def read_vocabulary(source: Traversable | Path, problems: list[Problem]) -> Vocabulary:
    """Read one file of ``vocab/choices`` and note what is wrong with its rows.

    Raises:
        BilanError: the file cannot be read as a table with the columns code, zh, en.
    """
    rows = read_csv(source, COLUMNS)
    name = Path(source.name).stem
    if rows:
        _check_header(rows[0], str(source), problems)
    places = {row["code"]: Place(str(source), line) for line, row in reversed(list(enumerate(rows, start=2)))}
    for line, row in enumerate(rows, start=2):
        _check_term(row, Place(str(source), line), places, problems)
    terms = {row["code"]: _term(row) for row in rows}
    for found in _circles(terms):
        problems.append(Problem("declaration.parent_circle", {"value": " → ".join(found)}, places[found[0]]))
    return Vocabulary(name, tuple(terms.values()))


def network_vocabulary() -> Vocabulary:
    """The monitoring networks as a vocabulary."""
    terms = (Term(code, Bilingual(entry.name_zh, entry.name_en)) for code, entry in networks().items())
    return Vocabulary(NETWORKS, tuple(terms))


def read_groups(source: Traversable | Path, problems: list[Problem]) -> dict[str, Group]:
    """Read ``registers/groups.csv``.

    Raises:
        BilanError: the file cannot be read, or a column is missing.
    """
    groups: dict[str, Group] = {}
    for line, row in enumerate(read_csv(source, ("code", "zh", "en", "icon", "order")), start=2):
        place = Place(str(source), line)
        title = Bilingual(row["zh"], row["en"])
        if row["code"] in groups:
            problems.append(Problem("pack.duplicate", {"value": row["code"]}, place))
        if not SLUG.fullmatch(row["code"]):
            problems.append(Problem("declaration.bad_name", {"value": row["code"], "allowed": "- _"}, place))
        if not title.complete:
            problems.append(Problem("declaration.not_bilingual", {"key": row["code"], "value": f"{title.zh} · {title.en}"}, place))
        if row["icon"] not in icons():
            problems.append(Problem("declaration.unknown_icon", {"value": row["icon"], "nearest": nearest(row["icon"], icons())}, place))
        if not row["order"].isdecimal():
            problems.append(Problem("value.not_a_number", {"value": row["order"]}, place))
        groups[row["code"]] = Group(row["code"], title, row["icon"], int(row["order"]) if row["order"].isdecimal() else 0)
    return groups


def _check_header(row: Mapping[str, str], source: str, problems: list[Problem]) -> None:
    allowed = (*COLUMNS, *OPTIONAL)
    for column in row:
        if column not in allowed:
            values = {"value": column, "allowed": allowed, "nearest": nearest(column, allowed)}
            problems.append(Problem("pack.unknown_key", values, Place(source, 1, column)))


def _check_term(row: Mapping[str, str], place: Place, places: Mapping[str, Place], problems: list[Problem]) -> None:
    def note(code: str, column: str, values: dict[str, object]) -> None:
        problems.append(Problem(code, values, Place(place.file, place.row, column)))

    code, parent = row["code"], row.get("parent", "")
    if not code:
        note("pack.missing_key", "code", {"value": "code"})
    elif places[code].row != place.row:
        note("declaration.duplicate", "code", {"value": code, "allowed": f"{place.file}:{places[code].row}"})
    if not (row["zh"] and row["en"]):
        note("declaration.not_bilingual", "zh" if row["en"] else "en", {"key": code, "value": f"{row['zh']} · {row['en']}"})
    if parent and parent not in places:
        note("value.unknown_choice", "parent", {"value": parent, "allowed": ["…"], "nearest": nearest(parent, places)})
    colour = row.get("colour", "")
    if colour and not COLOUR.fullmatch(colour):
        note("declaration.bad_colour", "colour", {"value": colour})
    for column in ("valid_from", "valid_to"):
        if row.get(column) and not is_date(row[column]):
            note("declaration.bad_date", column, {"value": row[column]})
    begins, ends = row.get("valid_from", ""), row.get("valid_to", "")
    if begins and ends and begins > ends:
        note("declaration.wrong_order", "valid_from", {"key": "valid_from / valid_to", "value": begins, "allowed": ends})


def _term(row: Mapping[str, str]) -> Term:
    return Term(row["code"], Bilingual(row["zh"], row["en"]), **{name: row.get(name, "") for name in OPTIONAL})


def _circles(terms: Mapping[str, Term]) -> Iterable[list[str]]:
    found = circle({code: [term.parent] if term.parent in terms else [] for code, term in terms.items()})
    return [found] if found else []

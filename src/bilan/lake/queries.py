"""Queries taken apart: which tables, functions and parameters they name, before anything is run."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from bilan.pack.loader import base, read_csv
from bilan.problems import BilanError, Place, Problem, nearest

LONGEST = 20_000
"""Most characters of a query."""
DEEPEST = 240
"""Most levels of a query's tree; an expression within another adds some three."""
REGISTERS, HISTORY = "registers", "history"
_SCHEMAS = {"", "main", REGISTERS, HISTORY}
_REFUSED = {"SHOW_REF": "DESCRIBE / SHOW", "COLUMN_DATA": "COLUMN_DATA"}
_LINE = re.compile(r"LINE (\d+):")
_TABLE = "table"


@dataclass(frozen=True)
class Query:
    """One SELECT, taken apart.

    Attributes:
        tables: names as `bilan.pack.indicators.tables` and the registers give them.
        parameters: names that stand as ``$name``.
        tree: the query as DuckDB writes it in JSON.
    """

    sql: str
    tables: frozenset[str]
    parameters: frozenset[str]
    tree: Mapping[str, Any]


@cache
def functions() -> dict[str, frozenset[str]]:
    """Groups of the functions that queries may use, by name."""
    found: dict[str, set[str]] = {}
    for row in read_csv(base("indicators", "functions.csv"), ("function", "group")):
        found.setdefault(row["function"], set()).add(row["group"])
    return {name: frozenset(groups) for name, groups in found.items()}


def parse(sql: str, known: Collection[str], given: Collection[str], file: str = "", line: int = 1) -> Query:
    """Take a query apart and insist on what it may name.

    Args:
        sql: one SELECT.
        known: names of the tables.
        given: names of the parameters.
        file, line: where it stands, for problems.

    Raises:
        BilanError: it is no SELECT, or names a table, function or parameter that is not there; each with line and nearest name.

    Examples:
        >>> sorted(parse("with a as (from air_days) select count(*) from a where day > $begin", ["air_days"], ["begin"]).tables)
        ['air_days']
    """
    place = _Placer(sql, file, line)
    tree = _tree(sql, place)
    problems: list[Problem] = []
    defined = {entry["key"].lower() for node in nodes(tree) for entry in node.get("cte_map", {}).get("map", ())}
    tables: set[str] = set()
    parameters: set[str] = set()
    called = {id(node["function"]) for node in nodes(tree) if node.get("type") == "TABLE_FUNCTION"}
    for node in nodes(tree):
        kind = node.get("type")
        if kind == "BASE_TABLE":
            name = _name(node)
            if name.lower() in defined:
                continue
            tables.add(_settled(name, known, node, place, problems))
        elif kind in _REFUSED:
            problems.append(Problem("indicators.not_select", {"value": _REFUSED[kind]}, place.of(node)))
        elif node.get("class") == "PARAMETER":
            parameters.add(node["identifier"])
            _known_parameter(node, given, place, problems)
        elif "function_name" in node:
            _known_function(node, place, problems, table=id(node) in called)
    if problems:
        raise BilanError(*problems)
    return Query(sql, frozenset(tables), frozenset(parameters), tree)


def texts(query: Query) -> frozenset[str]:
    """Every text that stands in a query as a constant.

    Examples:
        >>> sorted(texts(parse("select count(*) from t where a in ('x', 'y')", ["t"], [])))
        ['x', 'y']
    """
    literals = (node["literal"] for node in nodes(query.tree) if node.get("class") == "CONSTANT" and "literal" in node)
    return frozenset(str(literal["text"]) for literal in literals if literal.get("kind") == "STRING")


def refused(error: duckdb.Error, sql: str, known: Collection[str] = (), file: str = "", line: int = 1) -> Problem:
    """What DuckDB said against a query, as a problem with its line and the nearest name.

    Args:
        known: columns that could have been meant.
    """
    text = str(error)
    found = _LINE.search(text)
    place = Place(file, line + (int(found[1]) - 1 if found else 0))
    column = re.search(r'[Cc]olumn (?:named )?"([^"]+)"(?! with)', text)
    if isinstance(error, duckdb.BinderException) and column and "find" not in text[:20]:
        candidates = [*known, *re.findall(r'"([^"]+)"', text.partition("Candidate bindings:")[2].partition("\n")[0])]
        return Problem("indicators.unknown_column", {"value": column[1], "nearest": nearest(column[1], candidates)}, place)
    said = text.partition("\n\n")[0].partition(": ")[2] or text
    return Problem("indicators.failed", {"value": said.partition("\n")[0][:300]}, place)


def _tree(sql: str, place: _Placer) -> Mapping[str, Any]:
    if len(sql) > LONGEST:
        raise BilanError(Problem("indicators.too_long", {"value": len(sql), "allowed": LONGEST}, place.at(1)))
    try:
        found: Mapping[str, Any] = json.loads(_ask("select json_serialize_sql(?)", sql))
    except RecursionError as error:
        raise BilanError(Problem("indicators.too_deep", {"allowed": DEEPEST}, place.at(1))) from error
    except duckdb.Error as error:
        raise BilanError(refused(error, sql, file=place.file, line=place.line)) from error
    if found.get("error"):
        said = str(found.get("error_message", ""))
        where = int(found.get("position") or 0)
        if found.get("error_type") == "not implemented":
            raise BilanError(Problem("indicators.not_select", {"value": said}, place.at(1)))
        raise BilanError(Problem("indicators.not_sql", {"value": said}, place.offset(where)))
    if len(found["statements"]) != 1:
        raise BilanError(Problem("indicators.not_select", {"value": len(found["statements"])}, place.at(1)))
    if _depth(found) > DEEPEST:
        raise BilanError(Problem("indicators.too_deep", {"allowed": DEEPEST}, place.at(1)))
    return found


def _depth(tree: Any) -> int:
    """Levels of a tree, found without recursion."""
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [part for node in level if isinstance(node, dict | list) for part in (node.values() if isinstance(node, dict) else node)]
    return depth


def written(tree: Mapping[str, Any]) -> str:
    """The SQL of a tree.

    Examples:
        >>> written(parse("select  1", [], []).tree)
        'SELECT 1'
    """
    return _ask("select json_deserialize_sql(?)", json.dumps(tree))


def _ask(sql: str, text: str) -> str:
    """One text from DuckDB's own parser."""
    with _parser().cursor() as cursor:
        row = cursor.execute(sql, [text]).fetchone()
    return str(row[0]) if row else ""


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"threads": 1})


def nodes(tree: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping of the tree, without recursion: a query may be nested deeply."""
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield node
            left.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            left.extend(reversed(node))


def _name(node: Mapping[str, Any]) -> str:
    schema = node["schema_name"]
    name = node["table_name"]
    if node["catalog_name"]:
        return f"{node['catalog_name']}.{schema}.{name}"
    return name if schema in ("", "main") else f"{schema}.{name}"


def _settled(name: str, known: Collection[str], node: Mapping[str, Any], place: _Placer, problems: list[Problem]) -> str:
    for wanted in (name, name.lower(), name.lower().replace("-", "_")):
        if wanted in known:
            return wanted
    if "/" in name or node["schema_name"] not in _SCHEMAS or node["catalog_name"]:
        problems.append(Problem("indicators.outside_table", {"value": name}, place.of(node)))
    else:
        own = sorted(entry for entry in known if "." not in entry)
        values = {"value": name, "allowed": own, "nearest": nearest(name.lower(), known)}
        problems.append(Problem("indicators.unknown_table", values, place.of(node)))
    return name


def _known_function(node: Mapping[str, Any], place: _Placer, problems: list[Problem], *, table: bool) -> None:
    name = str(node["function_name"]).lower()
    groups = functions().get(name, frozenset())
    if not (_TABLE in groups if table else groups - {_TABLE}) or node.get("schema") not in ("", None):
        values = {"value": name, "nearest": nearest(name, functions())}
        problems.append(Problem("indicators.unknown_function", values, place.of(node)))


def _known_parameter(node: Mapping[str, Any], given: Collection[str], place: _Placer, problems: list[Problem]) -> None:
    name = node["identifier"]
    if name not in given:
        values = {"value": name, "allowed": [f"${entry}" for entry in sorted(given)], "nearest": nearest(name, given)}
        problems.append(Problem("indicators.unknown_parameter", values, place.of(node)))


class _Placer:
    """Tells the line of the file that a byte of the query stands on."""

    def __init__(self, sql: str, file: str, line: int) -> None:
        self.file, self.line = file, line
        self._bytes = sql.encode()

    def of(self, node: Mapping[str, Any]) -> Place:
        """Where a node stands."""
        return self.offset(int(node.get("query_location", 0)))

    def offset(self, position: int) -> Place:
        """Where a byte stands."""
        return self.at(1 + (self._bytes[:position].count(b"\n") if position <= len(self._bytes) else 0))

    def at(self, line: int) -> Place:
        """A line of the query, counted from 1."""
        return Place(self.file, self.line + line - 1)

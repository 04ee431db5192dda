"""Which queries mean the same on DuckDB and on Spark, so that one text runs on a machine and on a cluster."""

from __future__ import annotations

import re
from functools import cache

from bilan.lake.queries import Query, nodes
from bilan.pack.loader import base, read_csv

_WRITTEN = {"quantile_cont": "percentile_cont", "quantile_disc": "percentile_disc"}
"""DuckDB's parser gives both spellings the first name; only the second is known to Spark."""
_WRITTEN_OTHERWISE = re.compile(r"('(?:[^']|'')*')|\$(\w+)|(?<![\w.])(\d+\.\d+)(?![\w.])")


@cache
def functions() -> frozenset[str]:
    """Functions and operators that give the same on both."""
    return frozenset(row["function"] for row in read_csv(base("indicators", "portable.csv"), ("function", "meaning")))


def hindrances(query: Query) -> list[str]:
    """What in a query only DuckDB knows, in order; a query without any runs on Spark as it stands.

    Args:
        query: taken apart by `bilan.lake.queries.parse`.

    Examples:
        >>> from bilan.lake.queries import parse
        >>> hindrances(parse("select year // 5 as lustrum, max(aqi) from air_days group by all", ["air_days"], []))
        ['//']
        >>> hindrances(parse("select percentile_cont(0.9) within group (order by o3_8h) from air_days", ["air_days"], []))
        []
    """
    found: set[str] = set()
    sql = query.sql.lower()
    for node in nodes(query.tree):
        name = str(node.get("function_name", "")).lower()
        if node.get("type") == "TABLE_FUNCTION":
            found.add(str(node["function"]["function_name"]).lower())
        elif name and (name not in functions() or (name in _WRITTEN and _WRITTEN[name] not in sql)):
            found.add(name)
        elif node.get("class") == "LAMBDA":
            found.add("lambda")
    return sorted(found)


def for_spark(sql: str) -> str:
    """A query with its parameters and its fractions written as Spark takes them; nothing else is changed.

    A fraction is a decimal to Spark, and what is computed with it is cut to a few places; to DuckDB a quotient is floating-point.

    Examples:
        >>> for_spark("select '$5' as price, 100.0 * sum(value) from figures where day >= $begin")
        "select '$5' as price, 100.0D * sum(value) from figures where day >= :begin"
    """

    def written(found: re.Match[str]) -> str:
        text, parameter, fraction = found.groups()
        return text or (f":{parameter}" if parameter else f"{fraction}D")

    return _WRITTEN_OTHERWISE.sub(written, sql)

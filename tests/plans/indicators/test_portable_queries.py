"""Which indicators of the base pack run on Spark as they stand, and why the others do not."""

from __future__ import annotations

from bilan.lake.portable import for_spark, hindrances
from bilan.lake.queries import parse
from bilan.pack.indicators import current

GIVEN = ("begin", "end", "today")
ONLY_DUCKDB = {"drinking-source-share": ["round_even"]}


class Anything:
    """Every name is a table's."""

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self):
        return iter(())


def test_all_but_one_indicator_are_portable() -> None:
    found = {}
    for indicator in current(None):
        why = hindrances(parse(indicator.sql, Anything(), (*GIVEN, *indicator.parameters)))
        if why:
            found[indicator.name] = why
    assert found == ONLY_DUCKDB


def test_only_parameters_are_written_otherwise() -> None:
    sql = "select '$begin' as text from t where day >= $begin and name = 'it''s $x'"
    assert for_spark(sql) == "select '$begin' as text from t where day >= :begin and name = 'it''s $x'"

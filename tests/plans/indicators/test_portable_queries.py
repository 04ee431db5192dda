"""The indicators of the base pack run on Spark as they stand."""

from __future__ import annotations

from bilan.lake.portable import for_spark, hindrances
from bilan.lake.queries import parse
from bilan.pack.indicators import current

GIVEN = ("begin", "end", "today")


class Anything:
    """Every name is a table's."""

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self):
        return iter(())


def test_every_indicator_is_portable() -> None:
    parsed = {entry.name: parse(entry.sql, Anything(), (*GIVEN, *entry.parameters)) for entry in current(None)}
    assert {name: why for name, query in parsed.items() if (why := hindrances(query))} == {}


def test_only_parameters_are_written_otherwise() -> None:
    sql = "select '$begin' as text from t where day >= $begin and name = 'it''s $x'"
    assert for_spark(sql) == "select '$begin' as text from t where day >= :begin and name = 'it''s $x'"

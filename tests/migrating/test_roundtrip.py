"""What any value becomes on a real server and when it is read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilan.migrating.columns import Column, Kind, fault, sent
from bilan.migrating.digests import Digest, taking
from bilan.migrating.source import Table
from bilan.migrating.target import Target, connected
from tests import stores
from tests.migrating.test_columns import VALUES
from tests.postgres import new_database

TABLE = Table(
    "held",
    (
        Column("id", Kind.WHOLE, 2**63),
        Column("name", Kind.TEXT, 40),
        Column("value", Kind.REAL),
        Column("archived", Kind.BOOLEAN),
        Column("made", Kind.MOMENT),
        Column("day", Kind.PLAIN),
        Column("data", Kind.JSON),
        Column("file", Kind.BYTES),
    ),
)
ROWS = st.lists(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1),
        st.none() | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40),
        st.none() | st.floats(allow_nan=False),
        st.none() | st.integers(0, 1),
        st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.isoformat(sep=" ")),
        st.none() | st.dates().map(lambda day: day.isoformat()),
        st.none() | VALUES.map(json.dumps).filter(lambda text: "\\u0000" not in text and "\\ud" not in text),
        st.none() | st.binary(max_size=20),
    ),
    max_size=6,
)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with stores.server() as server, new_database(server) as url:
        with psycopg.connect(url) as made:
            made.execute(
                "CREATE TABLE held (id bigint, name varchar(40), value double precision, archived boolean, "
                "made timestamptz, day date, data jsonb, file bytea)"
            )
        with connected(url) as opened:
            yield opened


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_whatever_is_not_refused_comes_back_the_same(target: Target, rows: list[tuple[object, ...]]) -> None:
    assert not [fault(column, value) for row in rows for column, value in zip(TABLE.columns, row, strict=True) if fault(column, value)]
    before = Digest()
    with target.refilling([TABLE]):
        taken = taking(before, TABLE.columns, rows)
        target.copy(TABLE, ([sent(column, value) for column, value in zip(TABLE.columns, row, strict=True)] for row in taken))
    assert target.digest(TABLE) == before


def test_a_moment_is_that_of_utc(target: Target) -> None:
    assert sent(Column("made", Kind.MOMENT), "2026-03-01 08:00:00.000001") == datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=UTC)

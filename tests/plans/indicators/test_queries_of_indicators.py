"""What queries may name: the documented tables, safe functions, declared parameters, and nothing outside."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bilan.lake.queries import LONGEST, functions, parse
from bilan.problems import BilanError

TABLES = ("air_days", "registers.village", "history.village")
GIVEN = ("begin", "end", "limit")


def refusals(sql: str) -> list[tuple[str, str, str, int | None]]:
    with pytest.raises(BilanError) as refused:
        parse(sql, TABLES, GIVEN, "a.sql", 10)
    found = refused.value.problems
    assert all(problem.text("en") and problem.text("zh-hans") for problem in found)
    rows = [problem.place.row if problem.place else None for problem in found]
    return [
        (problem.code, str(problem.values.get("value", "")), str(problem.values.get("nearest", "")), row)
        for problem, row in zip(found, rows, strict=True)
    ]


def test_tables_and_parameters_are_found_wherever_they_stand() -> None:
    query = parse(
        """with a as (select * from Air_Days where day >= $begin)
        select (select count(*) from registers."village") + count(*) as value
        from a join history.village v on exists (select 1 from a where grade < $limit)""",
        TABLES,
        GIVEN,
    )
    assert query.tables == set(TABLES)
    assert query.parameters == {"begin", "limit"}


def test_what_is_not_there_is_told_with_line_and_nearest_name() -> None:
    assert refusals("select 1\nfrom air_dais") == [("indicators.unknown_table", "air_dais", "air_days", 11)]
    assert refusals("select 1\n\nfrom registers.vilage") == [("indicators.unknown_table", "registers.vilage", "registers.village", 12)]
    assert refusals("select\n  medan(aqi)\nfrom air_days") == [("indicators.unknown_function", "medan", "median", 11)]
    assert refusals("select 1 from air_days where grade < $limt") == [("indicators.unknown_parameter", "limt", "limit", 10)]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from read_parquet('https://example.org/a.parquet')",
        "select * from glob('/*')",
        "select * from duckdb_settings()",
        "select * from information_schema.tables",
        "select * from pg_catalog.pg_class",
        "select * from query('select 1')",
        "select * from query_table('air_days')",
        "select * from sqlite_master",
        "select getenv('HOME')",
        "select current_setting('threads')",
        "select nextval('a')",
        "select random() from air_days",
        "select now() from air_days",
        "select list_sum(range(1000000000))",
        "select repeat('x', 1000000000)",
        "select json_serialize_sql('select 1')",
        "select pg_sleep(10)",
        "from temp.main.air_days",
        "describe air_days",
        "show tables",
        "attach '/tmp/a.db'",
        "copy air_days to '/tmp/a.csv'",
        "create table a as select 1",
        "insert into air_days select * from air_days",
        "delete from air_days",
        "set threads = 9",
        "install httpfs",
        "pragma database_list",
        "select 1; select 2",
        "selec 1",
        "",
        "(" * 5000 + "1" + ")" * 5000,
        "select 1 --" + "x" * LONGEST,
        "select * from " + "(select * from " * 1200 + "air_days" + ")" * 1200,
        "select " + "abs(" * 900 + "1" + ")" * 900,
    ],
)
def test_nothing_else_can_be_asked(sql: str) -> None:
    assert refusals(sql)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["select", "from", "air_days", "where", "(", ")", "*", ",", "'", "--", "/*", "$", "$begin", "1", ";", "union", "\x00", "é"]
        ),
        max_size=14,
    )
)
def test_whatever_is_written_is_taken_or_refused(words: list[str]) -> None:
    try:
        query = parse(" ".join(words), TABLES, GIVEN)
    except BilanError:
        return
    assert query.tables <= set(TABLES)


def test_every_function_allowed_is_one_that_the_database_has() -> None:
    with duckdb.connect() as database:
        rows = database.execute("select distinct function_name from duckdb_functions()").fetchall()
    syntax = {"!", "coalesce", "extract", "ifnull", "period_of"}
    assert not set(functions()) - {row[0] for row in rows} - syntax

"""The room that queries run in holds what it is given, stops what takes too much, and reaches nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from bilan.lake.queries import Query, parse
from bilan.plans.indicators.sandbox import Limits, Sandbox
from bilan.problems import BilanError

FRAME = pl.DataFrame({"district": ["a", "b"], "grade": [1, 3]})
TABLES = {"air_days": FRAME, "registers.village": FRAME}


def said(sandbox: Sandbox, query: Query) -> tuple[str, str]:
    with pytest.raises(BilanError) as refused:
        sandbox.run(query, {}, "a.sql", 5)
    problem = refused.value.problems[0]
    assert problem.text("en")
    assert problem.text("zh-hans")
    return problem.code, problem.text("en")


def test_it_answers_from_the_tables_it_was_given() -> None:
    with Sandbox(TABLES) as sandbox:
        query = parse(
            "select a.district, v.grade from air_days a join registers.village v using (district) where v.grade > $least", TABLES, ["least"]
        )
        assert sandbox.run(query, {"least": 2, "unused": 1}).dicts() == [{"district": "b", "grade": 3}]


def test_a_query_that_would_run_forever_is_stopped_and_the_next_one_answered() -> None:
    with Sandbox(TABLES, Limits(seconds=0.3)) as sandbox:
        endless = "select count(*) as n from generate_series(1, 1000000) a(x), generate_series(1, 1000000) b(y) where x + y = 3 * x"
        assert said(sandbox, parse(endless, TABLES, []))[0] == "indicators.too_slow"
        recursive = "with recursive r as (select 1 as n union all select (n + 1) % 7 from r) select count(*) from r"
        assert said(sandbox, parse(recursive, TABLES, []))[0] in {"indicators.too_slow", "indicators.too_large"}
        assert sandbox.run(parse("select count(*) as n from air_days", TABLES, []), {}).rows == [(2,)]


def test_memory_and_rows_are_limited() -> None:
    with Sandbox(TABLES, Limits(memory="40MB", rows=10)) as sandbox:
        assert said(sandbox, parse("select x from generate_series(1, 100) a(x)", TABLES, []))[0] == "indicators.too_many_rows"
        large = "select array_agg(x::varchar || 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') as all_ from generate_series(1, 3000000) a(x)"
        assert said(sandbox, parse(large, TABLES, []))[0] in {"indicators.too_large", "indicators.failed"}


def test_a_wrong_column_is_told_with_its_line_and_the_nearest() -> None:
    with Sandbox(TABLES) as sandbox:
        code, sentence = said(sandbox, parse("select\n  grad\nfrom air_days", TABLES, []))
    assert code == "indicators.unknown_column"
    assert sentence == 'a.sql, row 6: there is no column "grad" (nearest: grade)'


def test_even_what_slips_through_reaches_no_file_and_no_setting(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with Sandbox(TABLES) as sandbox:
        for sql in (
            f"select * from read_csv('{secret}')",
            f"select * from '{secret}'",
            f"copy air_days to '{tmp_path / 'out.csv'}'",
            f"attach '{tmp_path / 'a.db'}'",
            "set enable_external_access = true",
            "set memory_limit = '100GB'",
            "install httpfs",
            "select * from FRAME",
        ):
            with pytest.raises((BilanError, duckdb.Error)):
                sandbox.run(Query(sql, frozenset(), frozenset(), {}), {})
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]

"""The rows that were refused, with the reason beside each cell."""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from bilan.telemetry.readers.planning import ImportPlan

_WORDS = {"zh-hans": ("行", "原因", "整行"), "en": ("row", "reason", "whole row")}


def error_table(plan: ImportPlan, language: str = "zh-hans") -> pl.DataFrame:
    """Give the refused rows as they stand in the file, each column that has a problem followed by one with the reasons.

    Args:
        plan: from `plan_import`.
        language: of the reasons.
    """
    row_word, reason_word, whole_word = _WORDS["en" if language == "en" else "zh-hans"]
    reasons: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    columns = plan.table.raw.columns
    for row in plan.refused_rows:
        for problem in plan.problems[row]:
            column = problem.place.column if problem.place else ""
            bare = type(problem)(problem.code, problem.values).text(language)
            reasons[column if column in columns else ""][row].append(bare)
    numbers = plan.table.frame["row"].cast(pl.Int64)
    chosen = numbers.is_in(plan.refused_rows)
    rows = numbers.filter(chosen)
    cells = plan.table.raw.filter(chosen)
    shown = [rows.alias(row_word)]
    for column in columns:
        shown.append(cells[column])
        if column in reasons:
            shown.append(_texts(reasons[column], rows, f"{column} · {reason_word}"))
    if "" in reasons:
        shown.append(_texts(reasons[""], rows, f"{whole_word} · {reason_word}"))
    return pl.DataFrame(_unique(shown))


def _texts(by_row: dict[int, list[str]], rows: pl.Series, name: str) -> pl.Series:
    return pl.Series(name, ["; ".join(by_row.get(row, [])) for row in rows.to_list()], pl.String)


def _unique(columns: list[pl.Series]) -> list[pl.Series]:
    names: dict[str, int] = defaultdict(int)
    unique = []
    for column in columns:
        names[column.name] += 1
        unique.append(column if names[column.name] == 1 else column.alias(f"{column.name} ({names[column.name]})"))
    return unique

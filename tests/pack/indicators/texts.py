"""Indicators as tests write them."""

from __future__ import annotations

from pathlib import Path

FRONT = """/*
indicator: {name}
title: 晴天 · Fine days
about: 测试 · For tests
unit: d
direction: up
period: {period}
also: {also}
by: [city, district]
missing: {missing}
version: "{version}"
{more}
*/
"""
COUNT = """select district, period_of(day) as period, count(*) filter (where grade <= $limit) as value, count(*) as rows
from air_days
where day between $begin and $end
group by all
"""
LIMIT = "parameters: {limit: {value: 2, title: 级别 · Level}}"


def text(
    sql: str = COUNT,
    name: str = "fine",
    *,
    period: str = "year",
    also: str = "[quarter, month]",
    missing: str = "none",
    version: str = "1",
    more: str = LIMIT,
) -> str:
    """The file of an indicator."""
    return FRONT.format(name=name, period=period, also=also, missing=missing, version=version, more=more) + sql


def put(pack: Path, file: str, content: str) -> Path:
    """Write a file into a city's pack."""
    path = pack / "indicators" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path

"""Where findings are: what points and entries know of themselves and an evaluation does not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from bilan.registers.models import Entry
from bilan.registers.portions import portions
from bilan.telemetry.model import Point

PLACE = {"lon": pl.Float64, "lat": pl.Float64, "town": pl.String, "name_en": pl.String}
Place = tuple[tuple[str, ...], float | None, float | None, str, str]
KEY = ("register", "code")


def placed(findings: pl.DataFrame, points: Iterable[Point]) -> pl.DataFrame:
    """Findings with longitude, latitude, town and English name, of their point or their entry, as far as these have them.

    Parameters:
        findings: columns ``point``, ``register`` and ``code``.
        points: of the city.
    """
    if findings.is_empty():
        return findings
    by_point = _frame(("point",), [((point.code,), point.lon, point.lat, "", point.name_en) for point in points])
    by_entry = _frame(KEY, _entries(findings.select(KEY).unique().rows()))
    joined = findings.join(by_point, on="point", how="left").join(by_entry, on=list(KEY), how="left", suffix="_entry")
    return joined.with_columns(pl.coalesce(name, f"{name}_entry").alias(name) for name in PLACE).drop(f"{name}_entry" for name in PLACE)


def _frame(key: tuple[str, ...], rows: Iterable[Place]) -> pl.DataFrame:
    schema: Mapping[str, Any] = {**dict.fromkeys(key, pl.String), **PLACE}
    made = [(*names, lon, lat, town or None, english or None) for names, lon, lat, town, english in rows]
    return pl.DataFrame(made, schema=schema, orient="row")


def _entries(wanted: Iterable[tuple[Any, ...]]) -> list[Place]:
    codes: dict[str, list[str]] = defaultdict(list)
    for register, code in wanted:
        if register and code:
            codes[register].append(code)
    found: list[Place] = []
    for register, listed in codes.items():
        for part in portions(listed):
            about = Entry.objects.filter(register=register, code__in=part).values_list("code", "lon", "lat", "town")
            found += [((register, code), lon, lat, town, "") for code, lon, lat, town in about]
    return found

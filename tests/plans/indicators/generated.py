"""Days of air that are made so that answers are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import polars as pl

from bilan.pack.indicators import Catalogue
from bilan.pack.indicators.reading import indicator_of
from bilan.plans.indicators.tables import Tables
from tests.pack.indicators.texts import text
from tests.web.running import Site

TODAY = date(2026, 7, 11)
DISTRICTS = ("350502", "350503", "350582")


def days(first: date, last: date, grade: Callable[[date], int], district: str = "") -> pl.DataFrame:
    """Every day of a span with the grade that a function gives."""
    span = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    return pl.DataFrame(
        {"district": [district] * len(span), "day": span, "grade": [grade(day) for day in span], "valid": [True] * len(span)}
    )


def tables(site: Site, given: Mapping[str, pl.DataFrame], today: date = TODAY) -> Tables:
    """The tiny city's tables, some of them given."""
    return Tables(site.city, site.store, today, given)


def catalogue(*texts: str) -> Catalogue:
    """Indicators from their texts, versions of one name in the order given."""
    found: dict[str, tuple[object, ...]] = {}
    for content in texts or (text(),):
        indicator, problems = indicator_of(content, "fine.sql")
        assert not [problem for problem in problems if problem.code != "declaration.file_name"]
        found[indicator.name] = (*found.get(indicator.name, ()), indicator)
    return Catalogue(found)  # type: ignore[arg-type]

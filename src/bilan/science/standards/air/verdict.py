"""From concentrations to the verdict: indices of the pollutants, their maximum, level, primary pollutants and what bent the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import narwhals as nw

from bilan.science.engine import AnyFrame, with_missing
from bilan.science.standards.air.categories import categories, level_of
from bilan.science.standards.air.iaqi import index_of, scale, units
from bilan.science.standards.air.pollutants import Pollutant, by_symbol, pollutants
from bilan.science.standards.air.versions import version_column, versions_in
from bilan.science.tables import rows_where, table

STANDARD = "HJ 633"
VERDICT_COLUMNS = ("aqi", "level", "primary", "missing", "reason", "valid", "standard", "version")


@dataclass(frozen=True, slots=True)
class Item:
    """What a report reads for a pollutant: the column and the breakpoints; `fallback` serves above the last breakpoint."""

    version: str
    pollutant: Pollutant
    column: str
    period: str
    fallback_column: str
    fallback_period: str
    above_rule: str
    clause: str
    confidence: str
    note: str

    @property
    def units_column(self) -> str:
        """Name of the working column with the rounded concentration."""
        return f"__units_{self.column}"


@cache
def items(version: str, report: str, method: str = "published") -> tuple[Item, ...]:
    """Items of a report.

    Parameters:
        version: ``2012`` or ``2026``.
        report: ``hour`` or ``day``.
        method: for the hourly report of 2012, ``published`` (as the national publication does) or ``text`` (as 5.1.3 says).

    Reference:
        HJ 633-2012, 5.1.2 and 5.1.3; HJ 633-2026, 4.2.2 and 4.2.3.
    """
    rows = [row for row in rows_where("air_report_items", version=version, report=report) if row["method"] in ("", method)]
    return tuple(
        Item(
            version,
            by_symbol(row["pollutant"]),
            row["column"],
            row["averaging_period"],
            row["fallback_column"],
            row["fallback_period"],
            row["above_rule"],
            row["clause"],
            row["confidence"],
            row["note"],
        )
        for row in rows
    )


def item_columns(chosen: tuple[Item, ...]) -> dict[str, int]:
    """Columns that items read, with the decimals kept."""
    wanted: dict[str, int] = {}
    for item in chosen:
        for column in filter(None, (item.column, item.fallback_column)):
            wanted[column] = item.pollutant.decimals
    return wanted


def judge(frame: AnyFrame, moment: str, report: str, standard: str, method: str = "published") -> AnyFrame:
    """Add indices, AQI, level and primary pollutants to rows of concentrations.

    Parameters:
        frame: one row an hour or a day; columns of the report's items, absent ones count as missing.
        moment: column of times or dates that chooses the version.
        report: ``hour`` or ``day``.
        standard: ``auto`` or a version.
        method: see `items`.

    Returns:
        The frame with ``iaqi_<pollutant>``, and the columns of `VERDICT_COLUMNS`.

    Reference:
        HJ 633-2012, 4.2 to 4.4; HJ 633-2026, 4.2, 4.3 and 5.3.
    """
    playing = versions_in(frame, moment, standard)
    chosen = tuple(item for version in playing for item in items(version, report, method))
    wanted = item_columns(chosen)
    day = nw.col(moment) if frame.collect_schema()[moment] == nw.Date else nw.col(moment).dt.date()
    version = version_column(day, standard) if len(playing) > 1 else nw.lit(playing[0])
    original = frame.collect_schema().names()
    working = with_missing(frame, *wanted).with_columns(
        *(units(column, decimals).alias(f"__units_{column}") for column, decimals in wanted.items()),
        standard=nw.lit(STANDARD),
        version=version,
    )
    parts = {name: expression for pollutant in pollutants() for name, expression in _indices(pollutant, chosen, playing)}
    working = working.with_columns(**parts)
    working = working.with_columns(__highest=nw.max_horizontal(*(f"iaqi_{p.column}" for p in pollutants())), missing=_missing())
    working = working.with_columns(aqi=_published(playing))
    working = working.with_columns(
        level=_by_version(playing, {name: level_of(nw.col("aqi"), name) for name in playing}, same=_same_levels(playing)),
        primary=_primary(playing),
        reason=_reasons(chosen, playing),
        valid=~nw.col("aqi").is_null(),
    )
    return working.select(*original, *(name for name in parts if name not in original), *VERDICT_COLUMNS)


def _indices(pollutant: Pollutant, chosen: tuple[Item, ...], playing: tuple[str, ...]) -> Iterator[tuple[str, nw.Expr]]:
    """Index columns of a pollutant; one that is read twice (ozone) gets a column for each reading too."""
    mine = [item for item in chosen if item.pollutant == pollutant]
    if len({item.column for item in mine}) > 1:
        for column in sorted({item.column for item in mine}):
            by_version = {item.version: _index(item) for item in mine if item.column == column}
            name = f"iaqi_{column}" if column != pollutant.column else f"iaqi_{column}_1h"
            yield name, _by_version(playing, by_version)
    together = {version: [_index(item) for item in mine if item.version == version] for version in playing}
    highest = {version: nw.max_horizontal(*found) if len(found) > 1 else found[0] for version, found in together.items()}
    yield f"iaqi_{pollutant.column}", _by_version(playing, highest)


def _index(item: Item) -> nw.Expr:
    """Index of one item, with its fallback above the last breakpoint."""
    value, steps = nw.col(item.units_column), scale(item.version, item.pollutant.symbol, item.period)
    index = index_of(value, steps)
    if not item.fallback_column:
        return index
    other = index_of(nw.col(f"__units_{item.fallback_column}"), scale(item.version, item.pollutant.symbol, item.fallback_period))
    return nw.when(value > steps.top).then(other).otherwise(index)


def _by_version(playing: tuple[str, ...], choices: dict[str, nw.Expr], *, same: bool = False) -> nw.Expr:
    """The expression of the row's version; null for a version that has none."""
    if same or len(playing) == 1:
        return choices[playing[0]] if playing[0] in choices else nw.lit(None, dtype=nw.Int32)
    chosen: nw.Expr = nw.lit(None, dtype=nw.Int32)
    for version, expression in choices.items():
        chosen = nw.when(nw.col("version") == version).then(expression).otherwise(chosen)
    return chosen


def _same_levels(playing: tuple[str, ...]) -> bool:
    return len({tuple((level.level, level.high) for level in categories(version)[:-1]) for version in playing}) == 1


def report_rule(version: str) -> dict[str, str]:
    """When a version names a primary pollutant and when it publishes with a pollutant missing."""
    return dict(next(row for row in table("air_report_rules") if row["version"] == version))


def _missing() -> nw.Expr:
    """Symbols of the pollutants without an index, joined by commas."""
    absent = [nw.when(nw.col(f"iaqi_{p.column}").is_null()).then(nw.lit(p.symbol)) for p in pollutants()]
    return nw.concat_str(absent, separator=",", ignore_nulls=True)


def _withheld(version: str) -> nw.Expr | None:
    """Rows whose AQI may not be published because a pollutant is missing."""
    needs = report_rule(version)["missing_needs_above"]
    if not needs:
        return None
    return (nw.col("version") == version) & (nw.col("missing") != "") & (nw.col("__highest") <= int(needs))


def _published(playing: tuple[str, ...]) -> nw.Expr:
    """Highest index, unless the version withholds it."""
    result = nw.col("__highest")
    for version in playing:
        withheld = _withheld(version)
        if withheld is not None:
            result = nw.when(~withheld).then(result)
    return result


def _primary(playing: tuple[str, ...]) -> nw.Expr:
    """Symbols of the pollutants with the highest index, when it is above 50.

    Reference:
        HJ 633-2012, 3.3 and 4.4.2; HJ 633-2026, 3.3 and 4.3.1.
    """
    above = int(report_rule(playing[-1])["primary_above"])
    aqi = nw.col("aqi")
    first = [nw.when((nw.col(f"iaqi_{p.column}") == aqi) & (aqi > above)).then(nw.lit(p.symbol)) for p in pollutants()]
    return nw.concat_str(first, separator=",", ignore_nulls=True)


def _reasons(chosen: tuple[Item, ...], playing: tuple[str, ...]) -> nw.Expr:
    """Ids of the rules (``air_aqi_rules``) that bent the ordinary path of a row, joined by commas."""
    found: list[nw.Expr] = []
    for item in chosen:
        if item.above_rule:
            top = scale(item.version, item.pollutant.symbol, item.period).top
            bent = (nw.col("version") == item.version) & (nw.col(item.units_column) > top)
            found.append(nw.when(bent).then(nw.lit(item.above_rule)))
    for version in playing:
        withheld = _withheld(version)
        if withheld is not None:
            found.append(nw.when(withheld).then(nw.lit(report_rule(version)["missing_rule"])))
    return nw.concat_str(found, separator=",", ignore_nulls=True) if found else nw.lit("")

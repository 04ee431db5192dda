"""The rows below the header, cell by cell into numbers, times and names."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bilan.pack.vocab import Parameter
from bilan.tabular.findings import Findings
from bilan.tabular.header import Header
from bilan.tabular.mapping import Column
from bilan.tabular.numbers import read_numbers
from bilan.tabular.source import Grid
from bilan.tabular.times import combine, read_hours, read_times
from bilan.tabular.units import factor, kin

TIME_ROLES = ("start", "date", "hour", "year", "month", "day")
_PLACES = ("city", "district", "province", "basin", "river", "section_type", "target_class", "item", "unit")


@dataclass(frozen=True, slots=True)
class Body:
    """Rows that were read.

    Attributes:
        frame: recognised columns.
        raw: all columns as text or as typed in the file.
        below: cells where half a detection limit stands in.
        first_row: row in the file of the first row of `frame` before notes were dropped.
    """

    frame: pl.DataFrame
    raw: pl.DataFrame
    below: pl.DataFrame
    first_row: int


def read_body(grid: Grid, header: Header, findings: Findings, *, units: str) -> Body:
    """Read every row below `header`; notes and blank rows at the foot or between are dropped."""
    first = header.last + 1
    cells = grid.cells.slice(first)
    row = pl.int_range(first + 1, first + 1 + cells.height, eager=True).alias("row")
    cells, row = _without_notes(cells, row, header)
    by_name = {column.name: column for column in header.columns}
    frame = pl.DataFrame({"row": row})
    point = by_name.get("point_code") or by_name.get("point")
    if point:
        frame = frame.with_columns(_names(cells, point, fill=grid.merged).alias("point"))
        if point.name == "point_code" and "point" in by_name:
            frame = frame.with_columns(_names(cells, by_name["point"], fill=grid.merged).alias("point_name"))
    start = _start(cells, row, by_name, findings, fill=grid.merged)
    if start is not None:
        frame = frame.with_columns(start)
    frame = frame.with_columns(_names(cells, by_name[name]).alias(name) for name in _PLACES if name in by_name)
    below = []
    for column in header.columns:
        if column.parameter or column.name == "value":
            values = read_measurements(cells.to_series(column.index), row, column, findings, units=units)
            if values is not None:
                frame = frame.with_columns(values["value"].alias(column.name))
                below.append(values.filter("below").select("row", column=pl.lit(column.name)))
    return Body(frame, _raw(cells, header), pl.concat(below) if below else _no_below(), first + 1)


def read_measurements(cells: pl.Series, row: pl.Series, column: Column, findings: Findings, *, units: str) -> pl.DataFrame | None:
    """Read one column of values into the unit of its parameter; None when its stated unit cannot be converted."""
    parameter = column.parameter
    target = "" if parameter is None else parameter.emission_unit if units == "emission" else parameter.unit
    scale = factor(column.unit, target) if column.unit and target else 1.0
    if scale is None:
        findings.add("table.unit", {"value": column.unit, "allowed": target}, None, column.header)
        return None
    read = read_numbers(cells).with_columns(row, text=cells)
    findings.add_cells(read, column.header)
    if scale != 1.0:
        read = read.with_columns((pl.col("value") * scale).round_sig_figs(12))
    if parameter is None or (units == "emission" and parameter.unit != parameter.emission_unit):
        return read
    low, high = parameter.lower, parameter.upper
    outside = _outside(pl.col("value"), parameter)
    if not column.unit and (assumed := _meant(read["value"], parameter)):
        findings.add("table.unit_assumed", {"value": target, "allowed": assumed}, None, column.header)
        read = read.with_columns((pl.col("value") * (factor(assumed, target) or 1.0)).round_sig_figs(12))
    read = read.with_columns(trouble=pl.when(outside).then(pl.lit("value.impossible")))
    findings.add_cells(read, column.header, allowed=f"{low if low is not None else ''}–{high if high is not None else ''} {target}".strip())
    return read.with_columns(value=pl.when(~outside.fill_null(False)).then("value"))


def _outside(value: pl.Expr, parameter: Parameter) -> pl.Expr:
    below = value < parameter.lower if parameter.lower is not None else pl.lit(False)
    above = value > parameter.upper if parameter.upper is not None else pl.lit(False)
    return (below | above).fill_null(False)


def _meant(values: pl.Series, parameter: Parameter) -> str:
    """The unit a column without one must be in, when nearly all its values are impossible in ours and possible in just one other."""
    present = values.drop_nulls()
    if present.is_empty() or present.to_frame("value").select(_outside(pl.col("value"), parameter).mean()).item() < 0.9:
        return ""

    def fits(other: str) -> bool:
        scaled = pl.col("value") * (factor(other, parameter.unit) or 1.0)
        return bool(present.to_frame("value").select(_outside(scaled, parameter).mean()).item() < 0.1)

    fitting = [other for other in kin(parameter.unit) if fits(other)]
    return fitting[0] if len(fitting) == 1 else ""


def _names(cells: pl.DataFrame, column: Column, *, fill: bool = False) -> pl.Series:
    text = cells.to_series(column.index).cast(pl.String, strict=False).str.strip_chars()
    text = text.to_frame("text").select(pl.when(pl.col("text") != "").then("text").alias("text")).to_series()
    return text.fill_null(strategy="forward") if fill else text


def _start(cells: pl.DataFrame, row: pl.Series, by_name: dict[str, Column], findings: Findings, *, fill: bool) -> pl.Series | None:
    def take(name: str) -> pl.Series:
        series = cells.to_series(by_name[name].index)
        return series.fill_null(strategy="forward") if fill and name in ("date", "start") else series

    if {"year", "month", "day"} <= set(by_name):
        parts = [take(name).cast(pl.String).str.replace(r"\.0+$", "") for name in ("year", "month", "day")]
        joined = pl.select(pl.concat_str(parts, separator="-")).to_series()
        read, shown = read_times(joined), "year"
        if "hour" in by_name:
            read = combine(read, read_hours(take("hour")))
        text = joined
    elif "date" in by_name and ("hour" in by_name or "start" in by_name):
        clock = "hour" if "hour" in by_name else "start"
        read, shown, text = _date_and_clock(take("date"), take(clock), hour=clock == "hour"), "date", take("date")
    elif "start" in by_name or "date" in by_name:
        shown = "start" if "start" in by_name else "date"
        text = take(shown)
        read = read_times(text)
    else:
        return None
    findings.add_cells(read.with_columns(row, text=text.cast(pl.String, strict=False)), by_name[shown].header)
    return read["start"]


def _date_and_clock(dates: pl.Series, clock: pl.Series, *, hour: bool) -> pl.DataFrame:
    """Date and hour of day in two columns; a clock column that already holds whole times is taken alone."""
    if not hour:
        whole = read_times(clock)
        if whole["start"].null_count() <= len(clock) // 2:
            return whole
    return combine(read_times(dates), read_hours(clock))


def _without_notes(cells: pl.DataFrame, row: pl.Series, header: Header) -> tuple[pl.DataFrame, pl.Series]:
    """Drop rows that hold nothing, or only remarks: no cell of a recognised measurement or time is filled, or just one cell is."""
    if not cells.width:
        return cells, row
    filled = pl.all().cast(pl.String, strict=False).str.strip_chars().fill_null("") != ""
    count = cells.select(pl.sum_horizontal(filled.cast(pl.Int32)))  # cells filled in each row
    carrying = [column.index for column in header.columns if column.parameter or column.name in (*TIME_ROLES, "value")]
    carries = cells.select(pl.any_horizontal(filled)) if not carrying else cells.select(cells.columns[i] for i in carrying)
    carries = carries.select(pl.any_horizontal(filled)) if carrying else carries
    wide = count.to_series() > (1 if len(header.columns) > 1 else 0)
    keep = wide & carries.to_series()
    return cells.filter(keep), row.filter(keep)


def _raw(cells: pl.DataFrame, header: Header) -> pl.DataFrame:
    """All columns under their headers, made unique."""
    taken: dict[str, int] = {}
    names = []
    for index, old in enumerate(cells.columns):
        text = (header.texts[index] if index < len(header.texts) else "") or f"column {index + 1}"
        taken[text] = taken.get(text, 0) + 1
        names.append((old, text if taken[text] == 1 else f"{text} ({taken[text]})"))
    unique = len({name for _, name in names}) == len(names)
    return cells.rename(dict(names) if unique else {old: f"{name} [{index + 1}]" for index, (old, name) in enumerate(names)})


def _no_below() -> pl.DataFrame:
    return pl.DataFrame(schema={"row": pl.Int64, "column": pl.String})

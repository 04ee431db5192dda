"""Any table of measurements, read into columns with known names, units and times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from bilan.pack.vocab import Vocabulary
from bilan.pack.vocab import vocabulary as base_vocabulary
from bilan.problems import BilanError, Place, Problem
from bilan.tabular.body import read_body
from bilan.tabular.findings import Findings
from bilan.tabular.header import Header, find_header, name_columns
from bilan.tabular.long import widen
from bilan.tabular.mapping import Column, recognise, roles
from bilan.tabular.source import Grid, grids

PROBLEMS = 1000
"""So many problems of a file are listed; all are counted."""
_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class TableRead:
    """A table that was read.

    Attributes:
        file: name of the file.
        sheet: name of the sheet; empty for text and Parquet.
        header_row: row of the header in the file, from 1; 0 when the names come with the format.
        frame: what was recognised: `row` (row in the file, from 1), `point`, `start` (naive `Datetime("us")`), one
            `Float64` column a parameter under its science name and in its own unit, and the places (`city`, `river`, …) as text.
        raw: every column as it stands in the file, row by row beside `frame`.
        columns: what each recognised column means.
        unknown: header that was not recognised → the known name most like it, or empty.
        below: cells where half a detection limit stands in: `row`, `column`.
        problems: what could not be read, with its place; the first so many that were asked for.
        problem_count: how many problems there are altogether.
    """

    file: str
    sheet: str
    header_row: int
    frame: pl.DataFrame
    raw: pl.DataFrame
    columns: tuple[Column, ...]
    unknown: Mapping[str, str]
    below: pl.DataFrame
    problems: list[Problem]
    problem_count: int

    @property
    def mapping(self) -> dict[str, str]:
        """Name in `frame` → header in the file."""
        return {column.name: column.header for column in self.columns}

    @property
    def parameters(self) -> list[str]:
        """Science columns that `frame` holds."""
        return [column.name for column in self.columns if column.parameter and column.name in self.frame.columns]


def read_table(
    path: Path | str,
    *,
    sheet: str | None = None,
    vocabulary: Vocabulary | None = None,
    media: Sequence[str] = (),
    units: str = "ambient",
    names: Mapping[str, str] | None = None,
    listed: int = PROBLEMS,
) -> TableRead:
    """Read a CSV, Excel or Parquet file of measurements, whatever its header looks like.

    Text is UTF-8 or GB 18030 with any usual delimiter and may be gzipped; the header may stand below title rows, over two rows,
    in Chinese or English, with units in brackets (values in another unit are converted). Nothing is guessed in silence: what cannot
    be read is null in the frame and a problem with row and column.

    Args:
        path: the file.
        sheet: name of the sheet; without it the first sheet with a recognisable header.
        vocabulary: parameters and their names; the base pack by default.
        media: media to prefer (`air`, `water`, `flue`, `noise`) for names that several share; by default what the header says.
        units: `ambient` or `emission`: which of a parameter's units the result is in, and a column without a stated unit is taken to be in.
        names: header → science column or role (`point`, `start`, …), where the reader shall not decide itself.
        listed: so many problems are kept; all are counted.

    Raises:
        BilanError: no such file, not a table, or no header with any known name.
    """
    source = Path(path)
    words = vocabulary or base_vocabulary()
    grid, header = _best(source, sheet, words, tuple(media))
    if names:
        header = replace(header, columns=_overridden(header, names, words))
    findings = Findings(source.name, listed)
    body = read_body(grid, header, findings, units=units)
    frame, raw = body.frame, body.raw
    if not any(column.parameter for column in header.columns) and {"item", "value"} <= {column.name for column in header.columns}:
        frame, columns = widen(frame, words, findings, units=units)
        header = replace(header, columns=(*header.columns, *columns))
        raw = raw[(frame["row"] - body.first_row).to_list()] if frame.height else raw.clear()
    known = {column.header for column in header.columns}
    unknown = {text: words.nearest(text) for text in header.texts if text and text not in known}
    return TableRead(
        source.name, grid.sheet, header.last + 1 if header.last >= 0 else 0, frame, raw, header.columns, unknown, body.below,
        findings.problems, findings.count,
    )  # fmt: skip


def _best(path: Path, sheet: str | None, words: Vocabulary, media: tuple[str, ...]) -> tuple[Grid, Header]:
    best: tuple[Grid, Header] | None = None
    for grid in grids(path, sheet):
        header = _header(grid, words, media)
        if header and (best is None or header.score > best[1].score):
            best = (grid, header)
        if best and best[1].score >= _ENOUGH:
            break
    if best is None:
        raise BilanError(Problem("table.no_header", {}, Place(path.name)))
    return best


def _header(grid: Grid, words: Vocabulary, media: tuple[str, ...]) -> Header | None:
    if not grid.headed:
        return find_header(grid.cells, words, media, merged=grid.merged)
    columns = name_columns(grid.cells.columns, words, media)
    return Header(-1, -1, tuple(grid.cells.columns), columns) if columns else None


def _overridden(header: Header, names: Mapping[str, str], words: Vocabulary) -> tuple[Column, ...]:
    """Columns with what a person decided; a name given to one header is taken from any other."""
    kept = [column for column in header.columns if column.header not in names and column.name not in names.values()]
    for index, text in enumerate(header.texts):
        name = names.get(text)
        if not name:
            continue
        if name in set(roles().values()):
            kept.append(Column(index, text, name))
        else:
            parameter = words.by_column(name)
            stated = recognise(text, words)
            kept.append(Column(index, text, name, parameter, stated.unit if stated else ""))
    return tuple(sorted(kept, key=lambda column: column.index))

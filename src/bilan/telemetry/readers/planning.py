"""What an import would do: every value new, changed, unchanged or refused, before anything is written."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from bilan.pack.vocab import networks
from bilan.problems import BilanError, Place, Problem
from bilan.tabular import TableRead, read_table
from bilan.telemetry import clock
from bilan.telemetry.model import Interval, Point, Statistic
from bilan.telemetry.readers.cells import duplicates, long_cells, mark_existing
from bilan.telemetry.readers.matching import PointNames
from bilan.telemetry.store import Store

AHEAD = 600
"""Times may lie so far ahead of the clock [s]."""
EARLIEST = clock.seconds(clock.EPOCH)
LISTED = 100_000
_MEDIA = {"air": ("air", "meteorology"), "noise": ("noise",)}
_SPANS = {Interval.HOUR: clock.HOUR, Interval.DAY: clock.DAY, Interval.INSTANT: 0, Interval.SAMPLE: 0, Interval.MINUTE: 60}


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How a file is to be understood.

    Attributes:
        network: network of its points; empty for any.
        interval: what a value covers; empty to tell hours from days by the times.
        labels: whether a time names the `start` or the `end` of its span.
        sheet: sheet of a workbook; None for the first that fits.
        point: code of the point all rows belong to, for files without a column of points.
        names: header → science column or role, where a person decided.
        points: name in the file → code of the point, where a person decided.
    """

    network: str = ""
    interval: str = ""
    labels: str = "start"
    sheet: str | None = None
    point: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do.

    Attributes:
        digest: sum of content and sheet, which names the import.
        table: the file as read.
        settings: how it was understood; `interval` is filled in.
        cells: one row a value: `row`, `column` (header), `point`, `parameter` (code), `start` [s], `value`, `unit`, `status`
            (`new`, `changed`, `unchanged`), `old` (value there is now).
        problems: everything refused, by row; row 0 holds what concerns the whole file.
    """

    digest: str
    table: TableRead
    settings: ImportSettings
    cells: pl.DataFrame
    problems: dict[int, list[Problem]]

    @property
    def counts(self) -> dict[str, int]:
        """Number of values `new`, `changed`, `unchanged`, and of rows with anything `refused`."""
        found = dict(self.cells.group_by("status").len().iter_rows())
        return {status: found.get(status, 0) for status in ("new", "changed", "unchanged")} | {"refused": len(self.refused_rows)}

    @property
    def refused_rows(self) -> list[int]:
        """Rows of the file of which at least one cell was refused."""
        return sorted(row for row in self.problems if row > 0)

    @property
    def seconds(self) -> int:
        """Length of the span of a value [s]."""
        return _SPANS[Interval(self.settings.interval)]

    @property
    def statistic(self) -> str:
        """Statistic of the series that are written."""
        return Statistic.MEAN if self.seconds >= 60 else Statistic.VALUE


def plan_import(
    store: Store, path: Path | str, settings: ImportSettings | None = None, *, among: Collection[str] | None = None
) -> ImportPlan:
    """Read a file and compare it with what the store holds; nothing is written.

    Args:
        store: where points and values are.
        path: CSV, Excel or Parquet file.
        settings: how it is to be understood.
        among: codes of the points that it may hold readings of; all by default. Others are refused as if there were none.

    Raises:
        BilanError: the file cannot be read, or has no points, times or known parameters.
    """
    wanted = settings or ImportSettings()
    source = Path(path)
    points = [point for point in _points(store, wanted) if among is None or point.code in among]
    table = _read(source, wanted, points)
    problems: dict[int, list[Problem]] = defaultdict(list)
    for problem in table.problems:
        problems[problem.place.row or 0 if problem.place else 0].append(problem)
    _whole(table, wanted)
    wanted = replace(wanted, interval=wanted.interval or _interval(table.frame["start"]))
    frame = _placed(table, wanted, PointNames(points, wanted.points), problems)
    frame = _timed(table, wanted, frame, problems, clock.now(store.zone))
    cells = duplicates(long_cells(frame, table, {point.code: point for point in points}), table.file, problems)
    span = _SPANS[Interval(wanted.interval)]
    statistic = Statistic.MEAN if span >= 60 else Statistic.VALUE
    digest = hashlib.sha256(source.read_bytes() + b"\0" + table.sheet.encode()).hexdigest()
    return ImportPlan(digest, table, wanted, mark_existing(store, cells, wanted.interval, statistic), dict(problems))


def _points(store: Store, settings: ImportSettings) -> list[Point]:
    if settings.network and settings.network not in networks():
        raise BilanError(Problem("value.unknown_choice", {"value": settings.network, "allowed": list(networks())}))
    return store.catalogue.points(settings.network or None)


def _read(path: Path, settings: ImportSettings, points: Sequence[Point]) -> TableRead:
    kinds = {point.network for point in points}
    emission = bool(kinds) and all(networks()[kind].unit_kind == "emission" for kind in kinds if kind in networks())
    network = networks().get(settings.network)
    media: tuple[str, ...] = ()
    if network:
        flue = network.unit_kind == "emission" and network.medium == "air"
        media = ("flue", "air", "meteorology") if flue else _MEDIA.get(network.medium, (network.medium, "meteorology"))
    units = "emission" if emission else "ambient"
    return read_table(path, sheet=settings.sheet, media=media, units=units, names=settings.names, listed=LISTED)


def _whole(table: TableRead, settings: ImportSettings) -> None:
    """Refuse a file that lacks what every row needs."""
    place = Place(table.file, table.header_row or None)
    lacking = []
    if "point" not in table.frame.columns and not settings.point:
        lacking.append(Problem("import.no_points", {}, place))
    if "start" not in table.frame.columns:
        lacking.append(Problem("import.no_times", {}, place))
    if not table.parameters:
        lacking.append(Problem("import.no_parameters", {}, place))
    if lacking:
        raise BilanError(*lacking)


def _interval(start: pl.Series) -> str:
    """Days when every time is a midnight and there are at least two, else hours."""
    times = start.drop_nulls()
    midnight = bool((times.dt.truncate("1d") == times).all())
    return Interval.DAY if midnight and times.n_unique() > 1 else Interval.HOUR


def _placed(table: TableRead, settings: ImportSettings, names: PointNames, problems: dict[int, list[Problem]]) -> pl.DataFrame:
    """Put the code of the point in place of its name; rows without one are refused."""
    header = table.mapping.get("point") or table.mapping.get("point_code", "")
    shown = pl.col("point") if "point" in table.frame.columns else pl.lit(settings.point).alias("point")
    frame = table.frame.with_columns(shown)
    codes: dict[str, str] = {}
    wrong: dict[str | None, Problem] = {}
    for text in frame["point"].unique().to_list():
        found = names.find(text) if text else Problem("import.no_point", {})
        if isinstance(found, Point):
            codes[text] = found.code
        else:
            wrong[text] = found
    for row, text in frame.filter(pl.col("point").is_null() | pl.col("point").is_in(list(wrong))).select("row", "point").iter_rows():
        problems[row].append(replace(wrong[text], place=Place(table.file, row, header)))
    known = pl.DataFrame({"point": list(codes), "code": list(codes.values())}, schema={"point": pl.String, "code": pl.String})
    return frame.join(known, on="point", how="inner", maintain_order="left").drop("point").rename({"code": "point"})


def _timed(table: TableRead, settings: ImportSettings, frame: pl.DataFrame, problems: dict[int, list[Problem]], now: int) -> pl.DataFrame:
    """Turn times into seconds of the start; rows without a time, or with one that cannot be, are refused."""
    header = next((table.mapping[name] for name in ("start", "date", "year") if name in table.mapping), "")
    shift = _SPANS[Interval(settings.interval)] if settings.labels == "end" else 0
    latest = now + AHEAD
    timed = frame.with_columns(pl.col("start").dt.epoch("s") - shift)
    for row, start in timed.filter(~pl.col("start").is_between(EARLIEST, latest).fill_null(False)).select("row", "start").iter_rows():
        if start is None:
            if not any(problem.code == "value.not_a_time" for problem in problems[row]):
                problems[row].append(Problem("import.no_time", {}, Place(table.file, row, header)))
            continue
        bound = clock.moment(latest if start > latest else EARLIEST)
        code = "import.future" if start > latest else "import.ancient"
        value = {"value": str(clock.moment(start)), "allowed": f"{bound:%Y-%m-%d %H:%M}"}
        problems[row].append(Problem(code, value, Place(table.file, row, header)))
    return timed.filter(pl.col("start").is_between(EARLIEST, latest))

"""Fraud patterns on real measurements: honest ones, ones with flags and fault days, and honest ones into which frauds were planted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from integrity_tables import Table
from numpy.typing import NDArray

from bilan.science import integrity

SHARED = Path(os.environ.get("BILAN_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
EPOCH = datetime(2011, 1, 1)
MONTH = 30.4
PLANTS = 40
"""Frauds of each kind that are planted in a real series."""
SPAN = 240
"""Their length [h]."""
SPREAD = 701
"""Hours from one planted fraud to the next; no divisor of a day or week."""
Floats = NDArray[np.float64]
RUNS = pl.lit(value=True).alias("running")
UCI_FAULTS = (
    "1990-03-13", "1990-03-14", "1990-03-15", "1990-04-29", "1990-06-05", "1990-08-12", "1990-09-14", "1990-10-22",
    "1991-05-24", "1991-05-28", "1991-05-31", "1991-07-17", "1991-07-18", "1991-07-19",
)  # fmt: skip
"""Days that the data set's own description names as faults (settler problems, solids overload, storms; UCI 106, Poch 1993)."""
UCI_OUTPUTS = ("Q-E", "SS-E", "SED-E", "SS-D", "SED-D", "DBO-S", "DQO-S", "SS-S", "SED-S")
"""Flow, solids and oxygen demand from inlet to outlet: what overloads, storms and a failing settler change."""
BUOY_COLUMNS = {"temp": "temperature", "spcond": "conductivity", "do_pct": "oxygen", "ph": "pH", "turb": "turbidity", "depth": "depth"}


def real_tables() -> list[Table]:
    """Every table whose data are there; the others say what is missing."""
    makers: dict[str, Callable[[Path], list[Table]]] = {
        "gas_turbine_emissions": turbine,
        "wastewater_plants": wastewater,
        "estuary_buoys": estuary,
    }
    tables: list[Table] = []
    for folder, make in makers.items():
        path = SHARED / folder
        if path.is_dir():
            tables += make(path)
        else:
            tables.append(Table(folder, folder, note=f"skipped: {path} is not here (set BILAN_SHARED to the folder that holds data/)"))
    return tables


def signal_patterns(long: pl.DataFrame, by: list[str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Episodes of the patterns that need nothing but the series itself."""
    run: dict[str, Any] = {"running": "running", "by": by}
    yield "constant", integrity.constant(long, **run)
    yield "stair", integrity.stair(long, cycle=1, **run)
    yield "clipped", integrity.clipped(long, **run)
    yield "copied_days", integrity.copied_days(long, **run)


def _alerts(long: pl.DataFrame, by: list[str], more: tuple[str, ...] = ()) -> pl.DataFrame:
    found = [
        integrity.episodes(frame, name, by=by).select(*by, "began", "found", "last", pattern=pl.lit(name))
        for name, frame in signal_patterns(long, by)
    ]
    for name in more:
        settings = {"relative": True} if name == "outlying" else {}
        frame = integrity.PATTERNS[name].find(long, running="running", by=by, **settings)
        found.append(integrity.episodes(frame, name, by=by).select(*by, "began", "found", "last", pattern=pl.lit(name)))
    return pl.concat(found)


def turbine(folder: Path) -> list[Table]:
    """Hourly stack CO and NOx of a real gas turbine."""
    whole = pl.concat([pl.read_csv(path) for path in sorted(folder.glob("gt_*.csv.gz"))])
    start = pl.datetime_range(EPOCH, EPOCH + timedelta(hours=whole.height - 1), "1h", eager=True)
    wide = whole.select(pl.lit("turbine").alias("point"), start.alias("start"), co="Carbon monoxide", nox="Nitrogen oxides")
    by = ["point", "parameter"]
    long = wide.unpivot(index=["point", "start"], variable_name="parameter").with_columns(RUNS).sort(*by, "start")
    months = whole.height / 24 / MONTH
    honest = _alerts(long, by, ("drift", "night_shift", "outlying"))
    rows = [_planted(wide, kind, honest, months) for kind in PLANTED]
    rows += [_row("none", name, honest, months) for name in ("drift", "outlying")]
    return [Table("turbine", f"Gas turbine, {months:.0f} months of hours, frauds planted in the real NOx", pl.DataFrame(rows))]


def _row(kind: str, pattern: str, honest: pl.DataFrame, months: float) -> dict[str, Any]:
    false = honest.filter(pattern=pattern).height
    figures: dict[str, Any] = {"planted": None, "found": None, "recall": None, "precision": None, "median delay [h]": None}
    return {
        "pattern": pattern,
        "planted as": kind,
        **figures,
        "alerts on the untouched record": false,
        "per source and month": false / months,
    }


def _planted(wide: pl.DataFrame, kind: str, honest: pl.DataFrame, months: float) -> dict[str, Any]:
    """Plant a fraud in the real NOx every so many hours, and look for it."""
    pattern, change = PLANTED[kind]
    real = wide["nox"].to_numpy()
    shown, start = real.copy(), wide["start"].to_list()
    lows = [low for number in range(PLANTS) if (low := SPREAD * (number + 1)) + SPAN < len(real)]
    for low in lows:
        shown[low : low + SPAN] = change(real, low)
    spoilt = wide.select("point", "start", RUNS, value=pl.Series(shown))
    settings = {"cycle": 1} if pattern == "stair" else {}
    alerts = integrity.episodes(integrity.PATTERNS[pattern].find(spoilt, running="running", **settings), pattern, patience="1d")
    events = [(start[low], start[low + SPAN]) for low in lows]
    delays = [delay for begin, end in events if (delay := _delay(alerts, begin, end)) is not None]
    touched = pl.any_horizontal(*((pl.col("last") >= begin) & (pl.col("found") <= end + timedelta(days=7)) for begin, end in events))
    false = alerts.filter(~touched).height
    return _row(kind, pattern, honest, months) | {
        "planted": len(events),
        "found": len(delays),
        "recall": len(delays) / len(events),
        "precision": 1 - false / alerts.height if alerts.height else None,
        "median delay [h]": float(np.median(delays)) if delays else None,
    }


def _delay(alerts: pl.DataFrame, begin: datetime, end: datetime) -> float | None:
    hits = alerts.filter((pl.col("last") >= begin) & (pl.col("found") <= end + timedelta(days=2)))
    return None if hits.is_empty() else max((hits.row(0, named=True)["found"] - begin) / timedelta(hours=1), 0.0)


def _constant(real: Floats, low: int) -> Floats:
    return np.full(SPAN, real[low])


def _stair(real: Floats, low: int) -> Floats:
    return np.repeat(real[low : low + SPAN : 6], 6)


def _clipped(real: Floats, low: int) -> Floats:
    part = real[low : low + SPAN]
    return np.minimum(part, np.quantile(part, 0.6))


def _replayed(real: Floats, low: int) -> Floats:
    return real[low - SPAN : low]


def _night(real: Floats, low: int) -> Floats:
    hour = (low + np.arange(SPAN)) % 24
    return real[low : low + SPAN] * np.where((hour >= 22) | (hour < 6), 0.35, 1.0)


PLANTED: dict[str, tuple[str, Callable[[Floats, int], Floats]]] = {
    "constant for ten days": ("constant", _constant),
    "held for six hours, ten days": ("stair", _stair),
    "cut off at their 60 % quantile, ten days": ("clipped", _clipped),
    "the ten days before again": ("copied_days", _replayed),
    "35 % from 22:00 to 06:00, ten days": ("night_shift", _night),
}
"""What is planted → the pattern that should find it, and how it is made from the real series and the place."""


def wastewater(folder: Path) -> list[Table]:
    """Three real plants: fault days of one, failed sensors of another, honest days of the third."""
    return [Table("wastewater", "Wastewater plants", pl.DataFrame([_uci(folder), *_eindhoven(folder), *_melbourne(folder)]))]


def _days(frame: pl.DataFrame, day: str, columns: Sequence[str]) -> pl.DataFrame:
    start = pl.col(day).str.to_date().cast(pl.Datetime("us"))
    wide = frame.select(start.alias("start"), *(pl.col(column).cast(pl.Float64) for column in columns))
    return wide.unpivot(index="start", variable_name="point").with_columns(RUNS).sort("point", "start")


def _uci(folder: Path) -> dict[str, Any]:
    """Days that are far off in any of the plant's outputs, against the fault days of the data set's description."""
    whole = pl.read_csv(folder / "uci_wwtp_daily_1990_1991.csv.gz", infer_schema_length=None, null_values="?")
    found = integrity.outlying(_days(whole, "DAY", UCI_OUTPUTS), running="running", window=30)
    alarms = set(found.filter("outlying")["start"].dt.strftime("%Y-%m-%d").to_list())
    hits, months = alarms & set(UCI_FAULTS), whole.height / MONTH
    return {
        "record": "UCI 106, Catalonia, days",
        "looked for": "14 days named as faults",
        "pattern": "outlying",
        "events": len(UCI_FAULTS),
        "found": len(hits),
        "recall": len(hits) / len(UCI_FAULTS),
        "precision": len(hits) / max(len(alarms), 1),
        "false alerts": len(alarms - hits),
        "per source and month": len(alarms - hits) / months,
    }


def _eindhoven(folder: Path) -> Iterator[dict[str, Any]]:
    """Sensors that report zero for hours are dead, those that report text have failed; flows may rest."""
    whole = pl.read_csv(folder / "eindhoven_wwtp_5min_20130101_20130120.tsv.gz", separator="\t", infer_schema_length=0)
    columns = [column for column in whole.columns if column != "Time" and not column.startswith("Flow")]
    start = pl.datetime_range(
        datetime(2013, 1, 1), interval="5m", eager=True, end=datetime(2013, 1, 1) + timedelta(minutes=5 * (whole.height - 1))
    )
    wide = whole.select(start.alias("start"), *(pl.col(column).cast(pl.Float64, strict=False) for column in columns))
    long = wide.unpivot(index="start", variable_name="point").with_columns(RUNS).sort("point", "start")
    dead = _runs(long.with_columns(bad=(pl.col("value") == 0).fill_null(value=False)), least=12)
    alerts = integrity.episodes(integrity.constant(long, running="running"), "constant", patience="2h")
    months = len(columns) * whole.height * 5 / 60 / 24 / MONTH
    yield _flagged("Eindhoven, 5 minutes", "zeros of an hour and more (dead sensors)", "constant", dead, alerts, months)


def _melbourne(folder: Path) -> Iterator[dict[str, Any]]:
    """Honest days: chemistry must not be doubted."""
    whole = pl.read_csv(folder / "melbourne_etp_daily_2014_201806.csv.gz")
    wide = whole.select(
        pl.lit("etp").alias("point"),
        pl.col("date").str.to_date().cast(pl.Datetime("us")).alias("start"),
        nh3n="Ammonia", tn="Total Nitrogen", bod5="Biological Oxygen Demand", cod="Chemical Oxygen Demand",
    )  # fmt: skip
    for part, total in (("nh3n", "tn"), ("bod5", "cod")):
        alerts = integrity.episodes(integrity.impossible_ratio(wide, part, total), "impossible_ratio").height
        yield {
            "record": "Melbourne, days",
            "looked for": f"{part} above {total} (never said to be)",
            "pattern": "impossible_ratio",
            **dict.fromkeys(("events", "found", "recall", "precision")),
            "false alerts": alerts,
            "per source and month": alerts / (whole.height / MONTH),
        }


def _runs(long: pl.DataFrame, least: int = 1, patience: str = "6h") -> pl.DataFrame:
    """Runs of bad moments as events: point, begin, end."""
    marked = long.with_columns(bad_score=pl.lit(1.0), bad_began=pl.col("start"))
    return (
        integrity.episodes(marked, "bad", patience=patience).filter(pl.col("moments") >= least).select("point", begin="found", end="last")
    )


def _flagged(record: str, what: str, pattern: str, events: pl.DataFrame, alerts: pl.DataFrame, months: float) -> dict[str, Any]:
    """Events against alerts: found when an alert lies within an event or touches it."""
    numbered = events.with_row_index("event")
    pairs = alerts.with_row_index("alert").join(numbered, on="point")
    touching = pairs.filter((pl.col("last") >= pl.col("begin")) & (pl.col("began") <= pl.col("end")))
    found, true = touching["event"].n_unique(), touching["alert"].n_unique()
    return {
        "record": record,
        "looked for": what,
        "pattern": pattern,
        "events": events.height,
        "found": found,
        "recall": found / events.height if events.height else None,
        "precision": true / alerts.height if alerts.height else None,
        "false alerts": alerts.height - true,
        "per source and month": (alerts.height - true) / months,
    }


def estuary(folder: Path) -> list[Table]:
    """Sondes of two estuary stations, whose operators rejected or doubted values: by constant, stair, copied_days, outlying, sister."""
    rows = []
    for column, code in BUOY_COLUMNS.items():
        stations = [_station(folder, station, column) for station in ("apadb", "apacp")]
        long = pl.concat(stations)
        events = _runs(long, patience="1d")
        months = sum(frame["value"].count() for frame in stations) / 96 / MONTH
        alerts = pl.concat(
            [
                _alerts(long, ["point"]).filter(pl.col("pattern") != "clipped"),
                _of(integrity.outlying(long, running="running", window=4 * 96), "outlying"),
                _of(_sisters(stations), "sister"),
            ]
        )
        rows.append(_flagged(code, "rejected or doubted by operators", "any of five", events, alerts.drop("pattern"), months))
    return [Table("estuary", "Estuary sondes of 2012, every 15 minutes", pl.DataFrame(rows))]


def _of(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return integrity.episodes(frame, name, patience="1d").select("point", "began", "found", "last", pattern=pl.lit(name))


def _station(folder: Path, station: str, column: str) -> pl.DataFrame:
    whole = pl.read_csv(folder / f"swmp_{station}wq_2012.csv.gz", infer_schema_length=None)
    flag = pl.col(f"f_{column}").str.extract(r"<(-?\d)>")
    return whole.select(
        pl.lit(station).alias("point"),
        RUNS,
        pl.col("datetime_utc").str.to_datetime(time_unit="us").alias("start"),
        value=pl.col(column).cast(pl.Float64),
        bad=flag.is_in(["-3", "1"]) & pl.col(column).is_not_null(),
    )


def _sisters(stations: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Moments at which the difference of two stations of one bay is far off its own usual level."""
    first, second = stations
    both = first.join(second.select("start", other="value"), on="start", how="left")
    apart = both.with_columns(value=pl.col("value") - pl.col("other")).drop("other")
    found = integrity.outlying(apart, running="running", window=14 * 96, name="sister")
    return pl.concat([found, found.with_columns(point=pl.lit(second["point"][0]))])

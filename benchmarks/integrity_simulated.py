"""Fraud patterns on simulated outlets, whose frauds and faults are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
import polars as pl
from integrity_tables import Table, matched

from bilan.pack.vocab import vocabulary
from bilan.science import integrity
from bilan.telemetry.clock import DAY, HOUR, seconds
from bilan.telemetry.model import Point
from bilan.telemetry.simulator.events import FRAUDS
from bilan.telemetry.simulator.observing import Observer
from bilan.telemetry.simulator.profiles import profiles
from bilan.telemetry.simulator.signals import Signals
from bilan.telemetry.simulator.weather import Moments

BEGIN = seconds(datetime(2025, 1, 1))
DAYS, LEARNING = 300, 60
"""Days simulated; frauds that begin in the first of them are not counted, since the usual must be learnt before the unusual."""
EACH = 5
"""Outlets of every kind."""
EXPECTED = {
    "constant": "constant", "clipped": "clipped", "copied": "copied_points", "drift": "drift", "night": "night_shift", "stair": "stair",
    "replayed": "copied_days", "ratio": "impossible_ratio", "untreated": "treatment_off", "idle_flow": "flow_without_load",
    "range": "calibrated_away", "weatherless": "ignores_weather", "fault": "marked_faulty", "loss": "silent",
}  # fmt: skip
"""Planted event → the pattern that should find it."""
SERIES = ["point", "parameter"]
ANALYSER_CYCLE = {"source_gas": 1, "source_water": 2}
"""Hours for which an honest analyser holds a value."""
FLOWS = {"source_gas": "a00000", "source_water": "w00000"}


def outlets() -> list[Point]:
    """Some outlets of every kind, a third of them with electric meters."""
    found = []
    for kind in profiles().values():
        for number in range(EACH):
            attributes = {"profile": kind.name, "enterprise": f"{kind.name}{number}", "meters": number % 3 == 0}
            found.append(Point(f"{kind.name}-{number}", kind.network, kind.name, attributes=attributes))
    return found


class City:
    """One simulated city as its frames would stand in the store.

    Attributes:
        long: pollutants as they are compared with their limits: point, parameter, start, value, limit, running, checking.
        wide: everything else an outlet reports, one row an hour.
    """

    def __init__(self, network: str, observer: Observer) -> None:
        self.network = network
        self.points = observer.signals.models[network].points
        self.starts = np.arange(BEGIN, BEGIN + DAYS * DAY, HOUR, dtype=np.int64)
        self._seen = observer.observe(network, self.starts, HOUR)
        self._rows = observer.signals.rows(network)
        weather = Moments(self.starts, HOUR, observer.signals.seed).weather.temperature
        self._weather = pl.Series("outside", weather.astype(float)).round(1)
        parts = [self._outlet(row, point) for row, point in enumerate(self.points)]
        self.wide = pl.concat([part[0] for part in parts], how="diagonal")
        self.long = pl.concat([long for part in parts for long in part[1]])

    def _column(self, row: int, code: str, statistic: str = "mean") -> pl.Series | None:
        rows = self._rows.get(code)
        place = np.flatnonzero(rows == row) if rows is not None else np.array([row])
        values = self._seen.block.values.get((code, statistic))
        if values is None or not len(place):
            return None
        reported = np.round(values[place[0]].astype(float), vocabulary().by_code[code].emission_decimals)
        reported[self._seen.absent[row]] = np.nan
        return pl.Series(code, reported).fill_nan(None)

    def _outlet(self, row: int, point: Point) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        kind = profiles()[str(point.attributes["profile"])]
        start = pl.from_epoch(pl.Series("start", self.starts), time_unit="s").cast(pl.Datetime("us"))
        flags = pl.Series("flag", self._seen.flags[row]).replace_strict({ord(mark): mark for mark in "NFCMD"}, return_dtype=pl.String)
        codes = [FLOWS[self.network], "a19001", "a01012", "x33901", "x33902", *(item.parameter for item in kind.items)]
        columns = {code: column for code in codes if (column := self._column(row, code)) is not None}
        base = pl.DataFrame({"point": point.code, "start": start, "flag": flags, "outside": self._weather, **columns})
        flow = FLOWS[self.network]
        base = integrity.running(base.with_columns(reference=pl.lit(kind.reference_o2)), flow)
        base = base.with_columns(running=pl.col("running") & (pl.col("flag") != "F"))
        base = base.with_columns(load=pl.when(pl.col("flag") == "F").then(0.0).otherwise(1.0))
        first = kind.items[0].parameter
        if kind.reference_o2 is not None:
            base = base.with_columns(measured=pl.col(first), converted=self._column(row, first, "converted_mean"))
        long = [self._series(base, row, item.parameter, item.limit, converts=kind.reference_o2 is not None) for item in kind.items]
        return base, long

    def _series(self, base: pl.DataFrame, row: int, code: str, limit: float, *, converts: bool) -> pl.DataFrame:
        shown = self._column(row, code, "converted_mean" if converts else "mean")
        value = pl.when(pl.col("flag") == "N").then(shown)
        return base.select(
            "point", "start", "running", parameter=pl.lit(code), value=value, limit=pl.lit(limit), checking=pl.col("flag").is_in(["C", "M"])
        )


def alerts(city: City) -> Iterator[pl.DataFrame]:
    """Episodes of every pattern: point, pattern, began, found, last."""
    long = city.long
    run = {"running": "running", "by": SERIES}
    for name, found in {
        "constant": integrity.constant(long, **run),
        "stair": integrity.stair(long, cycle=ANALYSER_CYCLE[city.network], **run),
        "clipped": integrity.clipped(long, limit="limit", **run),
        "copied_points": integrity.copied_points(long, among=("parameter",), **run),
        "copied_days": integrity.copied_days(long, **run),
        "drift": integrity.drift(long, **run),
        "calibrated_away": integrity.calibrated_away(long, limit="limit", calibrating="checking", **run),
        "night_shift": integrity.night_shift(long, **run),
    }.items():
        yield _episodes(found, name, SERIES)
    wide = city.wide
    if city.network == "source_gas":
        normal = wide.filter(pl.col("flag") == "N")
        converts = normal.filter(pl.col("reference").is_not_null())
        odd = integrity.misconverted(converts, "measured", "converted", "a19001", reference="reference")
        yield _episodes(odd, "misconverted").with_columns(pattern=pl.lit("impossible_ratio"))
        yield _episodes(integrity.ignores_weather(wide, "a01012", "outside", running="running"), "ignores_weather")
    else:
        pair = next(pair for pair in integrity.PAIRS if (pair.part, pair.whole) == ("nh3n", "tn"))
        normal = wide.filter((pl.col("flag") == "N") & pl.col("w21001").is_not_null())
        yield _episodes(integrity.impossible_ratio(normal, "w21003", "w21001", most=pair.most, running="running"), "impossible_ratio")
    yield _episodes(integrity.treatment_off(wide.filter(pl.col("x33901").is_not_null()), "x33901", "x33902"), "treatment_off")
    yield _episodes(integrity.flow_without_load(wide, FLOWS[city.network], load="load"), "flow_without_load")
    yield _marked(wide, "marked_faulty", pl.col("flag") == "D")
    yield _marked(wide, "silent", pl.col(FLOWS[city.network]).is_null())


def _episodes(frame: pl.DataFrame, name: str, by: Sequence[str] = ("point",)) -> pl.DataFrame:
    found = integrity.episodes(frame, name, patience="4d", by=by)
    return found.select("point", "began", "found", "last", pattern=pl.lit(name))


def _marked(wide: pl.DataFrame, name: str, held: pl.Expr) -> pl.DataFrame:
    marked = wide.with_columns(held.alias(name), pl.lit(1.0).alias(f"{name}_score"), pl.col("start").alias(f"{name}_began"))
    return _episodes(marked, name)


def simulated_tables(seeds: Sequence[int]) -> list[Table]:
    """Recall, precision and delay of each pattern, and false alerts."""
    found, planted, months = [], [], 0.0
    for seed in seeds:
        observer = Observer(Signals(outlets(), seed))
        truth = observer.truth(BEGIN, BEGIN + DAYS * DAY)
        for network in FLOWS:
            city = City(network, observer)
            months += len(city.points) * DAYS / 30.4
            found.append(pl.concat(alerts(city)).with_columns(point=pl.format("{}/{}", pl.lit(seed), "point")))
        times = [pl.from_epoch(name, time_unit="s").cast(pl.Datetime("us")) for name in ("begin", "end")]
        planted.append(
            truth.with_columns(*times).with_columns(
                point=pl.format("{}/{}", pl.lit(seed), "point"),
                source=pl.when(pl.col("source") != "").then(pl.format("{}/{}", pl.lit(seed), "source")),
            )
        )
    return measured(pl.concat(found), pl.concat(planted), months, len(seeds))


def measured(found: pl.DataFrame, planted: pl.DataFrame, months: float, cities: int) -> list[Table]:
    begin = datetime(2025, 1, 1)
    frauds = planted.filter(pl.col("kind").is_in(FRAUDS))
    # Both sides of a copy show the same numbers; which one is the original, numbers alone cannot tell.
    twins = frauds.filter(pl.col("source").is_not_null()).with_columns(point=pl.col("source"))
    caused = pl.concat([planted.filter(pl.col("kind").is_in([*EXPECTED])), twins]).with_row_index("event")
    pairs = matched(found, caused)
    fair = pl.col("begin") >= pl.lit(begin).dt.offset_by(f"{LEARNING}d"), pl.col("end") <= pl.lit(begin).dt.offset_by(f"{DAYS}d")
    counted = planted.filter(pl.col("kind").is_in([*EXPECTED]), *fair).with_row_index("event")
    own = matched(found, counted).filter(pl.col("pattern") == pl.col("kind").replace_strict(EXPECTED))
    other = matched(found, counted).filter(~pl.col("pattern").is_in(["marked_faulty", "silent"]) | pl.col("kind").is_in(["fault", "loss"]))
    known = set(pairs["alert"])
    numbered = found.with_row_index("alert").with_columns(true=pl.col("alert").is_in(list(known)))
    rows = []
    for kind, pattern in EXPECTED.items():
        events = counted.filter(kind=kind)
        hits = own.filter(kind=kind).group_by("event").agg(delay=(pl.col("found") - pl.col("begin")).min().dt.total_hours())
        any_hits = other.filter(kind=kind)["event"].n_unique()
        shown = numbered.filter(pattern=pattern)
        false = shown.filter(~pl.col("true")).height
        rows.append(
            {
                "pattern": pattern,
                "planted as": kind,
                "planted": events.height,
                "found": hits.height,
                "recall": hits.height / events.height if events.height else None,
                "by any pattern": any_hits / events.height if events.height else None,
                "precision": 1 - false / shown.height if shown.height else None,
                "median delay [h]": float(hits["delay"].clip(0).median() or 0) if hits.height else None,
                "90 % within [h]": float(hits["delay"].clip(0).quantile(0.9) or 0) if hits.height else None,
                "false alerts": false,
                "per source and month": false / months,
            }
        )
    frame = pl.DataFrame(rows)
    false = int(frame["false alerts"].sum())
    summary = [
        _together(what, chosen, own, other) | {"false alerts": false, "per source and month": false / months}
        for what, chosen in (("frauds", counted.filter(pl.col("kind").is_in(FRAUDS))), ("frauds and faults", counted))
    ]
    title = f"Simulated outlets, together: {cities} cities, {months:.0f} source-months"
    return [Table("simulated", "Simulated outlets, by pattern", frame), Table("simulated-all", title, pl.DataFrame(summary))]


def _together(what: str, chosen: pl.DataFrame, own: pl.DataFrame, other: pl.DataFrame) -> dict[str, object]:
    """Share of some events found by any pattern, and by the one meant."""
    found, meant = (pairs.join(chosen, on="event", how="semi")["event"].n_unique() for pairs in (other, own))
    return {
        "what": what,
        "planted": chosen.height,
        "found": found,
        "recall": found / chosen.height,
        "by the pattern meant": meant / chosen.height,
    }

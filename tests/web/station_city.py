"""Years of history, a doubtful hour and one real telegram on top of the tiny city, for what shows a point or compares series."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import polars as pl

from bilan.evaluation import completeness
from bilan.evaluation.judging import judge_span
from bilan.evaluation.methods import METHODS
from bilan.pack.city import City
from bilan.pack.vocab import by_column
from bilan.telemetry import clock, journal
from bilan.telemetry.hj212 import Packet, build
from bilan.telemetry.model import Reading, SeriesKey
from bilan.telemetry.quality import Check
from bilan.telemetry.store import Store
from tests.web import tiny

LEVELS = {
    "pm25": 28, "pm10": 48, "o3": 85, "no2": 22, "so2": 7, "co": 0.6,
    "ph": 7.4, "do": 7.2, "codmn": 3.4, "nh3n": 0.42, "tp": 0.12, "tn": 1.9, "wt": 21,
}  # fmt: skip
"""Column → mean of what is invented for it [its unit]."""
ITEMS = {"air": tiny.AIR, "surface_water": (*tiny.WATER, "wt")}


def fill(store: Store, city: City, codes: tuple[str, ...], days: int) -> int:
    """Invent and judge the past of some points, doubt and mark some hours; gives the end of the history [s of the wall clock]."""
    now = clock.now(city.timezone)
    end = now // clock.HOUR * clock.HOUR - tiny.HOURS * clock.HOUR
    begin = end // clock.DAY * clock.DAY - days * clock.DAY
    for seed, point in enumerate(point for point in tiny.points() if point.code in codes):
        for at, column in enumerate(ITEMS[point.network]):
            _write(store, SeriesKey(point.code, by_column(column).code, "mean", "hour"), column, begin, end, 10 * seed + at)
    for method in METHODS:
        judged = judge_span(
            store, method, [point for point in tiny.points() if point.code in codes and point.network == method.network], begin, end, now
        )
        if judged.height:
            store.verdicts.write(judged)
    return end


def telegram(store: Store, city: City, code: str, start: int, value: float) -> int:
    """Let the device of a point report PM2.5 of an hour and keep the frame in the journal; gives the frame's position."""
    stamp = clock.moment(start)
    packet = Packet(
        qn=f"{stamp:%Y%m%d%H}0000000", st="22", cn="2061", pw="secret-word", mn=f"MN-{code}", flag="5",
        fields={"DataTime": f"{stamp:%Y%m%d%H}0000"}, values={"a34004": {"Avg": f"{value}", "Flag": "N"}},
    )  # fmt: skip
    frame = build(packet)
    city.journal.mkdir(parents=True, exist_ok=True)
    writer = journal.Writer(city.journal, lambda _tokens, _error: None)
    writer.append(journal.encode(journal.Kind.FRAME, (start + clock.HOUR) * 1000, packet.mn, "127.0.0.1:5001", frame))
    writer.close()
    position = journal.Reader(city.journal).read()[-1].position
    (series,) = store.catalogue.series_ids([SeriesKey(code, "a34004", "mean", "hour")], ["ug/m3"])
    store.write("hour", [Reading(series, start, clock.HOUR, value)], arrived=clock.now(city.timezone) + clock.HOUR, source=position)
    return position


def digest(store: Store, city: City) -> None:
    """What the worker keeps for the network table, as of the hour after the last reading: a full hour may have passed since it was made."""
    now = clock.now(city.timezone)
    series = store.catalogue.series_frame(["AIR1"], None, "hour")["id"].to_list()
    last = store.scan(series, now - 3 * clock.DAY, now, "hour")["start"].max()
    completeness.refresh(store, int(last) + clock.HOUR)


def _write(store: Store, key: SeriesKey, column: str, begin: int, end: int, seed: int) -> None:
    unit = "mg/L" if key.point.startswith("RIVER") else "ug/m3"
    (series,) = store.catalogue.series_ids([key], [unit])
    starts = np.arange(begin, end, clock.HOUR)
    noise = np.random.default_rng(seed)
    season = 1 + 0.35 * np.cos(2 * math.pi * (starts - clock.seconds(datetime(2024, 1, 15))) / (365.25 * clock.DAY))
    daily = 1 + 0.25 * np.sin(2 * math.pi * (starts % clock.DAY) / clock.DAY - 2)
    slow = np.convolve(noise.normal(0, 1, starts.size + 71), np.ones(72) / 8.5, "valid")[: starts.size]
    swing = season * daily * np.exp(0.3 * slow)
    values = LEVELS[column] + 0.3 * slow if column == "ph" else LEVELS[column] * swing
    frame = pl.DataFrame({"series": series, "start": starts, "seconds": clock.HOUR, "value": np.round(values, 3)}).with_columns(
        pl.when(pl.int_range(pl.len()) % 997 == 5).then(pl.lit("M")).otherwise(pl.lit("N")).alias("flag"),
        pl.when(pl.int_range(pl.len()) % 499 == 7).then(pl.lit(int(Check.RATE))).otherwise(pl.lit(0)).alias("quality"),
    )
    store.lake.write("hour", frame.filter(pl.int_range(pl.len()) % 701 > 3))

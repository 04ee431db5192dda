"""The documented tables that come from the platform's own database: figures, cases and registers, as they are and as they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl
from django.utils import timezone

from bilan.casework.models import Alert, Case
from bilan.lake.queries import HISTORY, REGISTERS
from bilan.pack.indicators import Column, Table
from bilan.pack.registers import Bilingual, Register
from bilan.plans.indicators.spans import Span
from bilan.plans.models import Figure, FigureState, IndicatorValue
from bilan.problems import BilanError
from bilan.registers import lake
from bilan.registers.declared import declared
from bilan.registers.exporting.columns import Values, columns
from bilan.registers.exporting.typed import typed_frame
from bilan.registers.models import Revision
from bilan.telemetry.clock import moment

_LEFT_OUT = ("geometry", "aliases")
"""Columns that queries have no use for."""
_TIMES = {
    "since": Column("since", "date", Bilingual("此内容从哪天起", "Day from which the register said this")),
    "until": Column("until", "date", Bilingual("到哪天为止，仍有效为空", "Day on which it ceased to, empty while it still does")),
}
_FIGURES: dict[str, Any] = {
    "series": pl.String,
    "district": pl.String,
    "period": pl.String,
    "value": pl.Float64,
    "organisation": pl.String,
}
_CASES: dict[str, Any] = {
    **dict.fromkeys(("code", "flow", "title", "district", "organisation", "state", "standing", "result", "register", "entry"), pl.String),
    **dict.fromkeys(("opened", "due", "closed"), pl.Date),
}


_ALERTS: dict[str, Any] = {
    **dict.fromkeys(("rule", "source", "subject", "point", "parameter", "network", "register", "entry", "district"), pl.String),
    "level": pl.Int64, "peak": pl.Int64, "state": pl.String,
    **dict.fromkeys(("opened", "began", "cleared"), pl.Datetime("us")),
    "evaluations": pl.Int64, "case": pl.String,
}  # fmt: skip
_VALUES: dict[str, Any] = {
    **dict.fromkeys(("indicator", "version", "district", "period"), pl.String),
    "through": pl.Date, "value": pl.Float64, "why": pl.String, "basis": pl.Float64, "rows": pl.Int64, "inputs": pl.String,
    "computed": pl.Datetime("us"), "latest": pl.Boolean,
}  # fmt: skip


def makers() -> Mapping[str, Callable[[], pl.DataFrame]]:
    """Name of a table → what makes it."""
    found: dict[str, Callable[[], pl.DataFrame]] = {
        "figures": figures, "cases": cases, "alerts": alerts, "indicator_values": indicator_values,
    }  # fmt: skip
    for name, register in declared().registers.items():
        if register.sensitivity in lake.OPEN:
            slug = name.replace("-", "_")
            found[f"{REGISTERS}.{slug}"] = _now(register)
            found[f"{HISTORY}.{slug}"] = _then(register)
    return found


def documented() -> Iterator[Table]:
    """The tables of the registers with their columns."""
    for name, register in declared().registers.items():
        if register.sensitivity not in lake.OPEN:
            continue
        slug = name.replace("-", "_")
        table = lake.table_of(register)
        own = {name: column for name, column in table.columns.items() if name not in _LEFT_OUT}
        then = Bilingual(
            "每行是一条记录的一个历史状态；某日的状态：since <= 该日 且 (until 为空 或 until > 该日)",
            "A row is one state of an entry; that of a day: since <= day and (until is null or until > day)",
        )
        yield replace(table, columns=own)
        yield Table(f"{HISTORY}.{slug}", register.title, then, _renamed(own) | _TIMES, table.lineage, sort=("code", "since"))


def figures() -> pl.DataFrame:
    """Reported figures that were signed off."""
    rows = Figure.objects.filter(state=FigureState.SIGNED, replaced=False).order_by("series", "district", "period")
    frame = pl.DataFrame(list(rows.values_list(*_FIGURES)), schema=_FIGURES, orient="row")
    first = {period: _first(period) for period in frame["period"].unique()}
    day = pl.col("period").replace_strict(first, default=None, return_dtype=pl.Date)
    return frame.with_columns(day.alias("day")).with_columns(pl.col("day").dt.year().cast(pl.Int64).alias("year"))


def cases() -> pl.DataFrame:
    """Cases, running and done."""
    rows = Case.objects.order_by("code").values_list(*_CASES)
    days = range(len(_CASES) - 3, len(_CASES))
    laid = [tuple(_day(value) if at in days else value for at, value in enumerate(row)) for row in rows.iterator(chunk_size=2000)]
    frame = pl.DataFrame(laid, schema=_CASES, orient="row")
    return frame.with_columns(pl.col("opened").dt.year().cast(pl.Int64).alias("year"))


def alerts() -> pl.DataFrame:
    """Episodes of alerts, open and ended."""
    wanted = [{"entry": "code", "case": "case__code"}.get(name, name) for name in _ALERTS]
    rows = Alert.objects.order_by("opened", "pk").values_list(*wanted)
    began, times = list(_ALERTS).index("began"), [list(_ALERTS).index(name) for name in ("opened", "cleared")]
    laid = (
        tuple(moment(value) if at == began else _time(value) if at in times else value for at, value in enumerate(row))
        for row in rows.iterator(chunk_size=2000)
    )
    frame = pl.DataFrame(list(laid), schema=_ALERTS, orient="row")
    return frame.with_columns(pl.col("opened").dt.date().alias("day"))


def indicator_values() -> pl.DataFrame:
    """Values as they were computed, those that stand and those before."""
    rows = IndicatorValue.objects.order_by("pk").values_list(*_VALUES)
    laid = ((*row[:-2], _time(row[-2]), row[-1]) for row in rows.iterator(chunk_size=2000))
    return pl.DataFrame(list(laid), schema=_VALUES, orient="row")


def _now(register: Register) -> Callable[[], pl.DataFrame]:
    def made() -> pl.DataFrame:
        if not lake.is_current(register.name):
            lake.write(register.name)
        frame = pl.read_parquet(lake.path_of(register.name))
        return frame.drop([name for name in _LEFT_OUT if name in frame.columns])

    return made


def _then(register: Register) -> Callable[[], pl.DataFrame]:
    def made() -> pl.DataFrame:
        names = _names(register)
        wanted = columns(register, names, "zh-hans")
        entries = Revision.objects.filter(register=register.name, archived=False).order_by("code", "version")
        times: list[tuple[Any, Any]] = []

        def rows() -> Iterator[Mapping[str, Any]]:
            for record, values in Values(None, register, wanted, "zh-hans", worded=False).of(entries):
                times.append((_day(record.since), _day(record.until)))
                yield values

        frame = typed_frame(register, names, rows())
        spans = pl.DataFrame(times, schema=dict.fromkeys(_TIMES, pl.Date), orient="row")
        return (
            frame.rename({name: f"stated_{name}" for name in _TIMES if name in frame.columns})
            .hstack(spans)
            .filter(pl.col("until").is_null() | (pl.col("until") > pl.col("since")))
        )

    return made


def _names(register: Register) -> list[str]:
    return [name for name in lake.names_of(register) if name not in _LEFT_OUT]


def _renamed(own: Mapping[str, Column]) -> dict[str, Column]:
    """Columns under names that leave those of the times free."""
    named = {f"stated_{name}" if name in _TIMES else name: column for name, column in own.items()}
    return {name: replace(column, name=name) for name, column in named.items()}


def _day(moment: Any) -> Any:
    return timezone.localtime(moment).date() if moment else None


def _time(moment_: Any) -> Any:
    """Wall time of the city."""
    return timezone.localtime(moment_).replace(tzinfo=None) if moment_ else None


def _first(period: str) -> Any:
    try:
        return Span.parse(period).first
    except BilanError:
        return None

"""Rules about frames without moments: devices as they are now, entries, terms, indicators, forecasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from bilan.evaluation.rules.binding import bound
from bilan.evaluation.rules.compiling import Compiler, kind_of
from bilan.evaluation.rules.episodes import Episode
from bilan.evaluation.rules.findings import Collected, Source, row
from bilan.evaluation.rules.judging import cannot, sentence_columns
from bilan.pack.rules import Kind, Name, RuleSpec
from bilan.problems import BilanError

META = ("source", "point", "parameter", "network", "register", "code", "name", "district", "organisation")
"""What tells a row's source; columns of these names, with ``@`` before them where a field has the name too."""
_TYPES = {Kind.NUMBER: pl.Float64, Kind.TEXT: pl.String, Kind.BOOL: pl.Boolean}


def evaluate(spec: RuleSpec, frame: pl.DataFrame, now: int, today: date) -> Collected:
    """Judge one rule on a frame, every row by itself.

    A source may have several rows, such as the hours of a forecast: it fires when any of them holds, and the worst and then earliest of
    them is told; it stands clear when none holds and all that is known of it clears.

    Args:
        spec: the rule.
        frame: columns that it names; ``@source`` and, as far as there are, those of `META` with ``@`` before them, ``@moment`` and
            ``@began`` [s of the wall clock].
        now: time of the evaluation [s of the wall clock].
        today: the day conditions on dates count from.
    """
    found = Collected()
    try:
        _judge(spec, frame, now, today, found)
    except BilanError as error:
        found.problems += [cannot(spec, problem.text("en")) for problem in error.problems]
    except pl.exceptions.PolarsError as error:
        found.problems.append(cannot(spec, str(error).partition("\n")[0][:200]))
    return found


def typed(frame: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.DataFrame:
    """The frame with each column as its kind asks; what cannot be read so is absent, columns that lack are empty."""
    made = []
    for name, kind in kinds.items():
        if name not in frame.columns:
            if kind in _TYPES or kind is Kind.DATE:
                made.append(pl.lit(None, dtype=_TYPES.get(kind, pl.Date)).alias(name))
            continue
        given = frame.schema[name]
        column = pl.col(name)
        if kind is Kind.DATE and given == pl.String:
            made.append(column.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False))
        elif kind is Kind.DATE and not given.is_temporal():
            made.append(pl.lit(None, dtype=pl.Date).alias(name))
        elif kind in _TYPES and given != _TYPES[kind] and not given.is_nested():
            made.append(column.cast(_TYPES[kind], strict=False))
    return frame.with_columns(made)


def _judge(spec: RuleSpec, frame: pl.DataFrame, now: int, today: date, found: Collected) -> None:
    compiler = Compiler({name: kind_of(dtype) for name, dtype in frame.schema.items()}, today=today)

    def of(node: Any) -> pl.Expr:
        return compiler.of(bound(node, None))[0]

    holds = of(spec.condition.node).cast(pl.Boolean)
    if spec.where.when:
        holds = holds & of(spec.where.when.node).cast(pl.Boolean).fill_null(value=False)
    clears = of(spec.clear.node).cast(pl.Boolean) & ~holds if spec.clear else ~holds
    level = pl.lit(spec.base_level)
    for entry in spec.levels:
        if entry.when:
            level = pl.when(of(entry.when.node).cast(pl.Boolean)).then(pl.lit(entry.level)).otherwise(level)
    names = [*sentence_columns(spec, [name for name in frame.columns if name not in spec.let]), *spec.let]
    told = [of(spec.let[name].node if name in spec.let else Name(name)).alias(f"told:{name}") for name in names]
    judged = frame.with_columns(holds.alias("@holds"), clears.alias("@clears"), level.alias("@level"), *told)
    moment = pl.col("@moment") if "@moment" in frame.columns else pl.lit(now)
    judged = judged.with_columns(moment.cast(pl.Int64).fill_null(now).alias("@moment"))
    fires = pl.col("@holds").fill_null(value=False)
    clear = judged.group_by("@source", maintain_order=True).agg(
        (~fires).all().alias("quiet"), pl.col("@clears").all(ignore_nulls=True).alias("clears"), pl.col("@clears").count().alias("known")
    )
    standing = clear.filter(pl.col("quiet") & pl.col("clears") & (pl.col("known") > 0))
    found.clear(spec.rule, standing["@source"])
    worst = judged.filter(fires).sort("@level", "@moment", descending=[True, False], maintain_order=True)
    for told_of in worst.unique("@source", keep="first", maintain_order=True).sort("@source").iter_rows(named=True):
        found.rows.append(_row(spec, told_of, names, judged))


def _row(spec: RuleSpec, entry: Mapping[str, Any], names: Sequence[str], judged: pl.DataFrame) -> dict[str, Any]:
    about = Source(**{name: str(entry.get(f"@{name}") or "") for name in META})
    episode = Episode(0, 0, 1, 1, int(entry["@level"]), int(entry["@level"]), held=1, changes=[(1, int(entry["@level"]))])
    began = entry.get("@began")
    starts = [entry["@moment"] if began is None else int(began), entry["@moment"]]
    values = {name: entry[f"told:{name}"] for name in names}
    return row(spec, about, episode, starts, 0, values, _proof(about, entry, judged))


def _proof(about: Source, entry: Mapping[str, Any], judged: pl.DataFrame) -> dict[str, Any]:
    """Which point's series belong to it; of a forecast, the moments that hold."""
    if not about.point:
        return {}
    of_source = judged.filter(pl.col("@source") == about.source, pl.col("@holds"))["@moment"].sort().to_list()
    series = [{"point": about.point, **({"parameter": about.parameter} if about.parameter else {})}]
    return {"series": series, "begin": min(of_source), "end": max(of_source), "marks": of_source[:200]}

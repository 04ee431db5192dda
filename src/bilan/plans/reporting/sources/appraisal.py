"""The latest appraisal of the districts, provisional or final."""

from __future__ import annotations

from bilan.plans.models import Scoring, Stage
from bilan.plans.reporting import charts
from bilan.plans.reporting.context import Context, Drawn, Given, Rows
from bilan.plans.reporting.model import Column, Found, Origin
from bilan.plans.reporting.words import digits


def given(context: Context) -> Given:
    """Scores and ranking."""
    found = (
        context.planbook.scorings().exclude(stage=Stage.TRIAL).filter(year__lte=context.period.year).order_by("-year", "-number").first()
    )
    order = ranked(found) if found is not None else []
    origin = Origin("appraisal", (found.appraisal, str(found.year))) if found is not None else None
    totals = [total for _who, total, _rank in order]
    numbers = {
        "districts": len(order) or None,
        "first": context.district(order[0][0]) if order else None,
        "last": context.district(order[-1][0]) if order else None,
        "highest": totals[0] if order else None,
        "lowest": totals[-1] if order else None,
        "mean": sum(totals) / len(totals) if totals else None,
    }
    return Given(
        {f"appraisal.{name}": Found(value, origin=origin) for name, value in numbers.items()},
        {"appraisal.ranking": lambda: _rows(context, found, order)},
        {"appraisal.ranking": lambda: _drawn(context, order)},
    )


def ranked(scoring: Scoring) -> list[tuple[str, float, int]]:
    """Who was appraised with total and rank, the best first."""
    rows = [(who, float(entry["total"]), int(entry["rank"])) for who, entry in scoring.totals.items() if entry.get("total") is not None]
    return sorted(rows, key=lambda row: (row[2], row[0]))


def _rows(context: Context, scoring: Scoring | None, order: list[tuple[str, float, int]]) -> Rows:
    say = context.say
    columns = (
        Column(say("县（市、区）", "District"), share=2),
        Column(say("得分", "Score"), numeric=True),
        Column(say("排名", "Rank"), numeric=True),
    )
    rows = tuple((context.district(who), digits(total, 1), str(rank)) for who, total, rank in order)
    note = ""
    if scoring is not None:
        final = scoring.stage == Stage.FINAL
        note = say(
            f"{scoring.year}年度第{scoring.number}次评分，{'最终结果' if final else '初步结果'}",
            f"Scoring {scoring.number} of {scoring.year}, {'final' if final else 'provisional'}",
        )
    return Rows(columns, rows, tuple(who for who, _total, _rank in order), note)


def _drawn(context: Context, order: list[tuple[str, float, int]]) -> Drawn | None:
    if not order:
        return None
    rows = [charts.Bar(context.district(who), total, digits(total, 1)) for who, total, _rank in order]
    svg, ratio = charts.bars(rows, full=100)
    return Drawn(svg, ratio, "，".join(f"{row.name}{row.text}" for row in rows))

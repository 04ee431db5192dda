"""How the targets and commitments of the running plan stand at the end of a period."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bilan.plans.models import Check, Comparator, IndicatorValue, Kind, Nature, Odds, Plan, Target
from bilan.plans.reporting import charts
from bilan.plans.reporting.context import Context, Drawn, Given, Rows
from bilan.plans.reporting.model import Column, Found, Origin
from bilan.plans.reporting.words import decimals, digits

EVEN = 0.5
"""Odds below this count as at risk."""


class Standing(StrEnum):
    """How a value stands to what was promised."""

    MET = "met"
    """It already is what the plan asks at its end."""
    ON_PATH = "on_path"
    """It is what the path asks of the year."""
    BEHIND = "behind"
    UNKNOWN = "unknown"


WORDS = {
    Standing.MET: ("已达规划目标", "target met"),
    Standing.ON_PATH: ("达到序时进度", "on its path"),
    Standing.BEHIND: ("未达序时进度", "behind its path"),
    Standing.UNKNOWN: ("暂无结果", "no value yet"),
}


@dataclass(frozen=True, slots=True)
class Stood:
    """A target with its newest value, what the year asks of it, its odds and how it stands."""

    target: Target
    value: IndicatorValue | None
    due: float | None
    odds: Odds | None
    standing: Standing

    @property
    def risk(self) -> bool:
        """Whether it is behind or its odds are under one half."""
        return self.standing is Standing.BEHIND or (self.odds is not None and (self.odds.probability or 1.0) < EVEN)


def meets(value: float, comparator: str, wanted: float, upper: float | None = None) -> bool:
    """Whether a value is as promised.

    Examples:
        >>> meets(97.5, ">=", 97.5), meets(20.1, "<=", 20), meets(5, "=", 5)
        (True, False, True)
    """
    if comparator == str(Comparator.EQUAL):
        return wanted <= value <= (upper if upper is not None else wanted)
    compare = {str(Comparator.MOST): operator.le, str(Comparator.BELOW): operator.lt, str(Comparator.ABOVE): operator.gt}
    return bool(compare.get(comparator, operator.ge)(value, wanted))


def due_in(target: Target, year: int) -> float | None:
    """What a target asks in a year: of its path, else a straight line from its baseline, else what it asks at its end.

    Examples:
        >>> due_in(Target(year=2025, value=20.0, baseline_year=2020, baseline=25.0), 2023)
        22.0
        >>> due_in(Target(year=2025, value=20.0, path={"2023": 21.5}), 2023)
        21.5
    """
    if year >= target.year or target.value is None:
        return target.value
    if str(year) in target.path:
        return float(target.path[str(year)])
    if target.baseline is None or target.baseline_year is None or target.baseline_year >= target.year:
        return target.value
    share = max(0, year - target.baseline_year) / (target.year - target.baseline_year)
    return round(target.baseline + share * (target.value - target.baseline), 6)


def stood(context: Context, district: str = "") -> list[Stood]:
    """Every target of the city, or of a district, that concerns the year of the period, with how it stands."""
    year = context.period.year
    targets = [target for target in context.planbook.targets().filter(district=district) if _concerns(target, year)]
    values = newest(context, {target.indicator for target in targets}, district)
    odds = {
        entry.target_id: entry for entry in context.planbook.odds().filter(target__in=targets, day__lt=context.period.end).order_by("day")
    }
    return [_stood(target, values.get(target.indicator), odds.get(target.pk), year) for target in targets]


def newest(context: Context, indicators: set[str], district: str = "") -> dict[str, IndicatorValue]:
    """The value of each indicator for the year of the period, or for the last year before it that has one."""
    year = context.period.year
    wanted = [str(at) for at in range(year - 10, year + 1)]
    found = context.planbook.values().filter(indicator__in=indicators, district=district, latest=True, period__in=wanted)
    return {entry.indicator: entry for entry in found.exclude(value=None).order_by("period")}


def running_plan(context: Context) -> Plan | None:
    """The plan of the year of the period: of several, the one with most commitments; the newest when none covers the year."""
    plans = list(context.planbook.plans())
    covering = [plan for plan in plans if plan.begin <= context.period.year <= plan.end]
    return max(covering, key=lambda plan: plan.commitments.count(), default=plans[0] if plans else None)


def given(context: Context) -> Given:
    """Counts, tables and the chart of the targets."""
    found = stood(context)
    counts = Counter(entry.standing for entry in found)
    binding = [entry for entry in found if entry.target.nature == Nature.BINDING]
    known = len(found) - counts[Standing.UNKNOWN]
    on_path = counts[Standing.MET] + counts[Standing.ON_PATH]
    origin = Origin("scorecard")
    numbers = {
        "total": len(found),
        "known": known,
        "met": counts[Standing.MET],
        "on_path": on_path,
        "behind": counts[Standing.BEHIND],
        "unknown": counts[Standing.UNKNOWN],
        "binding": len(binding),
        "binding_met": sum(entry.standing in (Standing.MET, Standing.ON_PATH) for entry in binding),
        "share": 100 * on_path / known if known else None,
        "risk": sum(entry.odds is not None and (entry.odds.probability or 1.0) < EVEN for entry in found),
    }
    return Given(
        {f"targets.{name}": Found(value, origin=origin) for name, value in numbers.items()},
        {
            "targets.all": lambda: _rows(context, found),
            "targets.risk": lambda: _rows(context, [entry for entry in found if entry.risk]),
            "targets.duties": lambda: duties(context, [entry for entry in found if entry.target.owner]),
        },
        {"targets.odds": lambda: _odds(context, found)},
    )


def given_of_plan(context: Context) -> Given:
    """Counts of the commitments of the running plan, and who answers for them."""
    plan = running_plan(context)
    kinds: Counter[str] = Counter()
    confirmed, owners = 0, []
    if plan is not None:
        commitments = context.planbook.commitments(plan).exclude(check_state=Check.REJECTED).exclude(kind=Kind.BASELINE_FACT)
        rows = list(commitments.values_list("kind", "check_state", "owner"))
        kinds = Counter(str(kind) for kind, _check, _owner in rows)
        confirmed = sum(check in (Check.CONFIRMED, Check.CORRECTED) for _kind, check, _owner in rows)
        owners = [(owner, kind) for kind, _check, owner in rows if owner]
    origin = Origin("plan", (plan.code,)) if plan else None
    numbers = {
        "commitments": sum(kinds.values()),
        "targets": kinds[str(Kind.TARGET)],
        "tasks": kinds[str(Kind.TASK)],
        "projects": kinds[str(Kind.PROJECT)],
        "confirmed": confirmed,
    }
    return Given(
        {f"plan.{name}": Found(value if plan else None, origin=origin) for name, value in numbers.items()},
        {"plan.owners": lambda: _owners(context, owners)},
    )


def plan_title(context: Context) -> str:
    """What the running plan is called."""
    plan = running_plan(context)
    if plan is None:
        return context.say("生态环境保护规划", "plan")
    return plan.title_en or plan.title if context.english else plan.title


def named(target: Target) -> str:
    """What a target is called: the metric of the plan, else its indicator."""
    commitment = target.commitment
    return " ".join(filter(None, (commitment.subject, commitment.metric))) if commitment is not None else target.indicator


def _concerns(target: Target, year: int) -> bool:
    begin = target.plan.begin if target.plan is not None else target.baseline_year or target.year
    return begin <= year <= max(target.year, target.plan.end if target.plan is not None else target.year)


def _stood(target: Target, value: IndicatorValue | None, odds: Odds | None, year: int) -> Stood:
    due = due_in(target, year)
    if value is None or value.value is None or target.value is None or due is None:
        standing = Standing.UNKNOWN
    elif meets(value.value, target.comparator, target.value, target.upper):
        standing = Standing.MET
    else:
        standing = Standing.ON_PATH if meets(value.value, target.comparator, due, target.upper) else Standing.BEHIND
    return Stood(target, value, due, odds, standing)


def _rows(context: Context, found: Sequence[Stood]) -> Rows:
    say, language = context.say, context.language
    columns = (
        Column(say("指标", "Target"), share=3.2),
        Column(say("基期", "Baseline"), numeric=True),
        Column(say("规划目标", "Promised"), numeric=True, share=1.2),
        Column(say("当年要求", "This year"), numeric=True, share=1.2),
        Column(say("最新值", "Value"), numeric=True),
        Column(say("年份", "Year"), numeric=True, share=0.8),
        Column(say("进展", "Standing"), share=1.6),
        Column(say("完成概率", "Odds"), numeric=True, share=1.1),
    )
    rows = []
    for entry in found:
        target = entry.target
        value = entry.value.value if entry.value is not None else None
        rows.append(
            (
                _with_unit(context, target),
                digits(target.baseline, decimals(target.baseline), language),
                _wanted(context, target),
                digits(entry.due, decimals(entry.due), language),
                digits(value, min(2, decimals(value)), language),
                entry.value.period if entry.value is not None else "—",
                say(*WORDS[entry.standing]),
                "—" if entry.odds is None or entry.odds.probability is None else f"{100 * entry.odds.probability:.0f}%",
            )
        )
    return Rows(columns, tuple(rows), tuple(entry.target.code for entry in found))


def duties(context: Context, found: Sequence[Stood], *, by_owner: bool = True) -> Rows:
    """What is asked this year and at the end of the plan; with who answers for it, department by department, unless that is one."""
    say, language = context.say, context.language
    titles = (
        say("责任单位", "Department"),
        say("指标", "Target"),
        say("当年要求", "This year"),
        say("规划目标", "Promised"),
        say("年份", "By"),
    )
    columns = tuple(Column(title, numeric=at > 1, share=3 if at == 1 else 1.4) for at, title in enumerate(titles))
    answered = sorted(found, key=lambda entry: (entry.target.owner if by_owner else "", named(entry.target)))
    rows = tuple(
        (
            entry.target.owner or "—",
            _with_unit(context, entry.target),
            digits(entry.due, decimals(entry.due), language),
            _wanted(context, entry.target),
            str(entry.target.year),
        )
        for entry in answered
    )
    at = 0 if by_owner else 1
    return Rows(columns[at:], tuple(row[at:] for row in rows), tuple(entry.target.code for entry in answered))


def promised(context: Context, value: float | None, upper: float | None, comparator: str, unit: str = "") -> str:
    """A promised number with its relation, its range and its unit; empty for none."""
    if value is None:
        return ""
    number = digits(value, decimals(value), context.language)
    if upper is not None:
        number += f"{context.say('～', '–')}{digits(upper, decimals(upper), context.language)}"
    sign = {"<=": "≤", ">=": "≥", "<": "<", ">": ">"}.get(comparator, "") if upper is None else ""
    return f"{sign}{number}{context.say('', ' ') if unit not in ('', '%') else ''}{unit}"


def _wanted(context: Context, target: Target) -> str:
    said = promised(context, target.value, target.upper, target.comparator)
    return said or (context.say("省下达", "by the province") if target.handed_down else target.wording or "—")


def _with_unit(context: Context, target: Target) -> str:
    unit = target.commitment.unit if target.commitment is not None else ""
    return f"{named(target)}{context.say(f'（{unit}）', f' ({unit})') if unit else ''}"


def _odds(context: Context, found: Sequence[Stood]) -> Drawn | None:
    known = [entry for entry in found if entry.odds is not None and entry.odds.probability is not None]
    if not known:
        return None
    rows = [
        charts.Bar(named(entry.target)[:20], share, f"{100 * share:.0f}%", charts.AMBER if share < EVEN else charts.AZURE)
        for entry in known
        if entry.odds is not None and (share := entry.odds.probability) is not None
    ]
    svg, ratio = charts.bars(rows, full=1.0)
    return Drawn(svg, ratio, context.say("，", ", ").join(f"{row.name} {row.text}" for row in rows))


def _owners(context: Context, owners: Sequence[tuple[str, str]]) -> Rows:
    say = context.say
    counts: dict[str, Counter[str]] = {}
    for owner, kind in owners:
        counts.setdefault(owner, Counter())[kind] += 1
    titles = (say("责任单位", "Owner"), say("指标", "Targets"), say("任务", "Tasks"), say("工程", "Projects"), say("合计", "All"))
    rows = tuple(
        (owner, *(str(count[str(kind)]) for kind in (Kind.TARGET, Kind.TASK, Kind.PROJECT)), str(sum(count.values())))
        for owner, count in sorted(counts.items(), key=lambda entry: -sum(entry[1].values()))
    )
    columns = tuple(Column(title, numeric=at > 0, share=3 if at == 0 else 1) for at, title in enumerate(titles))
    return Rows(columns, rows, tuple(row[0] for row in rows))

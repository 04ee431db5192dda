"""How targets stand, day by day: the odds of each are computed from what its indicator counts, and one row a day is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from bilan.pack.indicators import current
from bilan.plans.grounds import Grounds
from bilan.plans.indicators.tables import Tables
from bilan.plans.models import Comparator, Odds, Target
from bilan.plans.odds import Aim, Stand, Why
from bilan.problems import BilanError, Problem
from bilan.telemetry.store import Store

FURTHEST = 6
"""Years ahead beyond which nothing is said, whatever the kind."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was kept of one target; `problem` when its indicator could not be computed."""

    target: Target
    stand: Stand
    detail: dict[str, Any]
    problem: Problem | None = None


def keep(days: Iterable[date], codes: Iterable[str] = ()) -> Iterator[Told]:
    """Tell how targets stand on days, and keep it; what was kept of the same day before is replaced.

    Args:
        days: days to tell of, each as it was known then; see `history`.
        codes: targets; all when empty.

    Raises:
        BilanError: there is no such target.
    """
    store = Store.open(settings.CITY)
    try:
        tables, catalogue = Tables.now(settings.CITY, store), current(settings.CITY.pack)
        found = targets(codes)
        first = Grounds(catalogue, tables, tables.today)
        first.prepare(target.indicator for target in found)
        wanted = sorted(set(days))
        for today in wanted:
            # What decides is only asked of the newest day.
            grounds = first.at(today, decides=today == wanted[-1])
            told = [tell(grounds, target) for target in found]
            Odds.objects.bulk_create(
                [_row(entry, today) for entry in told],
                update_conflicts=True,
                unique_fields=["target", "day"],
                update_fields=["value", "gap", "probability", "why", "detail", "computed"],
            )
            yield from told
    finally:
        store.close()


def history(today: date, weeks: int) -> list[date]:
    """A day of each of the last weeks, oldest first, and today.

    Examples:
        >>> [day.isoformat() for day in history(date(2026, 3, 15), 2)]
        ['2026-03-01', '2026-03-08', '2026-03-15']
    """
    return [today - timedelta(weeks=back) for back in range(weeks, -1, -1)]


def targets(codes: Iterable[str] = ()) -> list[Target]:
    """Targets by their codes, or all.

    Raises:
        BilanError: there is no such target.
    """
    wanted = list(codes)
    found = list(Target.objects.filter(code__in=wanted) if wanted else Target.objects.all())
    missing = sorted(set(wanted) - {target.code for target in found})
    if missing:
        raise BilanError(*(Problem("odds.no_target", {"value": code}) for code in missing))
    return found


def tell(grounds: Grounds, target: Target) -> Told:
    """How one target stands; a target whose indicator cannot be computed says so and stops no other."""
    aim = aim_of(target, target.value, target.upper)
    try:
        if aim is None:
            return Told(target, _silent(grounds, target), {})
        if target.year - grounds.today.year > FURTHEST:
            return Told(target, replace(_silent(grounds, target), why=Why.TOO_FAR), {})
        return _told(grounds, target, aim)
    except BilanError as error:
        return Told(target, Stand(why=Why.NO_DATA), {}, error.problems[0])


def aim_of(target: Target, value: float | None, upper: float | None = None) -> Aim | None:
    """The promise of a target in numbers; None while it has none."""
    if value is None or target.comparator == Comparator.WORDS:
        return None
    return Aim(str(target.comparator or Comparator.LEAST), value, upper)


def _told(grounds: Grounds, target: Target, aim: Aim) -> Told:
    """A target that has a number: its own year, this year on its path, and its districts' shares."""
    this = min(target.year, grounds.today.year)
    stand = grounds.stand(target.indicator, target.district, aim, target.year)
    more: dict[str, Any] = {}
    if target.year > this:
        stand, more["this_year"] = _on_the_way(grounds, target, aim, stand)
    rank = grounds.rank(target.indicator, target.district, this)
    if rank:
        more["rank"] = rank
    shares = [_share(grounds, target, district, value) for district, value in target.shares.items() if isinstance(value, int | float)]
    if shares:
        more["districts"] = shares
    return Told(target, stand, stand.detail() | more)


def _on_the_way(grounds: Grounds, target: Target, aim: Aim, stand: Stand) -> tuple[Stand, dict[str, Any] | None]:
    """This year of a target of a later one: its value stands for the target, its odds against the path stand beside."""
    year = grounds.today.year
    promised = target.path.get(str(year))
    path = aim_of(target, float(promised)) if isinstance(promised, int | float) else None
    now = grounds.stand(target.indicator, target.district, path or aim, year)
    if now.value is not None:
        stand = replace(stand, value=now.value, gap=aim.gap(now.value), through=stand.through or now.through, deciding=now.deciding)
    if path is None:
        return stand, None
    return stand, {"year": year, "aim": path.value, "value": now.value, "gap": now.gap, "probability": now.probability, "why": now.why} | {
        name: entry for name, entry in now.detail().items() if name != "deciding"
    }


def _share(grounds: Grounds, target: Target, district: str, value: float) -> dict[str, Any]:
    """How a district stands against its own share of a target."""
    aim = aim_of(target, float(value))
    assert aim is not None
    found = grounds.stand(target.indicator, district, aim, target.year, decides=False)
    told = {"district": district, "aim": aim.value, "value": found.value, "gap": found.gap, "probability": found.probability}
    return told | {"why": found.why, "needed": found.needed, "affordable": found.affordable, "left": found.left}


def _silent(grounds: Grounds, target: Target) -> Stand:
    """The value alone, of a target without a number."""
    known = target.indicator in grounds.catalogue
    value = grounds.value(target.indicator, target.district, min(target.year, grounds.today.year)) if known else None
    return Stand(value, why=Why.NO_NUMBER)


def _row(told: Told, day: date) -> Odds:
    stand = told.stand
    rounded = None if stand.probability is None else round(stand.probability, 4)
    return Odds(target=told.target, day=day, value=stand.value, gap=stand.gap, probability=rounded, why=str(stand.why), detail=told.detail)

"""A plan of the tiny city: commitments, targets of the city and of each district, values, odds and reported figures.

What belongs to a district carries the code and the name of its air point, so that the walk over all addresses notices a leak.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from bilan.plans.models import Commitment, Figure, IndicatorValue, Odds, Plan, Target, TargetChange
from tests.web import tiny

INDICATOR = "good-days"
SERIES = "sewage"
WEEKS = 6
SPREAD = {"0.05": 95.0, "0.25": 96.0, "0.5": 96.5, "0.75": 97.0, "0.95": 97.5}
SENTENCE = "到2030年，空气质量优良天数比例达到97%。"


def make() -> None:
    """Put down a plan with what follows from it."""
    today = timezone.localdate()
    plan = Plan.objects.create(
        code="tiny",
        title="演示市生态环境保护规划",
        title_en="Plan of Demo City",
        begin=2026,
        end=2030,
        state="running",
        blocks=[{"kind": "paragraph", "level": 0, "text": SENTENCE, "line": 1, "page": None, "section": "第一章"}],
    )
    commitment = Commitment.objects.create(
        plan=plan,
        number=1,
        section="第一章",
        sentence=SENTENCE,
        line=1,
        finish=len(SENTENCE),
        words={"value": "97%"},
        metric="空气质量优良天数比例",
        comparator=">=",
        value=97.0,
        unit="%",
        deadline="2030",
        nature="约束性",
        kind="target",
        check_state="confirmed",
        indicator=INDICATOR,
    )
    values = {"indicator": INDICATOR, "year": 2030, "comparator": ">=", "baseline_year": 2025, "baseline": 95.0}
    path = {str(year): 95.0 + 0.4 * (year - 2025) for year in range(2026, 2031)}
    city = Target.objects.create(
        code="city", plan=plan, commitment=commitment, value=97.0, nature="约束性", owner="大气科", path=path, **values
    )
    _stands(city, 96.1, 0.82, today)
    IndicatorValue.objects.create(
        indicator=INDICATOR, version="2021", period=str(today.year), value=96.1, basis=1.0, rows=300, through=today
    )
    for point in (entry for entry in tiny.points() if entry.network == "air"):
        target = Target.objects.create(
            code=point.code, plan=plan, commitment=commitment, district=point.district, value=96.0, owner=point.name_zh, **values
        )
        _stands(target, 94.0, 0.35, today, point.name_zh)
        TargetChange.objects.create(target=target, field="owner", before="", after=point.name_zh, document=point.name_zh)
        place = {"district": point.district, "period": str(today.year)}
        IndicatorValue.objects.create(indicator=INDICATOR, version="2021", value=94.0, why=point.code, through=today, **place)
        Figure.objects.create(
            series=SERIES,
            value=90.0,
            note=point.name_zh,
            evidence=[{"name": f"{point.name_zh}.pdf", "file": "", "digest": ""}],
            **place,
        )


def _stands(target: Target, value: float, probability: float, today: date, name: str = "") -> None:
    detail = {
        "needed": 98.0,
        "affordable": 4,
        "left": 40,
        "quantiles": SPREAD,
        "deciding": {"note": name},
    }
    Odds.objects.bulk_create(
        Odds(
            target=target,
            day=today - timedelta(weeks=week),
            value=value,
            gap=(target.value or 0.0) - value,
            probability=probability - 0.01 * week,
            detail=detail if not week else {},
        )
        for week in range(WEEKS)
    )

"""The demo city's reported figures, filled in, checked and signed off by three persons in the spring after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import numpy as np
from django.utils import timezone

from bilan.demo.districts import District
from bilan.demo.plans.figures import Made, figures
from bilan.pack.indicators import Series
from bilan.people.models import Organisation, Person
from bilan.people.models.organisation import Kind
from bilan.plans.models import Figure, FigureState

ORGANISATIONS = {
    "DRC": ("演示·发展和改革委员会", "Demo Development and Reform Commission"),
    "STAT": ("演示·统计局", "Demo Statistics Bureau"),
    "INDUSTRY": ("演示·工业和信息化局", "Demo Industry Bureau"),
    "HOUSING": ("演示·住房和城乡建设局", "Demo Housing Bureau"),
    "NATURE": ("演示·自然资源和规划局", "Demo Natural Resources Bureau"),
    "FOREST": ("演示·林业局", "Demo Forestry Bureau"),
    "WATER": ("演示·水利局", "Demo Water Bureau"),
    "EEB": ("演示·生态环境局综合科", "Demo Environment Bureau, General Division"),
}
"""Code of who reports → names; the figures' declarations know them by these codes."""
STEPS = (("fill", "clerk", 0), ("check", "reviewer", 5), ("sign", "chief", 9))
"""What was done, by which demo account, how many days after the first."""
REPORTED_IN = (3, 6)
"""Month and day on which a year's figures are filled in."""
KILOMETRES = 111.2
"""A degree of latitude [km]."""
CHUNK = 500


def sign_all(known: Iterable[District], declared: Mapping[str, Series], today: datetime, seed: int = 0) -> int:
    """Make all figures where there are none.

    Returns:
        How many figures there are.
    """
    if not Figure.objects.exists():
        _organisations()
        reporting = [district for district in known if district.weight]
        weights = {district.adcode: float(district.weight) for district in reporting}
        areas = {district.adcode: _land(district) for district in reporting}
        decimals = {name: series.decimals for name, series in declared.items()}
        made = figures(weights, areas, _last(today), decimals, seed)
        Figure.objects.bulk_create(_signed(made, declared), batch_size=CHUNK)
    return int(Figure.objects.count())


def _organisations() -> None:
    for code, (zh, en) in ORGANISATIONS.items():
        Organisation.objects.get_or_create(code=code, defaults={"name_zh": zh, "name_en": en, "kind": Kind.DEPARTMENT})


def _signed(made: Iterable[Made], declared: Mapping[str, Series]) -> Iterator[Figure]:
    persons = {person.username: person for person in Person.objects.filter(username__in=[name for _act, name, _days in STEPS])}
    for one in made:
        series = declared.get(one.series)
        if series is None or not (series.districts if one.district else series.city):
            continue
        first = timezone.make_aware(datetime(one.year + 1, *REPORTED_IN, 10))
        steps = [{"at": (first + timedelta(days=days)).isoformat(), "person": name, "act": act, "note": ""} for act, name, days in STEPS]
        yield Figure(
            series=one.series,
            district=one.district,
            period=str(one.year),
            value=one.value,
            note="演示数据 demo data",
            organisation=series.organisation,
            state=FigureState.SIGNED,
            steps=steps,
            person=persons.get(STEPS[0][1]),
            checker=persons.get(STEPS[1][1]),
            changed=first + timedelta(days=STEPS[-1][2]),
        )


def _last(today: datetime) -> int:
    """The last year whose figures are signed off: the one before, from the middle of March on."""
    month, day = REPORTED_IN
    ready = datetime(today.year, month, day) + timedelta(days=STEPS[-1][2])
    return today.year - (1 if today.replace(tzinfo=None) >= ready else 2)


def _land(district: District) -> float:
    """Area within the outline of a district [km²]."""
    lon, lat = np.asarray(district.area.outline).T
    x, y = lon * KILOMETRES * np.cos(np.radians(lat.mean())), lat * KILOMETRES
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)

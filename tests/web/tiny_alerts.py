"""One open alert a district of the tiny city; the first, of the first district, is number 1."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from bilan.casework.models import Alert, AlertEvent, Level
from bilan.telemetry import clock
from tests.web import tiny

RULE = "air-hour-heavy"
JUMP = "air-hour-jump"


def make(now: int | None = None) -> list[Alert]:
    """Write the alerts; `now` [s of the wall clock] is the newest data they rest on."""
    moment = (clock.now() if now is None else now) // clock.HOUR * clock.HOUR - clock.HOUR
    made = []
    for number, (adcode, (zh, _en, lon, lat)) in enumerate(tiny.DISTRICTS.items(), 1):
        alert = Alert.objects.create(
            rule=JUMP,
            source=f"AIR{number}|a34004",
            subject="series",
            point=f"AIR{number}",
            parameter="a34004",
            network="air",
            name=f"{zh}演示站",
            district=adcode,
            lon=lon,
            lat=lat,
            level=Level(number + 1),
            peak=Level(number + 1),
            opened=timezone.now() - timedelta(hours=number),
            began=moment - 3 * clock.HOUR,
            moment=moment,
            evaluations=4,
            values={"value": 91.5, "before": 20.25, "deviation": 7.5, "unit": "ug/m3"},
            cause=f"district:{adcode}",
            role="enforcement-officer",
        )
        AlertEvent.objects.create(alert=alert, kind="opened", level=alert.level)
        made.append(alert)
    return made

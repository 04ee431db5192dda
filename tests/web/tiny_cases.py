"""Cases of the tiny city: one a district, with the codes and names of the air points."""

from __future__ import annotations

from datetime import date

from bilan.casework.models import Campaign, Case, Evidence, Step, Window
from bilan.casework.moving.versions import flow_named, kept
from tests.web import tiny


def make() -> None:
    """Put down what a district's officers see and others must not."""
    flow = flow_named("alert-order")
    version = kept(flow)
    for point in (entry for entry in tiny.points() if entry.network == "air"):
        place = {"district": point.district, "lon": point.lon, "lat": point.lat}
        campaign = Campaign.objects.create(name=point.name_zh, flow=flow.name, begin=date(2026, 1, 1), end=date(2026, 12, 31))
        case = Case.objects.create(
            code=point.code,
            flow=flow.name,
            declared=version,
            title=point.name_zh,
            place_name=point.name_zh,
            state=flow.start,
            subject="alert",
            role="enforcement-officer",
            campaign=campaign,
            version=1,
            **place,
        )
        step = Step.objects.create(case=case, number=1, action="open", after=flow.start, author="Bilan", note=point.name_zh)
        Evidence.objects.create(case=case, step=step, kind="photo", name=f"{point.name_zh}.jpg")
        Window.objects.create(kind="stop", point=point.code, district=point.district, begin=0, end=3600, note=point.name_zh)

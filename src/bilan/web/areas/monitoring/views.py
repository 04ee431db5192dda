"""Pages of networks; those of points are in `station`."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_noop

from bilan.pack.vocab import networks
from bilan.people.visibility import NotVisible
from bilan.web.areas.monitoring import now, station
from bilan.web.components import numbers
from bilan.web.pages import show
from bilan.web.registry import Request, page, section

section("monitoring", gettext_noop("Monitoring"), icon="activity", page="monitoring", order=30)


@page("monitoring", name="monitoring", section="monitoring")
def monitoring(request: Request) -> HttpResponse:
    """Lead to the first network that has a point."""
    return redirect("network", next(iter(_counts(request)), "air"))


@page("monitoring/<slug:network>", name="network", section="monitoring")
def network(request: Request, network: str) -> HttpResponse:
    """Every point of a network with its latest values."""
    if network not in networks():
        raise NotVisible(network)
    shown = networks()[network]
    table = now.points_table(request, shown)
    tabs = [
        {
            "href": reverse("network", args=[code]),
            "title": numbers.named(networks()[code]),
            "count": count,
            "current": code == network,
        }
        for code, count in _counts(request).items()
    ]
    return show(request, "monitoring/network.html", network=shown, table=table, tabs=tabs)


def _counts(request: Request) -> dict[str, int]:
    """Networks that have visible points in the chosen district, with how many."""
    points = request.monitoring.points(district=request.district)
    counted = {code: sum(point.network == code for point in points) for code in networks()}
    return {code: count for code, count in counted.items() if count}


__all__ = ["monitoring", "network", "station"]

"""Entries whose bounds meet a box."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet


def crossing(found: QuerySet[Any], box: list[float]) -> QuerySet[Any]:
    """Keep entries whose bounds meet a box.

    Parameters:
        box: west, south, east, north [deg], with heights between them or not; west beyond east crosses the date line.
    """
    west, south, east, north = (box[0], box[1], box[3], box[4]) if len(box) == 6 else box
    tall = Q(south__lte=north, north__gte=south)
    if west <= east:
        return found.filter(tall, west__lte=east, east__gte=west)
    return found.filter(tall & (Q(east__gte=west) | Q(west__lte=east)))

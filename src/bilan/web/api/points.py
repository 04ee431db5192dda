"""Points and their series."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from ninja import Router

from bilan.people.monitoring import Monitoring
from bilan.telemetry.model import Point
from bilan.web import site
from bilan.web.api import arguments
from bilan.web.api.base import language
from bilan.web.components import numbers
from bilan.web.components.levels import level

router = Router(tags=["points"])


@router.get("/points", summary="Points you may see · 可见点位")
def points(
    request: HttpRequest, network: str = "", district: str = "", q: str = "", codes: str = "", limit: int = arguments.PAGE, offset: int = 0
) -> dict[str, Any]:
    """Points of a network, of a district, whose name or code holds `q`, or with these `codes` (comma-separated)."""
    found = _chosen(request.monitoring, network, district, q, codes)
    page = arguments.paged(found, limit, offset)
    return {**page, "items": [described(point) for point in page["items"]]}


@router.get("/points.geojson", summary="Points as GeoJSON, with their latest level · 点位 GeoJSON（含最新级别）")
def points_geojson(request: HttpRequest, network: str = "", district: str = "", q: str = "", codes: str = "") -> JsonResponse:
    """Points that have a place, each with `kind` and `grade` of its latest official level and a short `label`."""
    found = [point for point in _chosen(request.monitoring, network, district, q, codes) if point.lon is not None]
    grades = _grades(request.monitoring, found)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [point.lon, point.lat]},
            "properties": {"code": point.code, "name": numbers.named(point), "network": point.network, **grades.get(point.code, {})},
        }
        for point in found
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@router.get("/points/{code}", summary="One point · 单个点位")
def point(request: HttpRequest, code: str) -> dict[str, Any]:
    """A point with its series."""
    found = request.monitoring.point(code)
    return {**described(found), "series": request.monitoring.series(points=[code]).to_dicts()}


@router.get("/series", summary="Series of points · 数据序列")
def series(
    request: HttpRequest, points: str = "", parameters: str = "", interval: str = "", limit: int = arguments.PAGE, offset: int = 0
) -> dict[str, Any]:
    """What is measured where: one row a point, parameter, statistic, interval and occurrence."""
    frame = request.monitoring.series(arguments.codes(points), arguments.parameters(parameters), interval or None)
    return arguments.paged(frame.to_dicts(), limit, offset)


def described(point: Point) -> dict[str, Any]:
    """A point as the API gives it."""
    return {
        "code": point.code,
        "name": numbers.named(point),
        "name_zh": point.name_zh,
        "name_en": point.name_en,
        "network": point.network,
        "district": point.district,
        "district_name": site.district_name(point.district, language()) if point.district else "",
        "lon": point.lon,
        "lat": point.lat,
        "attributes": point.attributes,
    }


def _chosen(monitoring: Monitoring, network: str, district: str, q: str, codes: str) -> list[Point]:
    words = q.lower().split()
    found = monitoring.points(network or None, district or None, arguments.codes(codes))
    return [point for point in found if all(word in f"{point.code} {point.name_zh} {point.name_en}".lower() for word in words)]


def _grades(monitoring: Monitoring, points: list[Point]) -> dict[str, dict[str, Any]]:
    """Code → kind, grade and short label of the point's latest verdict."""
    found: dict[str, dict[str, Any]] = {}
    for row in monitoring.standing([point.code for point in points]).iter_rows(named=True):
        reached = level(row["kind"], row["grade"])
        if reached is not None:
            label = numbers.digits(row["value"], 0) if row["kind"] == "aqi" else reached.short(language())
            found[row["point"]] = {"kind": row["kind"], "grade": reached.grade, "label": label, "level": reached.label(language())}
    return found

"""How digests name a point, so that a page needs no other read to show it."""

from __future__ import annotations

from bilan.telemetry.model import Point


def named(point: Point) -> dict[str, str]:
    """Code and names of a point under the keys by which a reader of one district is refused it.

    Examples:
        >>> named(Point("A1", "air", "一号站", "Station 1"))
        {'point': 'A1', 'network': 'air', 'name_zh': '一号站', 'name_en': 'Station 1'}
    """
    return {"point": point.code, "network": point.network, "name_zh": point.name_zh, "name_en": point.name_en}

"""The monitoring networks of a city."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from bilan.pack.loader import base, read_csv


@dataclass(frozen=True, slots=True)
class Network:
    """One network.

    Attributes:
        medium: air, water or noise.
        st: system code ST of its devices in HJ 212.
        icon: name of its sign on maps.
        unit_kind: `ambient` or `emission`: which of a parameter's units its values carry.
        interval: the interval its values are judged by.
        point_zh: what one of its points is called.
    """

    code: str
    name_zh: str
    name_en: str
    medium: str
    st: str
    icon: str
    unit_kind: str
    interval: str
    point_zh: str


@cache
def networks() -> dict[str, Network]:
    """Every network of the base pack by its code.

    Examples:
        >>> networks()["surface_water"].name_zh
        '地表水'
    """
    rows = read_csv(base("vocab", "networks.csv"), tuple(Network.__dataclass_fields__))
    return {row["code"]: Network(**row) for row in rows}

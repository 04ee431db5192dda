"""The icons a declaration may name: those that the site serves."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def icons() -> frozenset[str]:
    """Names of the icons listed in ``web/assets.csv``.

    Examples:
        >>> "droplet" in icons()
        True
    """
    text = resources.files("bilan").joinpath("web", "assets.csv").read_text(encoding="utf-8")
    targets = (row["target"] for row in csv.DictReader(text.splitlines()))
    return frozenset(target[6:-4] for target in targets if target.startswith("icons/") and target.endswith(".svg"))

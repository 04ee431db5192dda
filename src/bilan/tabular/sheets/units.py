"""Units of ledgers: what a number in the sheet's unit is multiplied by to be in the field's."""

from __future__ import annotations

import unicodedata
from functools import cache

from bilan.pack.loader import base, read_csv
from bilan.tabular.units import factor as measured
from bilan.tabular.units import unit as known


@cache
def _quantities() -> tuple[dict[str, float], ...]:
    """For each quantity: every writing of its units → factor to its base."""
    found: dict[str, dict[str, float]] = {}
    for row in read_csv(base("registers", "units.csv"), ("quantity", "unit", "factor", "names")):
        names = found.setdefault(row["quantity"], {})
        for name in (row["unit"], *row["names"].split("|")):
            names.setdefault(_plain(name), float(row["factor"]))
    return tuple(found.values())


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().replace(" ", "").replace("^", "").replace("每", "/")
    return plain.strip("()[]").replace("·", "").replace("μ", "u").replace("µ", "u")


def conversion(source: str, target: str) -> float | None:
    """What a value in `source` is multiplied by to be in `target`; None when that is not known.

    Args:
        source: unit as a sheet writes it; `target` as a declaration does. Without either nothing is converted.

    Examples:
        >>> conversion("万吨", "t"), conversion("吨/日", "m3/d"), conversion("万元", "元"), conversion("ug/m3", "mg/m3")
        (10000.0, 1.0, 10000.0, 0.001)
        >>> conversion("kg", "m") is None
        True
    """
    if not source or not target or _plain(source) == _plain(target):
        return 1.0
    for names in _quantities():
        if _plain(source) in names and _plain(target) in names:
            return float(f"{names[_plain(source)] / names[_plain(target)]:.12g}")
    begin, end = known(source), known(target)
    return measured(begin, end) if begin and end else None

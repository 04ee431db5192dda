"""Doubts about a column of places as a whole: outside the city, at 0/0, one place for many things, too few decimals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bilan.problems import Place, Problem
from bilan.tabular.places.coordinates import Lines
from bilan.tabular.places.parsing import Box

_Doubt = tuple[int, str, dict[str, object]]
REPEATED = 3
"""From this many entries on, one identical place for all of them is doubtful."""
_SAME = 6
"""Decimals [deg] to which places are compared."""


def doubts(places: Lines, box: Box | None = None, rows: Sequence[int] | None = None, *, file: str = "", column: str = "") -> list[Problem]:
    """What looks wrong about places that could be read.

    Args:
        places: shape (points, 2) [deg]; rows that are not finite are passed over.
        box: where the city is, with its margin.
        rows: row numbers in the file; counted from 1 when absent.

    Returns:
        `place.outside`, `place.zero` and `place.repeated`, in the order of the rows.

    Examples:
        >>> found = doubts(np.array([[118.5, 24.8], [0, 0], [24.8, 118.5]]), Box(117, 24, 120, 26))
        >>> [(problem.code, problem.place.row) for problem in found]
        [('place.zero', 2), ('place.swapped_only', 3)]
    """
    numbers = list(rows) if rows is not None else list(range(1, len(places) + 1))
    finite = np.isfinite(places).all(axis=1)
    zero = finite & (places == 0).all(axis=1)
    found: list[_Doubt] = [(int(index), "place.zero", {"value": "0, 0"}) for index in np.flatnonzero(zero)]
    if box is not None:
        inside = _inside(places, box)
        swapped = _inside(places[:, ::-1], box)
        for index in np.flatnonzero(finite & ~zero & ~inside):
            code = "place.swapped_only" if swapped[index] else "place.outside"
            found.append((int(index), code, {"value": f"{places[index, 0]:g}, {places[index, 1]:g}", "allowed": box.text}))
    found += _repeated(places, finite & ~zero, numbers)
    found.sort(key=lambda entry: entry[0])
    return [Problem(code, values, Place(file, numbers[index], column)) for index, code, values in found]


def _inside(places: Lines, box: Box) -> NDArray[np.bool_]:
    x, y = places[:, 0], places[:, 1]
    return np.asarray((x >= box.west) & (x <= box.east) & (y >= box.south) & (y <= box.north))


def _repeated(places: Lines, usable: NDArray[np.bool_], rows: Sequence[int]) -> list[_Doubt]:
    indices = np.flatnonzero(usable)
    if not len(indices):
        return []
    unique, inverse, counts = np.unique(np.round(places[indices], _SAME), axis=0, return_inverse=True, return_counts=True)
    found: list[_Doubt] = []
    for group in np.flatnonzero(counts >= REPEATED):
        members = indices[np.flatnonzero(inverse.reshape(-1) == group)]
        value = f"{unique[group, 0]:g}, {unique[group, 1]:g}"
        listed = [int(rows[index]) for index in members[:10]]
        found.append((int(members[0]), "place.repeated", {"value": value, "count": int(counts[group]), "rows": listed}))
    return found

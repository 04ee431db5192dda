"""Which point of the city a name in a file means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bilan.pack.vocab import canonical
from bilan.problems import Problem, nearest
from bilan.telemetry.model import Point


class PointNames:
    """Points by code and by name in either language; width, case and blanks do not count.

    Args:
        points: those a file may speak of.
        chosen: name in the file → code, as a person decided.

    Examples:
        >>> names = PointNames([Point("3505A", "air", "涂山街", "Tushan Street")])
        >>> names.find("涂山街").code, names.find("涂山路").values["nearest"]
        ('3505A', '涂山街')
    """

    def __init__(self, points: Iterable[Point], chosen: Mapping[str, str] | None = None) -> None:
        self._codes: dict[str, Point] = {}
        self._names: dict[str, list[Point]] = {}
        self._shown: dict[str, str] = {}
        self._chosen = dict(chosen or {})
        for point in points:
            self._codes[point.code] = point
            for name in {point.code, point.name_zh, point.name_en} - {""}:
                self._names.setdefault(canonical(name), []).append(point)
                self._shown.setdefault(canonical(name), name)

    def find(self, text: str) -> Point | Problem:
        """The point a text means, or why there is none."""
        code = self._chosen.get(text, text)
        if code in self._codes:
            return self._codes[code]
        found = self._names.get(canonical(code), [])
        if len(found) == 1:
            return found[0]
        if found:
            return Problem("import.ambiguous_point", {"value": text, "allowed": [point.code for point in found]})
        close = nearest(canonical(code), self._names)
        return Problem("import.unknown_point", {"value": text[:100], "nearest": self._shown.get(close, "")})

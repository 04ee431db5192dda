"""Limits that points are held to, as the registers state them, kept beside the readings so that judging needs no register."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import polars as pl

from bilan.telemetry.store.database import Database

ALWAYS = (-(1 << 60), 1 << 60)
"""Begin and end of what holds without end [s of the wall clock]."""
SCHEMA: dict[str, Any] = {
    "point": pl.String,
    "parameter": pl.String,
    "value": pl.Float64,
    "source": pl.String,
    "reference": pl.String,
    "clause": pl.String,
    "since": pl.Int64,
    "until": pl.Int64,
}
"""Point, parameter (code), value [unit of the series], source (``permit`` or ``outlet``), its number, the clause it names, validity."""
_COLUMNS = tuple(SCHEMA)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM point_limit"


class Limits:
    """What is stated of points, until it is replaced by what is stated then."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def frame(self, points: Collection[str] | None = None) -> pl.DataFrame:
        """What is stated of these points, or of all: columns of `SCHEMA`, in their order."""
        if points is None:
            return self._database.frame(_SELECT, (), SCHEMA).sort(_COLUMNS)
        condition, params = self._database.any_of("point", points)
        return self._database.frame(f"{_SELECT} WHERE {condition}", params, SCHEMA).sort(_COLUMNS)

    def replace(self, stated: pl.DataFrame) -> bool:
        """Keep `stated` in place of all that was stated before.

        Parameters:
            stated: columns of `SCHEMA`.

        Returns:
            Whether that changed anything.
        """
        wanted = stated.select(_COLUMNS).cast(pl.Schema(SCHEMA)).unique()
        with self._database.transaction():
            kept = self.frame()
            gone, fresh = (one.join(other, on=_COLUMNS, how="anti").rows() for one, other in ((kept, wanted), (wanted, kept)))
            if gone:
                self._database.bulk_delete("point_limit", _COLUMNS, gone, _COLUMNS)
            if fresh:
                self._database.insert_new("point_limit", _COLUMNS, fresh)
        return bool(gone or fresh)

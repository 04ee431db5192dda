"""The lake's tables: documented, versioned, written whole, plain Parquet to whoever reads them.

A table is a folder ``<lake>/tables/<name>``; every version of it is a folder of Parquet files beside a manifest, and ``current`` points to
the one that stands. What did not change is shared between versions.

Examples:
    >>> import tempfile
    >>> from datetime import date
    >>> from pathlib import Path
    >>> import polars as pl
    >>> from bilan.lake import LakeTables, publish
    >>> from bilan.pack.indicators import tables
    >>> table = tables()["districts"]
    >>> rows = pl.DataFrame({"code": ["350502"], "name": ["鲤城区"], "name_en": ["Licheng"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lake = LakeTables(Path(folder))
    ...     manifest = publish(lake, table, [("all", rows)])
    ...     lake.scan("districts").collect().rows(), manifest.version, manifest.rows
    ([('350502', '鲤城区', 'Licheng')], 1, 1)
"""

from __future__ import annotations

from bilan.lake.compacting import compact, remove_old
from bilan.lake.manifest import Manifest, Part
from bilan.lake.reading import LakeTables
from bilan.lake.writing import mark_checked, part_of, parts_by, publish

__all__ = ["LakeTables", "Manifest", "Part", "compact", "mark_checked", "part_of", "parts_by", "publish", "remove_old"]

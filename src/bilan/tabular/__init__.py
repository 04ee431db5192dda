"""Tables as people keep them: CSV, Excel or Parquet with any header, read into columns with known names and units."""

from __future__ import annotations

from bilan.tabular.mapping import Column
from bilan.tabular.matrix import Matrix, read_matrix
from bilan.tabular.table import TableRead, read_table
from bilan.tabular.writing import write_table

__all__ = ["Column", "Matrix", "TableRead", "read_matrix", "read_table", "write_table"]

"""How a table is opened with the tools that analysts use."""

from __future__ import annotations

from django.utils.translation import gettext as _


def ways(name: str, by: str, *, places: bool) -> list[dict[str, str]]:
    """Tools, each with what to type or do; addresses are below the city's folder.

    Args:
        name: the table.
        by: date column that its files are cut by; empty for one file.
        places: whether it is a layer for map programs.
    """
    folder = f"data/lake/tables/{name}/current"
    quoted = ".".join(f'"{part}"' for part in name.split("."))
    one_file = f"{folder}/{'2026-03' if by else 'all'}.parquet"
    maps = [
        {"tool": "QGIS", "words": _("Add this file as a vector layer (GeoParquet):"), "code": one_file},
        {"words": _("Where QGIS was built without Parquet, write a GeoPackage:"), "code": f"bilan lake export {name} --gpkg"},
    ]
    return [
        {"tool": "bilan", "code": f"bilan lake query 'select * from {quoted} limit 10'\nbilan lake export {name} {name}.csv"},
        {"tool": "Polars", "code": f'import polars as pl\nframe = pl.scan_parquet("{folder}/*.parquet")'},
        {"tool": "pandas", "code": f'import pandas as pd\nframe = pd.read_parquet("{folder}")'},
        {"tool": "DuckDB", "code": f"select * from read_parquet('{folder}/*.parquet');"},
        {"tool": "Spark", "code": f'from bilan.science import spark\nframe = spark.read(spark.session(), "{folder}")'},
        *(maps if places else []),
        {"tool": "Excel", "words": _("Write a workbook of at most 1,048,575 rows:"), "code": f"bilan lake export {name} --xlsx"},
    ]

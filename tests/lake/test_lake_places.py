"""Tables with places are GeoParquet 1.1 to whoever knows it, plain Parquet to the others, and layers to map programs."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import fastexcel
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from bilan.lake import LakeTables, exporting, parts_by, publish
from bilan.lake.asking import ask
from bilan.lake.command import lake as command
from bilan.lake.places import placed, with_points
from bilan.lake.types import empty
from bilan.pack.city import City
from bilan.pack.indicators import tables
from bilan.problems import BilanError

TABLE = placed(tables()["points"])
PLACES = {"A": (118.57, 24.91), "B": (118.2, 25.61), "C": (None, 24.0)}


def rows(known: dict[str, Any] = PLACES) -> pl.DataFrame:
    plain = {"point": list(known), "lon": [at[0] for at in known.values()], "lat": [at[1] for at in known.values()]}
    schema = {name: kind for name, kind in empty(TABLE).schema.items() if name != "geometry"}
    named = pl.DataFrame(plain).with_columns(name=pl.lit("=1+1"))
    return with_points(TABLE, pl.concat([pl.DataFrame(schema=schema), named], how="diagonal_relaxed"))


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    made = City(tmp_path_factory.mktemp("city"), "试验市", "Test", "350500")
    made.write()
    publish(LakeTables(made.lake), TABLE, parts_by(TABLE, rows()))
    return made


@pytest.fixture(scope="module")
def lake(city: City) -> LakeTables:
    return LakeTables(city.lake)


def geo_faults(file: Path) -> list[str]:
    """What of GeoParquet 1.1 a file breaks: the rules of its schema, and those on the file itself.

    Reference: GeoParquet 1.1.0, "File metadata", "Column metadata", "Geometry columns".
    """
    found = pq.read_schema(file)
    geo = json.loads(pq.read_metadata(file).metadata[b"geo"])
    faults = [key for key in ("version", "primary_column", "columns") if not geo.get(key)]
    faults += ["version"] if not re.fullmatch(r"1\.1\.\d+", geo["version"]) else []
    faults += ["primary_column"] if geo["primary_column"] not in geo["columns"] else []
    for name, column in geo["columns"].items():
        field = found.field(name)
        kinds, bounds = column["geometry_types"], column.get("bbox", [0] * 4)
        faults += ["at the root, a byte array"] if str(field.type) not in {"binary", "large_binary", "binary_view"} else []
        faults += ["encoding"] if column["encoding"] != "WKB" else []
        pattern = r"(GeometryCollection|(Multi)?(Point|LineString|Polygon))( Z)?"
        faults += ["kinds"] if len(set(kinds)) != len(kinds) or not all(re.fullmatch(pattern, kind) for kind in kinds) else []
        faults += ["bbox"] if len(bounds) != 4 or bounds[0] > bounds[2] or bounds[1] > bounds[3] else []
        faults += ["unknown keys"] if column.keys() - {"encoding", "geometry_types", "bbox", "crs"} else []
        shapes = shapely.from_wkb(pl.read_parquet(file)[name].drop_nulls().to_list())
        faults += ["kinds do not hold"] if {shape.geom_type for shape in shapes} != set(kinds) else []
        faults += ["bbox does not hold"] if len(shapes) and list(shapely.total_bounds(shapes)) != bounds else []
    return faults


def test_the_footer_says_what_the_standard_asks(lake: LakeTables) -> None:
    assert geo_faults(lake.files("points")[0]) == []


def test_a_table_with_no_place_known_is_valid_too(tmp_path: Path) -> None:
    lake = LakeTables(tmp_path)
    publish(lake, TABLE, [("all", rows({"C": (None, None)}).cast(dict(empty(TABLE).schema)))])
    assert geo_faults(lake.files("points")[0]) == []


def test_a_reader_of_geoparquet_sees_geometries_in_longitude_and_latitude(lake: LakeTables) -> None:
    file = lake.files("points")[0]
    assert duckdb.sql(f"select distinct typeof(geometry), geometry::varchar from '{file}' order by all").fetchall() == [
        ("GEOMETRY('OGC:CRS84')", "POINT (118.2 25.61)"),
        ("GEOMETRY('OGC:CRS84')", "POINT (118.57 24.91)"),
        ("GEOMETRY('OGC:CRS84')", None),
    ]


def test_plain_readers_see_bytes_beside_the_other_columns(lake: LakeTables) -> None:
    folder = lake.folder("points") / "current"
    assert len(pd.read_parquet(folder)) == 3
    assert pl.scan_parquet(folder / "*.parquet").collect().schema["geometry"] == pl.Binary


def test_sql_is_answered_with_places_as_text(lake: LakeTables) -> None:
    assert ask(lake, "select geometry from points where point = 'A'").rows == [("POINT (118.57 24.91)",)]


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), max_size=5))
def test_points_are_the_wkb_that_others_write(places: list[tuple[float, float]]) -> None:
    known = {f"P{at}": place for at, place in enumerate(places)}
    expected = [shapely.to_wkb(shapely.Point(*place), byte_order=1) for place in places]
    assert rows(known)["geometry"].to_list() == expected


def said(city: City, *arguments: str) -> Any:
    return CliRunner().invoke(command, ["export", "points", *arguments, "--city", str(city.folder)])


def test_map_programs_get_a_layer(city: City, tmp_path: Path) -> None:
    assert said(city, str(tmp_path / "points.gpkg")).exit_code == 0
    info = pyogrio.read_info(tmp_path / "points.gpkg")
    assert (info["geometry_type"], info["crs"], info["features"]) == ("Point", "EPSG:4326", 3)
    assert said(city, str(tmp_path / "points.geojson")).exit_code == 0
    first = json.loads((tmp_path / "points.geojson").read_text(encoding="utf-8"))["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [118.57, 24.91]}


def test_an_exported_file_is_geoparquet_still(city: City, tmp_path: Path) -> None:
    assert said(city, str(tmp_path / "points.parquet")).exit_code == 0
    assert geo_faults(tmp_path / "points.parquet") == []
    assert said(city, str(tmp_path / "points.csv")).exit_code == 0
    assert "POINT (118.57 24.91)" in (tmp_path / "points.csv").read_text(encoding="utf-8-sig")


def test_a_workbook_has_the_rows_and_what_they_are(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert said(city, "--xlsx").output.strip() == "points.xlsx: 3"
    book = fastexcel.read_excel("points.xlsx")
    assert book.sheet_names == ["数据 data", "说明 about"]
    data, about = (book.load_sheet(name).to_polars() for name in book.sheet_names)
    assert data["name"].to_list() == ["=1+1"] * 3 and "geometry" not in data.columns
    assert {"lon", "°"} <= {*about.row(by_predicate=pl.col(about.columns[0]) == "lon")}


def test_more_rows_than_a_sheet_holds_are_refused_in_words(city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    with pytest.raises(BilanError) as refused:
        exporting.export(LakeTables(city.lake), "points", tmp_path / "points.xlsx")
    assert "3 rows" in refused.value.text("en") and "2" in refused.value.text("zh")
    assert not (tmp_path / "points.xlsx").exists()


def test_a_table_without_places_is_no_layer(city: City, tmp_path: Path) -> None:
    lake = LakeTables(city.lake)
    frame = pl.DataFrame({"code": ["350502"], "name": ["鲤城区"], "name_en": ["Licheng"]})
    publish(lake, tables()["districts"], [("all", frame)])
    with pytest.raises(BilanError) as refused:
        exporting.export(lake, "districts", tmp_path / "districts.gpkg", begin=date(2026, 1, 1))
    assert refused.value.problems[0].code == "lake.no_places"

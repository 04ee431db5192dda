from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as some

from bilan.problems import BilanError
from bilan.tabular.places.exports import WRITTEN, Column, write_features
from bilan.tabular.places.files import open_features, read_features
from bilan.tabular.places.projected import Zone, to_metres
from bilan.tabular.places.shapes import as_shape
from tests.shared import shared_data

COLUMNS = [
    Column("code", "编码 · Code"),
    Column("name", "名称 · Name"),
    Column("daily_flow_mean", "日均流量", "m3/d"),
    Column("daily_flow_maximum", "最大流量"),
]


def outfall(code: str, name: str, mean: float | None, maximum: int | None) -> dict[str, Any]:
    return {"code": code, "name": name, "daily_flow_mean": mean, "daily_flow_maximum": maximum}


ROWS: list[tuple[dict[str, Any] | None, dict[str, Any]]] = [
    ({"type": "Point", "coordinates": [118.58, 24.89]}, outfall("A1", "晋江 <1> & “2”", 12.5, 20)),
    ({"type": "Point", "coordinates": [118.6, 24.9]}, outfall("A2", "=cmd()", None, None)),
    (None, outfall("A3", "无位置", 1.0, 3)),
]
POLYGON = {
    "type": "Polygon",
    "coordinates": [[[118, 24], [119, 24], [119, 25], [118, 25], [118, 24]], [[118.4, 24.4], [118.6, 24.6], [118.6, 24.4], [118.4, 24.4]]],
}
LINES = {"type": "MultiLineString", "coordinates": [[[118, 24], [118.5, 24.5]], [[118.6, 24.6], [119, 25]]]}


def refused(path: Path, code: str, **given: str) -> None:
    with pytest.raises(BilanError) as error:
        read_features(path, **given)
    problem = error.value.problems[0]
    assert problem.code == code
    assert problem.text("en") != problem.text("zh-hans")


@pytest.mark.parametrize("ending", WRITTEN)
def test_what_is_written_is_read_again(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"排口{ending}"
    assert write_features(path, ROWS, COLUMNS, layer="outfalls") == 3
    found = read_features(path)
    assert len(found) == 3
    for (geometry, attributes), feature in zip(ROWS, found, strict=True):
        assert (feature.geometry is None) is (geometry is None)
        if geometry:
            assert feature.geometry is not None
            assert feature.geometry["coordinates"] == pytest.approx(geometry["coordinates"], abs=1e-7)
        assert feature.attributes["name"] == attributes["name"]
        flow = feature.attributes.get("daily_flow_mean", feature.attributes.get("daily_flow"))
        assert (None if flow is None else float(flow)) == attributes["daily_flow_mean"]


@pytest.mark.parametrize("ending", WRITTEN)
def test_lines_and_polygons_keep_their_parts_and_holes(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"mixed{ending}"
    write_features(path, [(POLYGON, {"code": "P"}), (LINES, {"code": "L"})], [Column("code")], layer="mixed", label="code")
    if ending == ".zip":
        found = [*read_features(path, layer="mixed-polygon"), *read_features(path, layer="mixed-line")]
    else:
        found = read_features(path)
    assert [shapely.normalize(as_shape(feature.geometry)).wkt for feature in found if feature.geometry] == [
        shapely.normalize(as_shape(geometry)).wkt for geometry in (POLYGON, LINES)
    ]


def test_a_shapefile_explains_its_short_names(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    write_features(path, ROWS, COLUMNS, layer="outfalls")
    with zipfile.ZipFile(path) as archive:
        assert {name.rpartition(".")[2] for name in archive.namelist()} == {"shp", "shx", "dbf", "prj", "cpg", "csv"}
        assert archive.read("outfalls.cpg") == b"UTF-8"
        sheet = list(csv.DictReader(io.StringIO(archive.read("fields.csv").decode("utf-8-sig"))))
    assert [row["field"] for row in sheet] == ["code", "name", "daily_flow", "daily_fl_1"]
    assert [row["name"] for row in sheet] == [column.name for column in COLUMNS]
    assert sheet[2]["unit"] == "m3/d"


@settings(max_examples=25, deadline=None)
@given(some.lists(some.tuples(some.text(max_size=40), some.none() | some.integers(-(2**40), 2**40)), min_size=1, max_size=5))
def test_any_text_survives_geojson_kml_and_geopackage(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int | None]]) -> None:
    folder = tmp_path_factory.mktemp("any")
    rows = [(text.replace("\x00", "").encode("utf-8", "ignore").decode(), number) for text, number in rows]
    features = [(ROWS[0][0], {"name": text, "number": number}) for text, number in rows]
    for ending in (".geojson", ".kml", ".gpkg"):
        write_features(folder / f"x{ending}", features, [Column("name"), Column("number")], layer="x", label="")
        for feature, (text, number) in zip(read_features(folder / f"x{ending}"), rows, strict=True):
            read = feature.attributes.get("number")
            assert (None if read in (None, "") else int(read)) == number
            if ending != ".kml":
                assert feature.attributes["name"] == text


def test_coordinates_of_surveys_come_in_degrees(tmp_path: Path) -> None:
    places = np.array([[118.58, 24.89], [118.6, 24.9]])
    metres = to_metres(places, Zone(40, True))
    shp = tmp_path / "survey.shp"
    pyogrio.raw.write(
        shp,
        geometry=shapely.to_wkb(shapely.points(metres)),
        field_data=[np.array(["一号", "二号"], dtype=object)],
        fields=["名称"],
        geometry_type="Point",
        crs="EPSG:4528",
        encoding="GBK",
        driver="ESRI Shapefile",
    )
    (tmp_path / "survey.cpg").unlink()
    for prj in (True, False):
        with zipfile.ZipFile(tmp_path / "survey.zip", "w") as archive:
            for suffix in (".shp", ".shx", ".dbf", *([".prj"] if prj else [])):
                archive.write(shp.with_suffix(suffix), f"测绘/成果{suffix}")
        if not prj:
            refused(tmp_path / "survey.zip", "geofile.unknown_system")
            continue
        with open_features(tmp_path / "survey.zip") as opened:
            assert "CGCS2000" in opened.system
            found = list(opened.features)
        assert [feature.attributes["名称"] for feature in found] == ["一号", "二号"]
        for feature, place in zip(found, places, strict=True):
            assert feature.geometry is not None
            assert feature.geometry["coordinates"] == pytest.approx(place.tolist(), abs=2e-7)


def test_the_older_crs_member_of_geojson_is_followed(tmp_path: Path) -> None:
    metres = to_metres(np.array([[118.58, 24.89]]), Zone(40, False))[0].tolist()
    document = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}},
        "features": [{"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": metres}}],
    }
    (tmp_path / "x.json").write_text(json.dumps(document), "utf-8-sig")
    [feature] = read_features(tmp_path / "x.json")
    assert feature.geometry is not None
    assert feature.geometry["coordinates"] == pytest.approx([118.58, 24.89], abs=1e-7)


def test_real_rivers_and_coasts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "coast.geojson"
    path.write_bytes(gzip.decompress(shared_data("geo_xiamen_quanzhou", "coastline_gshhg_wgs84.geojson.gz").read_bytes()))
    found = read_features(path)
    assert len(found) == 788
    write_features(tmp_path / "coast.zip", [(feature.geometry, {"n": 1}) for feature in found], [Column("n")], layer="coast")
    assert len(read_features(tmp_path / "coast.zip")) == 788


KML = '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


def test_kml_as_earth_programs_write_it(tmp_path: Path) -> None:
    body = """<Folder><name>口</name><Placemark id="1"><name>一号</name><description><![CDATA[<b>好</b>]]></description>
    <ExtendedData><SchemaData><SimpleData name="级别">甲</SimpleData></SchemaData><Data name="x"><value>3</value></Data></ExtendedData>
    <MultiGeometry><Point><coordinates> 118.5,24.8,0 </coordinates></Point><Polygon><outerBoundaryIs><LinearRing><coordinates>
    118,24 119,24 119,25 118,24</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark>
    <Placemark><Style><IconStyle/></Style></Placemark></Folder>"""
    path = tmp_path / "earth.kml"
    path.write_text(KML.format(body), "utf-8")
    first, second = read_features(path)
    assert first.attributes == {"name": "一号", "description": "<b>好</b>", "级别": "甲", "x": "3"}
    assert first.geometry == {"type": "Polygon", "coordinates": [[[118, 24], [119, 24], [119, 25], [118, 24]]]}
    assert second == (None, {})
    with zipfile.ZipFile(tmp_path / "earth.kmz", "w") as archive:
        archive.write(path, "doc.kml")
        archive.writestr("files/icon.png", b"x")
    assert read_features(tmp_path / "earth.kmz") == [first, second]


LAUGHS = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><kml>&b;</kml>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE kml SYSTEM "file:///etc/passwd"><kml/>'
VRT = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.kml", LAUGHS, "geofile.hostile"),
        ("x.kml", OUTSIDE, "geofile.hostile"),
        ("x.kml", KML.format("<a>" * 500 + "</a>" * 500), "geofile.hostile"),
        ("x.kml", "no xml", "geofile.unreadable"),
        ("x.kml", VRT, "geofile.unreadable"),
        ("x.kml", "", "geofile.unreadable"),
        ("x.geojson", VRT, "geofile.unreadable"),
        ("x.geojson", "[" * 100_000, "geofile.unreadable"),
        ("x.geojson", '{"type": "Topology"}', "geofile.unreadable"),
        ("x.geojson", '{"features": [], "crs": {"properties": {"name": "/etc/passwd"}}}', "geofile.unknown_system"),
        ("x.gpkg", "SQLite format 3\x00", "geofile.unreadable"),
        ("x.gpkg", VRT, "geofile.unreadable"),
        ("x.zip", "PK\x03\x04", "geofile.unreadable"),
        ("x.shp", "", "geofile.unknown_ending"),
        ("x", "", "geofile.unknown_ending"),
    ],
)
def test_hostile_and_broken_files_are_refused(tmp_path: Path, name: str, content: str, code: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(BilanError) as error:
        list(read_features(path))
    assert error.value.problems[0].code == code
    refused(tmp_path / "absent.kml", "file.not_found")


def test_archives_that_burst_or_escape_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b"0" * 50_000_000)
    refused(bomb, "geofile.too_large")
    crowd = tmp_path / "crowd.zip"
    with zipfile.ZipFile(crowd, "w") as archive:
        for number in range(300):
            archive.writestr(f"{number}.shp", b"")
    refused(crowd, "geofile.too_many_files")
    escape = tmp_path / "escape.zip"
    with zipfile.ZipFile(escape, "w") as archive:
        archive.writestr("../../outside.geojson", '{"type":"Feature","properties":{},"geometry":null}')
    assert len(read_features(escape)) == 1
    assert not (tmp_path / "outside.geojson").exists()
    fake = tmp_path / "fake.zip"
    with zipfile.ZipFile(fake, "w") as archive:
        archive.writestr("a.shp", VRT)
        archive.writestr("a.dbf", VRT)
    refused(fake, "geofile.unreadable")


def test_a_view_of_a_geopackage_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "x.gpkg"
    write_features(path, ROWS, COLUMNS, layer="outfalls")
    with sqlite3.connect(path) as database:
        database.execute("CREATE VIEW evil AS SELECT * FROM outfalls")
        database.execute("INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('evil', 'features', 'evil', 4326)")
    assert len(read_features(path)) == 3
    refused(path, "geofile.no_layer", layer="evil")


@settings(max_examples=60, deadline=None)
@given(some.binary(max_size=400), some.sampled_from([".geojson", ".kml", ".zip", ".gpkg", ".kmz"]))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str) -> None:
    path = tmp_path_factory.mktemp("noise") / f"x{ending}"
    path.write_bytes(content)
    with pytest.raises(BilanError):
        read_features(path)


@settings(max_examples=30, deadline=None)
@given(some.data())
def test_a_damaged_archive_or_package_never_escapes_the_reader(tmp_path_factory: pytest.TempPathFactory, data: some.DataObject) -> None:
    ending = data.draw(some.sampled_from([".zip", ".gpkg"]))
    path = tmp_path_factory.mktemp("damage") / f"x{ending}"
    write_features(path, ROWS, COLUMNS, layer="outfalls")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(some.integers(1, 6))):
        content[data.draw(some.integers(0, len(content) - 1))] = data.draw(some.integers(0, 255))
    path.write_bytes(bytes(content))
    try:
        read_features(path)
    except BilanError as error:
        assert error.text("en")

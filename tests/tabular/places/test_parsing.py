from __future__ import annotations

from collections import Counter

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from bilan.problems import Place, Problem
from bilan.tabular.places.parsing import Box, Location, read_location
from bilan.tabular.places.plausibility import doubts
from tests.shared import shared_data

CITY = Box(117.5, 24.4, 119.1, 25.9)
INDIA = Box(68, 6, 98, 38)
LON, LAT = 118.5867778, 24.8916667


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ((118.5867778, 24.8916667), []),
        (("118.5867778", "24.8916667"), []),
        (("１１８．５８６７７７８", "２４．８９１６６６７"), []),
        (("118,5867778", "24,8916667"), ["place.comma"]),
        (("118°35′12.4″", "24°53′30″"), []),
        (("118°35'12.4\"E", "24°53'30\"N"), []),
        (("118度35分12.4秒", "24度53.5分"), []),
        (("东经118°35′12.4″", "北纬24°53.5′"), []),
        (("E118°35′12.4″", "N24°53.5′"), []),
        (("118.5867778° E", "24.8916667° N"), []),
        (("118º35’12.4”", "24º53’30”"), []),
        (("118 35 12.4", "24 53 30"), []),
        (("118:35:12.4", "24:53:30"), []),
        (("118-35-12.4", "24-53-30"), []),
        (("118?35'12.4\"E", "24?53'30\"N"), []),
        (("118.35'12.4\"E", "24.53'30\"N"), ["place.pointed"]),
        (("24.8916667", "118.5867778"), ["place.swapped"]),
        (("24°53'30\"N", "118°35'12.4\"E"), ["place.swapped"]),
        (("118.5867778,24.8916667",), []),
        (("118.5867778，24.8916667",), []),
        (("24.8916667, 118.5867778",), ["place.swapped"]),
        (("118.5867778 24.8916667",), []),
        (("118,5867778; 24,8916667",), ["place.comma"]),
        (("118°35′12.4″E 24°53′30″N",), []),
        (("E118°35′12.4″，N24°53′30″",), []),
        (("东经118°35′12.4″北纬24°53′30″",), []),
        (("北纬24°53′30″，东经118°35′12.4″",), ["place.swapped"]),
        (("经度：118.5867778", "纬度：24.8916667"), []),
        (("POINT (118.5867778 24.8916667)",), []),
        (("118.5867778\t", '"24.8916667 "'), []),
        ((40_357_200.84, 2_754_795.22), ["place.projected"]),
        ((2_754_795.22, 40_357_200.84), ["place.projected"]),
        ((357_200.84, 2_754_795.22), ["place.projected"]),
    ],
)
def test_one_place_in_all_its_spellings(cells: tuple[object, ...], codes: list[str]) -> None:
    found = read_location(*cells, box=CITY)
    assert isinstance(found, Location), found
    assert (found.lon, found.lat) == pytest.approx((LON, LAT), abs=2e-6)
    assert [note.code for note in found.notes] == codes


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (("0", "0"), "place.zero"),
        (("118.58", ""), "place.half"),
        (("118.58",), "place.half"),
        (("泉州市丰泽区", "24.89"), "place.unreadable"),
        (("118°75'12\"", "24°53'30\""), "place.sixty"),
        (("116.4", "39.9"), "place.outside"),
        (("210.5", "195.5"), "place.range"),
        (("118.58 to 118.60", "24.89"), "place.unreadable"),
        (("1" * 5000, "24"), "place.unreadable"),
    ],
)
def test_what_is_no_place_says_why_and_where(cells: tuple[str, ...], code: str) -> None:
    where = Place("排口.xlsx", 12, "经度")
    found = read_location(*cells, box=CITY, place=where)
    assert isinstance(found, Problem)
    assert (found.code, found.place) == (code, where)
    assert len(found.text("zh-hans")) < 400
    assert len(found.text("en")) < 400


@pytest.mark.parametrize("cells", [("11858678", "2489167"), ("1183512", "245330")])
def test_a_forgotten_point_is_suggested_not_assumed(cells: tuple[str, str]) -> None:
    found = read_location(*cells, box=CITY)
    assert isinstance(found, Problem)
    suggested = [tuple(map(float, text.split())) for text in found.values["nearest"]]
    assert any(place == pytest.approx((LON, LAT), abs=2e-4) for place in suggested)


@pytest.mark.parametrize("cells", [(None,), ("", ""), ("-", "-"), ("无", "无"), (float("nan"), None)])
def test_nothing_written_is_no_place_and_no_problem(cells: tuple[object, ...]) -> None:
    assert read_location(*cells, box=CITY) is None


@given(some.floats(117.5, 119.1), some.floats(24.4, 25.9), some.booleans())
def test_degrees_minutes_seconds_come_back(lon: float, lat: float, combined: bool) -> None:
    def written(value: float) -> str:
        degrees, rest = divmod(round(value * 36_000_000), 36_000_000)
        minutes, seconds = divmod(rest, 600_000)
        return f"{degrees}°{minutes}′{seconds / 10_000:.4f}″"

    cells = (f"{written(lon)}，{written(lat)}",) if combined else (written(lon), written(lat))
    found = read_location(*cells)
    assert isinstance(found, Location)
    assert (found.lon, found.lat) == pytest.approx((lon, lat), abs=2e-8)


@given(some.text(max_size=60), some.text(max_size=60) | some.none(), some.sampled_from([None, CITY]))
@example("N", "N", None)
@example("1e400", "٣٤", None)
@example("- - -", "''\"", CITY)
def test_no_text_breaks_it(first: str, second: str | None, box: Box | None) -> None:
    found = read_location(first, second, box=box)
    if isinstance(found, Location):
        assert -180 <= found.lon <= 180
        assert -90 <= found.lat <= 90
    elif found is not None:
        assert found.text("en")
        assert found.text("zh-hans")


def test_a_real_register_with_its_dirt() -> None:
    register = pl.read_csv(shared_data("cems_source_register_india", "industries.csv.gz"), infer_schema=False)
    cells = register.select("longitude", "latitude").with_columns(
        number=pl.all_horizontal(pl.col("longitude", "latitude").cast(pl.Float64, strict=False).is_not_null())
    )
    said: Counter[tuple[bool, str]] = Counter()
    texts = 0
    for lon, lat, number in cells.iter_rows():
        texts += lat is not None and not number
        found = read_location(lon or "", lat or "", box=INDIA)
        if isinstance(found, Location):
            assert INDIA.holds(found.lon, found.lat)
            said[number, "swapped" if any(note.code == "place.swapped" for note in found.notes) else "placed"] += 1
        else:
            said[number, "refused" if found else "empty"] += 1
    # 443 rows are not a number inside the country, as counted by those who published the data's dirt: 161 numbers and 282 texts.
    outside = said[True, "swapped"] + said[True, "refused"]
    assert 160 <= outside <= 161
    assert said[True, "swapped"] == 64
    assert sum(count for (number, _), count in said.items() if not number) == 282
    # Of the texts three in four are read; the others are ranges, two points in one number, minutes above 60.
    assert said[False, "placed"] + said[False, "swapped"] >= 204


def test_doubts_about_a_column_as_a_whole() -> None:
    register = pl.read_csv(shared_data("cems_source_register_india", "industries.csv.gz"), infer_schema=False)
    places = register.select(pl.col("longitude", "latitude").cast(pl.Float64, strict=False)).to_numpy()
    found = Counter(problem.code for problem in doubts(places, INDIA, file="industries.csv"))
    assert found["place.swapped_only"] == 64
    assert found["place.zero"] == 1
    assert found["place.outside"] == 161 - 64 - 1
    assert found["place.repeated"] > 10

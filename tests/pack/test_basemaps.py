from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bilan.pack.basemaps import basemaps
from bilan.pack.city import City
from bilan.problems import BilanError


def test_a_city_keeps_its_base_maps(tmp_path: Path) -> None:
    declared = [
        {"name": "天地图 · Tianditu", "type": "tianditu", "layer": "img", "key": "abc123"},
        {"name": "影像 · Imagery", "type": "xyz", "url": "https://a.example.org/{z}/{x}/{y}.png?k={key}", "key": "k1", "system": "gcj02"},
        {"name": "离线 · Offline", "type": "pmtiles", "file": "base.pmtiles", "maximum": 14},
    ]
    City(tmp_path, "演示市", "Demo", "350500", basemaps=declared).write()
    tianditu, imagery, offline = basemaps(City.open(tmp_path).basemaps)
    assert len(tianditu.tiles) == 2
    assert "img_w" in tianditu.tiles[0][0]
    assert "tk=abc123" in tianditu.tiles[1][7]
    assert "https://t0.tianditu.gov.cn" in tianditu.hosts
    assert imagery.tiles == (("https://a.example.org/{z}/{x}/{y}.png?k=k1",),)
    assert (imagery.system, imagery.hosts) == ("gcj02", {"https://a.example.org"})
    assert (offline.file, offline.hosts, offline.maximum) == ("base.pmtiles", frozenset(), 14)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"type": "xyz", "url": "https://a.example.org/tile.png"}, "basemap.bad_address"),
        ({"type": "xyz", "url": "javascript:alert(1){z}{x}{y}"}, "basemap.bad_address"),
        ({"type": "xyz", "url": "https://a.org; script-src */{z}/{x}/{y}"}, "basemap.bad_address"),
        ({"type": "tianditu"}, "basemap.bad_key"),
        ({"type": "tianditu", "key": "a b;"}, "basemap.bad_key"),
        ({"type": "tianditu", "key": "k", "layer": "sat"}, "basemap.unknown_value"),
        ({"type": "wms"}, "basemap.unknown_value"),
        ({"type": "xyz", "adress": "x"}, "basemap.unknown_key"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(entry: dict[str, Any], code: str) -> None:
    with pytest.raises(BilanError) as refused:
        basemaps([entry])
    assert refused.value.problems[0].code == code
    assert "basemaps[0]" in refused.value.text("en")

"""Units as they are written in headers, and the factors between them."""

from __future__ import annotations

import re
import unicodedata

_SPELLINGS = {
    "1": ["无量纲", "dimensionless", "-", "/", "unitless", "ph units", "无"],
    "ug/m3": ["ug/m3", "微克/立方米", "ugm-3", "ug·m-3", "ug/m^3", "mcg/m3", "微克每立方米", "ug/nm3"],
    "mg/m3": ["mg/m3", "毫克/立方米", "mgm-3", "mg·m-3", "mg/m^3", "毫克每立方米", "mg/nm3"],
    "ng/m3": ["ng/m3", "纳克/立方米"],
    "g/m3": ["g/m3", "克/立方米"],
    "ug/L": ["ug/l", "微克/升", "ppb(w)"],
    "mg/L": ["mg/l", "毫克/升", "mgl-1", "mg·l-1", "毫克每升", "ppm(w)", "g/m3(w)"],
    "ng/L": ["ng/l", "纳克/升"],
    "mg/kg": ["mg/kg", "毫克/千克", "毫克/公斤", "mgkg-1", "mg·kg-1", "mg/kg(干重)"],
    "ug/kg": ["ug/kg", "微克/千克", "ugkg-1", "ug·kg-1"],
    "g/kg": ["g/kg", "克/千克"],
    "g/L": ["g/l", "克/升"],
    "ppb": ["ppb", "ppbv", "nmol/mol"],
    "ppm": ["ppm", "ppmv", "umol/mol"],
    "degC": ["℃", "°c", "c", "degc", "摄氏度", "deg c", "oc"],
    "%": ["%", "％", "percent", "%rh"],
    "kPa": ["kpa", "千帕"],
    "hPa": ["hpa", "百帕", "mbar"],
    "Pa": ["pa", "帕"],
    "m/s": ["m/s", "米/秒", "ms-1"],
    "km/h": ["km/h"],
    "deg": ["deg", "°", "度", "degree", "degrees"],
    "uS/cm": ["us/cm", "微西门子/厘米", "微西/厘米"],
    "mS/cm": ["ms/cm"],
    "mS/m": ["ms/m"],
    "NTU": ["ntu", "度(ntu)", "fnu"],
    "cells/L": ["cells/l", "个/l", "细胞/升", "cell/l"],
    "count/L": ["count/l", "mpn/l", "cfu/l", "个/升"],
    "dB(A)": ["db(a)", "db", "dba", "分贝"],
    "L/s": ["l/s", "升/秒"],
    "m3/h": ["m3/h", "立方米/小时", "nm3/h", "m3/hr"],
    "m3/s": ["m3/s", "立方米/秒", "m^3/s"],
    "m3/d": ["m3/d", "立方米/天", "吨/天", "t/d"],
    "m": ["m", "米"],
    "mm": ["mm", "毫米"],
    "mV": ["mv", "毫伏"],
    "W/m2": ["w/m2"],
    "Bq/L": ["bq/l"],
    "degree": ["倍", "铂钴度", "colour degree"],
    "level": ["级"],
}
_SIGNS = str.maketrans({"μ": "u", "µ": "u", " ": "", "_": "/"})
_KNOWN = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}

_SCALES: tuple[dict[str, float], ...] = (
    {"ng/m3": 1e-9, "ug/m3": 1e-6, "mg/m3": 1e-3, "g/m3": 1.0},
    {"ng/L": 1e-9, "ug/L": 1e-6, "mg/L": 1e-3, "g/L": 1.0},
    {"ug/kg": 1e-6, "mg/kg": 1e-3, "g/kg": 1.0},
    {"Pa": 1.0, "hPa": 100.0, "kPa": 1000.0},
    {"m/s": 3.6, "km/h": 1.0},
    {"uS/cm": 1.0, "mS/m": 10.0, "mS/cm": 1000.0},
    {"m3/d": 1.0, "m3/h": 24.0, "L/s": 86.4, "m3/s": 86400.0},
    {"mm": 1.0, "m": 1000.0},
    {"cells/L": 1.0, "count/L": 1.0},
)
_INTERCHANGEABLE = {frozenset({"degree", "deg"}), frozenset({"1", "level"})}


def unit(text: str) -> str:
    """Name a unit as the platform writes it; empty when the text is no unit that is known.

    Examples:
        >>> unit("μg/m³"), unit("（毫克/升）"), unit("浓度")
        ('ug/m3', 'mg/L', '')
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("()[]").translate(_SIGNS).casefold()
    return _KNOWN.get(plain, "") or _KNOWN.get(re.sub(r"[·⋅*]", "", plain), "")


def kin(name: str) -> list[str]:
    """Units that measure the same thing as `name`, itself excluded.

    Examples:
        >>> kin("kPa")
        ['Pa', 'hPa']
    """
    return [other for scale in _SCALES if name in scale for other in scale if other != name]


def factor(source: str, target: str) -> float | None:
    """What a value in `source` is multiplied by to be in `target`; None when they measure different things.

    Examples:
        >>> factor("mg/m3", "ug/m3")
        1000.0
        >>> factor("ppb", "ug/m3") is None
        True
    """
    if source == target or frozenset({source, target}) in _INTERCHANGEABLE:
        return 1.0
    for scale in _SCALES:
        if source in scale and target in scale:
            # Twelve digits: a power of ten stays one.
            return float(f"{scale[source] / scale[target]:.12g}")
    return None

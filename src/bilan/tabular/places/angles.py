"""One written longitude or latitude: decimal degrees, degrees-minutes-seconds in all their spellings, with or without a hemisphere."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 80
"""Characters an angle may have; longer text is no angle."""

_FULL = "０１２３４５６７８９．－＋，：；（）　ＮＳＥＷ"
_HALF = "0123456789.-+,:;() NSEW"
_HEMISPHERES = (
    ("north latitude", "N"),
    ("south latitude", "S"),
    ("east longitude", "E"),
    ("west longitude", "W"),
    ("北纬", "N"),
    ("南纬", "S"),
    ("东经", "E"),
    ("西经", "W"),
    ("north", "N"),
    ("south", "S"),
    ("east", "E"),
    ("west", "W"),
)
_WORDS = re.compile(r"longitude|latitude|\blong?\b|\blat\b|经度|纬度|[:=]", re.IGNORECASE)
_SIGNS = (
    (re.compile(r"''|´´|′′|’’|‘‘|``|″|”|“|〃|秒|\bsec(onds?)?\b\.?", re.IGNORECASE), '"'),
    (re.compile(r"′|’|‘|´|`|分|\bmin(utes?)?\b\.?", re.IGNORECASE), "'"),
    (re.compile(r"º|˚|⁰|度|\s*deg(ree)?s?\.?|(?<=\d)o(?=[\s\d]|$)", re.IGNORECASE), "°"),
)
_LOST = re.compile(r"(?<=\d)[?*](?=\s*\d+\s*')")
"""A degree sign that an encoding or a typist turned into something else, known by the minutes behind it."""
_NUMBER = r"(\d+(?:\.\d+)?)"
_SIMPLE = re.compile(r"-?\d+(?:\.(\d+))?", re.ASCII)
_DECIMAL = re.compile(rf"([-+]?)\s*{_NUMBER}\s*[°*]?")
_SEXAGESIMAL = re.compile(rf"([-+]?)\s*(\d+)\s*°\s*{_NUMBER}\s*'?(?:\s*{_NUMBER}\s*[\"']?)?\"?")
_BARE = re.compile(rf"([-+]?)\s*(\d+)(?:\s+|\s*[-:]\s*){_NUMBER}\s*'?(?:(?:\s+|\s*[-:]\s*|(?<=')){_NUMBER}\s*[\"']?)?")
_POINTED = re.compile(r"([-+]?)\s*(\d+)[.']\s*(\d+)\s*'\s*(\d+(?:\.\d+)?)?\s*\"?")
_GROUPED = re.compile(r"(\d+),(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Angle:
    """One coordinate as read.

    Attributes:
        degrees: signed [deg].
        axis: ``lon``, ``lat``, or empty when nothing written tells.
        decimals: digits behind the decimal point of decimal degrees; None where minutes are given.
        assumed: codes of the problems that say what was guessed.
    """

    degrees: float
    axis: str = ""
    decimals: int | None = None
    assumed: tuple[str, ...] = ()


def read_angle(text: str) -> Angle | str:
    """Read one angle.

    Returns:
        The angle, or the code of the problem: ``place.unreadable``, ``place.sixty`` (60 or more minutes or seconds).

    Examples:
        >>> round(read_angle("118°35′12.4″").degrees, 8)
        118.58677778
        >>> read_angle("北纬２４度３０分")
        Angle(degrees=24.5, axis='lat', decimals=None, assumed=())
        >>> read_angle("16.9847° N")
        Angle(degrees=16.9847, axis='lat', decimals=4, assumed=())
        >>> read_angle("118,58").assumed
        ('place.comma',)
        >>> read_angle("21°89'42\\"")
        'place.sixty'
    """
    if len(text) > LONGEST:
        return "place.unreadable"
    if found := _SIMPLE.fullmatch(text):
        return Angle(float(text), "", len(found[1] or ""))
    plain, axis, sign = _hemisphere(_plain(text))
    if plain is None:
        return "place.unreadable"
    assumed: tuple[str, ...] = ()
    if grouped := _GROUPED.fullmatch(plain.rstrip("°* ")):
        plain, assumed = f"{grouped[1]}.{grouped[2]}", ("place.comma",)
    if found := _DECIMAL.fullmatch(plain):
        decimals = len(found[2].partition(".")[2])
        return Angle(_signed(float(found[2]), found[1], sign), axis, decimals, assumed)
    found = _SEXAGESIMAL.fullmatch(plain) or _BARE.fullmatch(plain)
    if not found and (found := _POINTED.fullmatch(plain)):
        assumed = ("place.pointed",)
    if not found:
        return "place.unreadable"
    minutes, seconds = float(found[3]), float(found[4] or 0)
    if minutes >= 60 or seconds >= 60:
        return "place.sixty"
    return Angle(_signed(float(found[2]) + minutes / 60 + seconds / 3600, found[1], sign), axis, None, assumed)


def _signed(size: float, written: str, hemisphere: int) -> float:
    return size * hemisphere * (-1 if written == "-" else 1)


def _plain(text: str) -> str:
    """The text with one spelling for each sign."""
    plain = text.translate(str.maketrans(_FULL, _HALF)).strip(" \t\r\n,;，。、?()")
    if len(plain) > 1 and plain[0] == plain[-1] == '"':
        plain = plain[1:-1].strip()
    plain = plain.rstrip(".,;")
    for word, letter in _HEMISPHERES:
        plain = re.sub(word, letter, plain, flags=re.IGNORECASE)
    plain = _WORDS.sub(lambda found: ":" if found[0] in ":=" else " ", plain).strip(" :\t")
    for pattern, sign in _SIGNS:
        plain = pattern.sub(sign, plain)
    return _LOST.sub("°", plain).lstrip('"? ')


def _hemisphere(plain: str) -> tuple[str | None, str, int]:
    """Take the letter off: rest (None when there are two letters), axis, sign."""
    letters = re.findall(r"[NSEWnsew]", plain)
    if not letters:
        return plain, "", 1
    if len(letters) > 1 or (plain[0] not in "NSEWnsew" and plain[-1] not in "NSEWnsew"):
        return None, "", 1
    letter = letters[0].upper()
    rest = plain.strip("NSEWnsew").strip(" .,:\t")
    return rest, "lat" if letter in "NS" else "lon", -1 if letter in "SW" else 1

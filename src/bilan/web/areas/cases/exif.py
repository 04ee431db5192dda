"""When and where a photo was taken, as its camera wrote it into the file."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.utils import timezone
from PIL import Image, UnidentifiedImageError

_EXIF, _GPS = 0x8769, 0x8825
_TAKEN, _OFFSET, _CHANGED = 0x9003, 0x9011, 0x0132
_LAT_REF, _LAT, _LON_REF, _LON, _ERROR = 1, 2, 3, 4, 31


@dataclass(frozen=True, slots=True)
class Taken:
    """What a photo says of itself.

    Attributes:
        when: with the camera's zone, or the city's where the camera wrote none; None when it says nothing.
        lon, lat, accuracy: where [deg], ± [m].
    """

    when: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None


NOTHING = Taken()


def taken(stream: BinaryIO) -> Taken:
    """Read what a photo says of itself; the stream is put back to its beginning."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(stream) as image:
                exif = image.getexif()
                own, gps = exif.get_ifd(_EXIF), exif.get_ifd(_GPS)
                lat, lon = _degrees(gps.get(_LAT), gps.get(_LAT_REF), 90), _degrees(gps.get(_LON), gps.get(_LON_REF), 180)
                placed = lat is not None and lon is not None and (lat, lon) != (0.0, 0.0)
                when = _moment(own.get(_TAKEN) or exif.get(_CHANGED), own.get(_OFFSET))
                return Taken(when, lon if placed else None, lat if placed else None, _number(gps.get(_ERROR)) if placed else None)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        TypeError,
        SyntaxError,
        KeyError,
        IndexError,
        ZeroDivisionError,
        OverflowError,
    ):
        return NOTHING
    finally:
        stream.seek(0)


def _moment(text: Any, offset: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    found = datetime.strptime(text.strip("\x00 "), "%Y:%m:%d %H:%M:%S")
    if isinstance(offset, str) and len(offset.strip("\x00 ")) == 6:
        return datetime.fromisoformat(f"{found.isoformat()}{offset.strip(chr(0) + ' ')}")
    return timezone.make_aware(found)


def _degrees(parts: Any, reference: Any, most: int) -> float | None:
    if not isinstance(parts, tuple | list) or len(parts) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value) or value > most:
        return None
    return round(-value if str(reference).upper().startswith(("S", "W")) else value, 7)


def _number(value: Any) -> float | None:
    if value is None:
        return None
    found = float(value)
    return found if math.isfinite(found) and 0 <= found <= 1e7 else None

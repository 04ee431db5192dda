"""Built-in checks of texts that carry their own proof or have one known form."""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import mul

from bilan.pack.registers.values.refused import Refused
from bilan.pack.registers.values.texts import plain

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_FORM = re.compile(rf"[{_USCC}]{{2}}\d{{6}}[{_USCC}]{{10}}")
_WEIGHTS = [pow(3, place, 31) for place in range(17)]
_WORTH = {sign: worth for worth, sign in enumerate(_USCC)}
_PHONE = re.compile(r"(?:\+?86-?)?(?:1[3-9]\d{9}|(?:0\d{2,3}-?)?[2-9]\d{6,7}(?:-\d{1,6})?|400-?\d{3}-?\d{4}|1\d{4}|\+\d{6,15})")
_BETWEEN, _AROUND = re.compile(r"[\s-]"), re.compile(r"[\s()（）]")
_APART = re.compile(r"\s*[/、,;，；]\s*")
_MN = re.compile(r"[0-9A-Za-z]{10,24}")
_SECTION = re.compile(r"[A-Z]{0,4}[0-9A-Z_-]{2,20}")


def uscc_check(body: str) -> str:
    """Check character of a unified social credit code.

    Args:
        body: its first 17 characters.

    References:
        GB 32100-2015, 4.6: modulus 31, weights 3^(i-1) mod 31.

    Examples:
        >>> uscc_check("91350100M000100Y4")
        '3'
    """
    total = sum(map(mul, map(_WORTH.__getitem__, body), _WEIGHTS))
    return _USCC[(31 - total % 31) % 31]


def uscc(text: str) -> str:
    """A unified social credit code, its check character verified.

    Raises:
        Refused: not of the form, or the check character is another.
    """
    code = _BETWEEN.sub("", plain(text)).upper()
    if not _USCC_FORM.fullmatch(code):
        raise Refused("entry.not_uscc", text)
    if (expected := uscc_check(code[:17])) != code[17]:
        raise Refused("entry.uscc_check", code, allowed=expected)
    return code


def phone(text: str) -> str:
    """Telephone numbers: mobile, landline with or without area code, service number, international; several parted by commas or strokes.

    Raises:
        Refused: one is none of these.

    Examples:
        >>> phone("0595-2200 0000 / 138 0000 0000")
        '0595-22000000、13800000000'
    """
    numbers = [_AROUND.sub("", part) for part in _APART.split(plain(text).replace("—", "-"))]
    if not all(map(_PHONE.fullmatch, numbers)):
        raise Refused("entry.not_phone", text)
    return "、".join(numbers)


def mn(text: str) -> str:
    """A device number MN of HJ 212.

    Raises:
        Refused: not 10 to 24 letters and digits.
    """
    number = plain(text)
    if not _MN.fullmatch(number):
        raise Refused("entry.not_mn", text)
    return number


def section_code(text: str) -> str:
    """Code of a monitoring section: capital letters and digits.

    Raises:
        Refused: other signs, or too long.
    """
    code = plain(text).upper()
    if not _SECTION.fullmatch(code):
        raise Refused("entry.not_section", text)
    return code


CHECKS: dict[str, Callable[[str], str]] = {"uscc": uscc, "phone": phone, "mn": mn, "section_code": section_code}
"""Name → check of a text field; it gives the text in its one form."""

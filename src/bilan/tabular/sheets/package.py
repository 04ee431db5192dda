"""A workbook's package looked at before any reader touches it: size, macros, links, merged cells, formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from xml.etree import ElementTree

from bilan.problems import BilanError, Place, Problem
from bilan.tabular.sheets.model import LARGEST, MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Span, letter, position
from bilan.tabular.zipped import DamagedZip, Parts, ZipBomb

MOST_PARTS = 5000
_MOST_SPANS = 50_000
_MOST_UNCOMPUTED = 1000
_DECLARES = re.compile(rb"<\0?!\0?(?:D|E)")
"""Declarations of document types and entities, which no workbook has."""
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class _Patterns:
    """What is looked for in a sheet's text.

    Args:
        regular: whether every cell is written ``<c r="``, as the usual programs do: then literal beginnings make the search fast.
    """

    def __init__(self, *, regular: bool) -> None:
        tag = rb"<" if regular else rb"<(?:\w{1,9}:)?"
        end = rb"</" if regular else rb"</(?:\w{1,9}:)?"
        self._cell = tag + (
            rb'c r="%s"[^<>]{0,200}(?<!/)>' if regular else rb"c\b[^<>]{0,200}?\br\s{0,9}=\s{0,9}[\"']%s[\"'][^<>]{0,200}(?<!/)>"
        )
        formula = tag + rb"f\b(?:[^<>]*/>|[^<>]*>[^<]*" + end + rb"f>)"
        self._value = rb"\s*(?:" + formula + rb")?\s*" + tag + rb"(?:v\b[^<>]*(?<!/)>[^<]|is\b)"
        holding = rb"\s*" + tag + rb"(?:f\b|is\b|v\b[^<>]*(?<!/)>[^<])"
        self.far = re.compile((self._cell % rb"([A-Z]{2,})(\d{1,9})") + holding)
        self.row = re.compile(tag + rb"row\b[^<>]{0,200}?\br\s{0,9}=\s{0,9}[\"'](\d{6,9})[\"'][^<>]{0,400}(?<!/)>")
        self.span = re.compile(
            tag + rb"mergeCell\b[^<>]{0,200}?\bref\s{0,9}=\s{0,9}[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})[\"']"
        )
        self.formula = re.compile(tag + rb"f[\s>/]")
        empty = rb"(?:" + tag + rb"v\s*/>|" + tag + rb"v>\s*" + end + rb"v>)?"
        self.uncomputed = re.compile((self._cell % rb"([A-Z]+)(\d{1,9})") + rb"\s*" + formula + rb"\s*" + empty + rb"\s*</")

    def filled(self, letters: bytes) -> re.Pattern[bytes]:
        """A cell with a value in the columns that `letters` match."""
        return re.compile((self._cell % (rb"(" + letters + rb")\d{1,9}")) + self._value)


@cache
def _patterns(*, regular: bool) -> _Patterns:
    return _Patterns(regular=regular)


def _regular(text: bytes) -> bool:
    cells = sum(text.count(b"<c" + sign) for sign in (b" ", b"\t", b"\n", b"\r"))
    return cells == text.count(b'<c r="') and b":c " not in text and b":row" not in text


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sheet's own text says that the reader of its cells does not.

    Attributes:
        left: position of the first column that holds a value.
        merged: merged cells, by rows and columns of the sheet.
        formulas, uncomputed: see `Grid`.
    """

    left: int = 0
    merged: tuple[Span, ...] = ()
    formulas: int = 0
    uncomputed: tuple[tuple[int, int], ...] = ()


class Package:
    """The parts of an ``.xlsx`` file, unpacked within bounds.

    Raises:
        BilanError: it is damaged, unpacks beyond `LARGEST`, carries macros or takes values from other files.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self.file = file
        try:
            self._parts = Parts(content)
        except DamagedZip as error:
            raise self._refused("sheet.damaged") from error
        names = [name.lower() for name in self._parts.entries]
        if len(names) > MOST_PARTS:
            raise self._refused("sheet.too_many_parts", value=len(names), allowed=MOST_PARTS)
        if "EncryptedPackage" in self._parts.entries or self._parts.locked:
            raise self._refused("sheet.locked")
        if "xl/workbook.xml" not in names:
            raise self._refused("sheet.not_a_workbook")
        if any(PurePosixPath(name).name in {"vbaproject.bin", "vbadata.xml"} or name.startswith("xl/macrosheets/") for name in names):
            raise self._refused("sheet.macros")
        if any(name.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/")) for name in names):
            raise self._refused("sheet.external")
        try:
            self._parts.measured(LARGEST)
        except DamagedZip as error:
            raise self._refused("sheet.damaged") from error
        except ZipBomb as error:
            raise self._refused("sheet.bomb", allowed=LARGEST >> 20) from error

    def _refused(self, code: str, **values: object) -> BilanError:
        return BilanError(Problem(code, values, Place(self.file)))

    def part(self, name: str) -> bytes:
        """Content of one part; empty when there is none."""
        return self._parts.content(name)

    def sheets(self) -> dict[str, str]:
        """Name of each sheet → its part."""
        relations = {node.get("Id", ""): node.get("Target", "") for node in self._tree("xl/_rels/workbook.xml.rels").iter(_REL)}
        found = {}
        for node in self._tree("xl/workbook.xml").iterfind(".//{*}sheet"):
            ids = [value for key, value in node.attrib.items() if key.endswith("}id")]
            target = relations.get(ids[0], "") if ids else ""
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found[node.get("name", "")] = path
        return found

    def _tree(self, name: str) -> ElementTree.Element:
        text = self.part(name)
        if _DECLARES.search(text):
            raise self._refused("sheet.damaged")
        try:
            return ElementTree.fromstring(text)
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise self._refused("sheet.damaged") from error

    def facts(self, name: str, part: str) -> Facts:
        """Look through a sheet's text.

        Raises:
            BilanError: it is wider or longer than allowed.
        """
        text = self.part(part)
        if _DECLARES.search(text, 0, 4000):
            raise self._refused("sheet.damaged")
        seek = _patterns(regular=_regular(text))
        far = seek.far.findall(text)
        widest = max((position(found.decode()) for found in {found[0] for found in far}), default=0)
        if widest >= MOST_COLUMNS:
            raise self._refused("sheet.too_wide", sheet=name, value=letter(min(widest, 20_000)), allowed=letter(MOST_COLUMNS - 1))
        longest = max((int(found) for found in seek.row.findall(text)), default=0)
        longest = max([longest, *(int(found[1]) for found in far if len(found[1]) >= 6)])
        if longest > MOST_ROWS or longest * (widest + 1) > MOST_CELLS:
            raise self._refused("sheet.too_long", sheet=name, value=longest, allowed=MOST_ROWS)
        spans = []
        for at, found in enumerate(seek.span.finditer(text)):
            if at >= _MOST_SPANS:
                raise self._refused("sheet.too_many_merged", sheet=name, allowed=_MOST_SPANS)
            left, top, right, bottom = found.groups()
            spans.append(Span(int(top) - 1, position(left.decode()), int(bottom) - 1, position(right.decode())))
        formulas = len(seek.formula.findall(text))
        uncomputed: list[tuple[int, int]] = []
        if formulas:
            for found in seek.uncomputed.finditer(text):
                uncomputed.append((int(found[2]) - 1, position(found[1].decode())))
                if len(uncomputed) == _MOST_UNCOMPUTED:
                    break
        return Facts(_first_column(text, seek), tuple(spans), formulas, tuple(uncomputed))


def _first_column(text: bytes, seek: _Patterns) -> int:
    if seek.filled(rb"A").search(text):
        return 0
    letters = set(seek.filled(rb"[A-Z]{1,3}").findall(text))
    return min((position(found.decode()) for found in letters), default=0)

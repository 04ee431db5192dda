"""Translations: message ids are English, one catalogue of Chinese an area, compiled into one.

``python -m bilan.web.messages`` reads templates, Python and JavaScript and brings ``locale/zh_Hans/areas/*.po`` up to date;
with ``--check`` it only tells what is missing. Which catalogue a message stands in follows from the file that uses it, so that
people who work on different areas never edit the same file.
"""

from __future__ import annotations

import ast
import json
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from bilan.problems import BilanError, Problem

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent
LOCALE = HERE / "locale" / "zh_Hans"
AREAS = LOCALE / "areas"
COMPILED = LOCALE / "LC_MESSAGES" / "django.mo"
SCRIPTS = HERE / "static" / "vendor" / "messages"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
}
COMMON = "web"
CALL = re.compile(r"(?<![\w.])(n?gettext|_)\(")

MessageId = str | tuple[str, ...]


def area_of(path: Path) -> str:
    """Name of the catalogue that the messages of a source file stand in.

    Examples:
        >>> area_of(SOURCE / "web/areas/monitoring/views.py"), area_of(SOURCE / "web/templates/monitoring/network.html")
        ('monitoring', 'monitoring')
        >>> area_of(SOURCE / "web/templates/base.html"), area_of(SOURCE / "people/views.py")
        ('web', 'people')
    """
    parts = path.relative_to(SOURCE).parts
    if parts[0] != "web":
        return parts[0]
    folder = {"areas": 2, "templates": 2, "static": 3}.get(parts[1])
    name = parts[folder] if folder and len(parts) > folder + 1 else COMMON
    return name if (HERE / "areas" / name).is_dir() else COMMON


def sources() -> Iterator[Path]:
    """All files that may hold messages."""
    for folder in ("web", "people", "casework", "plans"):
        for pattern in ("*.py", "*.html", "*.mjs"):
            yield from (path for path in sorted((SOURCE / folder).rglob(pattern)) if "vendor" not in path.parts)


def messages_of(path: Path) -> Iterator[MessageId]:
    """Message ids in one file; a pair for one with a plural."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        yield from _calls(_templatized(text))
        return
    if path.suffix == ".mjs":
        yield from _calls(text)
        return
    for _line, message, _comments, _context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"}):
        if message:
            yield message


def extracted() -> dict[str, dict[MessageId, bool]]:
    """Area → its message ids → whether a script uses the message."""
    found: dict[str, dict[MessageId, bool]] = {}
    for path in sources():
        for message in messages_of(path):
            area = found.setdefault(area_of(path), {})
            area[message] = area.get(message, False) or path.suffix == ".mjs"
    return found


def update() -> None:
    """Bring every area's catalogue up to date: new messages without translation, unused ones removed, old ones kept."""
    AREAS.mkdir(parents=True, exist_ok=True)
    found = extracted()
    for area, ids in found.items():
        path = AREAS / f"{area}.po"
        known = read(path)
        fresh = Catalog(locale="zh_Hans", fuzzy=False, header_comment=f"# Chinese of the area {area}.")
        for message in ids:
            before = known.get(message if isinstance(message, str) else message[0])
            fresh.add(message, before.string if before is not None and bool(before.pluralizable) == isinstance(message, tuple) else None)
        _write(path, _text(fresh))
    for path in AREAS.glob("*.po"):
        if path.stem not in found:
            path.unlink()


def check() -> list[Problem]:
    """Everything that keeps the Chinese from being complete: untranslated, fuzzy, missing or differing messages."""
    problems: list[Problem] = []
    found = extracted()
    translations: dict[str, dict[str, str]] = {}
    for area, ids in found.items():
        path = AREAS / f"{area}.po"
        known = read(path)
        singular = {message if isinstance(message, str) else message[0] for message in ids}
        stored = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in known if entry.id}
        if singular != stored:
            problems.append(Problem("web.translation_stale", {"file": path.name}))
        missing = [entry for entry in known if entry.id and (entry.fuzzy or not _complete(entry.string))]
        if missing:
            values = {"file": path.name, "count": len(missing), "value": str(missing[0].id)}
            problems.append(Problem("web.translation_missing", values))
        for entry in known:
            translations.setdefault(str(entry.id), {})[area] = str(entry.string)
    for message, by_area in translations.items():
        if message and len(set(by_area.values())) > 1:
            problems.append(Problem("web.translation_differs", {"value": message, "files": sorted(by_area)}))
    return problems


def compile_catalogues() -> None:
    """Compile all areas into one catalogue for Django and one small module a language for the scripts."""
    merged = Catalog(locale="zh_Hans", fuzzy=False)
    for path in sorted(AREAS.glob("*.po")):
        for entry in read(path):
            if entry.id and _complete(entry.string):
                merged.add(entry.id, entry.string)
    buffer = BytesIO()
    write_mo(buffer, merged)
    _write(COMPILED, buffer.getvalue())
    used = [message for ids in extracted().values() for message, in_script in ids.items() if in_script]
    table = {}
    for message in used:
        name = message if isinstance(message, str) else message[0]
        translated = merged.get(name)
        if translated is not None and translated.string:
            table[name] = translated.string if isinstance(translated.string, str) else translated.string[0]
    _write(SCRIPTS / "zh-Hans.mjs", f"export default {json.dumps(table, ensure_ascii=False, sort_keys=True)};\n".encode())
    _write(SCRIPTS / "en.mjs", b"export default {};\n")


def read(path: Path) -> Catalog:
    """Read a catalogue; an empty one when the file is not there."""
    if not path.is_file():
        return Catalog(locale="zh_Hans")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _templatized(text: str) -> str:
    """A template with everything but its messages blotted out."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    code: str = templatize(text)
    return code


def _calls(code: str) -> Iterator[MessageId]:
    """Messages of the calls that begin with string literals, wherever they stand: Babel overlooks those inside template literals."""
    for match in CALL.finditer(code):
        literals = _literals(code, match.end())
        if literals:
            yield tuple(literals[:2]) if match.group(1) == "ngettext" else literals[0]


def _literals(code: str, start: int) -> list[str]:
    """The string literals that a call whose parenthesis opens before `start` begins with."""
    literal = re.compile(r"\s*,?\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", re.DOTALL)
    found: list[str] = []
    while match := literal.match(code, start):
        found.append(ast.literal_eval(match.group(1)))
        start = match.end()
    return found


def _complete(string: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(string) if isinstance(string, str) else bool(string) and all(string or ())


def _text(catalogue: Catalog) -> bytes:
    """The catalogue without dates and line numbers, so that it changes only when a message does."""
    buffer = BytesIO()
    write_po(buffer, catalogue, no_location=True, sort_output=True, omit_header=True, width=0)
    head = (
        catalogue.header_comment,
        'msgid ""',
        'msgstr ""',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Plural-Forms: nplurals=1; plural=0;\\n"',
    )
    header = "\n".join(head) + "\n\n"
    return header.encode() + buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Replace a file at once, so that several processes may do it at the same time."""
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def main(arguments: list[str]) -> int:
    """Update the catalogues, or check them with ``--check``."""
    if "--check" not in arguments:
        update()
    problems = check()
    if problems:
        error = BilanError(*problems)
        sys.stderr.write(f"{error.text('en')}\n{error.text()}\n")
    compile_catalogues()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Draw the gallery of examples for the documentation: every picture with the code that made it."""

from __future__ import annotations

import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ROW = re.compile(r"^\| `(\w+)\.py` \| (.+) \|$")


def page(pictures: Path) -> str:
    """Draw every example of the list into a folder, and lay out the page that shows them.

    Parameters:
        pictures: folder beside the page, made when it is not there.
    """
    pictures.mkdir(parents=True, exist_ok=True)
    return "\n".join(_lines((EXAMPLES / "README.md").read_text(encoding="utf-8"), pictures))


def _lines(listed: str, pictures: Path) -> Iterator[str]:
    for line in listed.splitlines():
        row = ROW.match(line)
        if row is None:
            # The heads of the tables go, the words and headings stay.
            yield from () if line.startswith("|") else (line,)
            continue
        name, shows = row.groups()
        _draw(name, pictures / f"{name}.png")
        yield from (
            f"### {name}",
            "",
            shows,
            "",
            f"```{{image}} {pictures.name}/{name}.png",
            f":alt: {shows}",
            ":width: 640px",
            "```",
            "",
            "```{eval-rst}",
            f".. literalinclude:: ../../../examples/{name}.py",
            "   :lines: 5-",
            "```",
            "",
        )


def _draw(name: str, target: Path) -> None:
    given = sys.argv
    sys.argv = [f"{name}.py", str(target)]
    try:
        runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    finally:
        sys.argv = given

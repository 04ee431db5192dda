"""Sphinx settings of Bilan's documentation."""

from typing import Any

from bilan import __version__

project = "碧蓝 Bilan"
author = "Bilan contributors"
release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "generate.py", "README.md"]
html_theme = "furo"
html_title = "碧蓝 Bilan"
html_static_path: list[str] = []
html_copy_source = False
html_show_sourcelink = False
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_member_order = "bysource"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
nitpicky = False
suppress_warnings = ["ref.python"]


def _as_written(_app: Any, what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """Put back what napoleon took for a type: the words before a colon in the docstring of a value."""
    kind = next((line for line in lines if line.startswith(":type: ")), None)
    if what in {"data", "attribute"} and kind is not None:
        lines.remove(kind)
        lines[0] = f"{kind.removeprefix(':type: ')}: {lines[0]}"


def setup(app: Any) -> None:
    """Run after napoleon, whose priority is 500."""
    app.connect("autodoc-process-docstring", _as_written, priority=600)

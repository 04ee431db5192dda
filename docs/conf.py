"""Sphinx settings of Bilan's documentation."""

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
myst_enable_extensions = ["deflist", "colon_fence"]
myst_heading_anchors = 3
autodoc_typehints = "description"
autodoc_member_order = "bysource"
nitpicky = False
suppress_warnings = ["ref.python"]

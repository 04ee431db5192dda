"""A flow as a drawing: states from top to bottom, transitions between them, where a case stands and has been."""

from __future__ import annotations

from bilan.casework.diagram.layout import Drawing, Edge, Node, laid_out
from bilan.casework.diagram.svg import diagram

__all__ = ["Drawing", "Edge", "Node", "diagram", "laid_out"]

"""Files that new declarations start from: they load as they are and say in comments what can be changed."""

from __future__ import annotations

from importlib import resources

KINDS = {"register": "registers", "zone": "zones", "list": "lists"}
"""What can be started → folder of the pack it belongs into."""


def starting_file(kind: str, name: str) -> str:
    """Text of a file that a new declaration starts from.

    Args:
        kind: ``register``, ``zone`` or ``list``.
        name: name of the new declaration, which is also the file's.

    Examples:
        >>> starting_file("register", "odour-source").splitlines()[2]
        'register: odour-source'
    """
    text = resources.files("bilan.pack.registers").joinpath("starting", f"{kind}.yaml").read_text(encoding="utf-8")
    return text.replace("NAME", name)

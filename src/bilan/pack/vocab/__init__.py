"""The words of monitoring: parameters, networks and data marks, from the tables of the pack."""

from __future__ import annotations

from functools import cache

from bilan.pack.loader import base, read_csv
from bilan.pack.vocab.marks import Mark, marks, valid_marks
from bilan.pack.vocab.networks import Network, networks
from bilan.pack.vocab.parameters import Parameter, Vocabulary, canonical

__all__ = [
    "Mark",
    "Network",
    "Parameter",
    "Vocabulary",
    "by_alias",
    "by_column",
    "canonical",
    "marks",
    "networks",
    "parameters",
    "valid_marks",
    "vocabulary",
]


@cache
def vocabulary() -> Vocabulary:
    """The parameters of the base pack with their look-ups."""
    source = base("vocab", "parameters.csv")
    return Vocabulary(read_csv(source, Vocabulary.COLUMNS), str(source))


def parameters() -> dict[str, Parameter]:
    """Every parameter of the base pack by its factor code.

    Examples:
        >>> parameters()["a34004"].column
        'pm25'
    """
    return vocabulary().by_code


def by_column(name: str) -> Parameter:
    """Find a parameter by its column name in science frames.

    Raises:
        BilanError: no parameter has this column; the nearest one is named.

    Examples:
        >>> by_column("nh3n").code
        'w21003'
    """
    return vocabulary().by_column(name)


def by_alias(text: str, media: tuple[str, ...] = ()) -> Parameter | None:
    """Find a parameter by any name it goes by in real files: code, column, symbol, Chinese or English name, alias.

    Args:
        text: the name as written, without unit.
        media: media to prefer, in order, when a name is used in several (lead in water, lead in air).

    Examples:
        >>> by_alias("高锰酸盐指数").column
        'codmn'
        >>> by_alias("铅", ("air",)).code
        'a20044'
    """
    return vocabulary().by_alias(text, media)

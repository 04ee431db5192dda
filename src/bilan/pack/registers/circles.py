"""Finding circles among things that depend on each other, and the order in which to work them off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter


def circle(depends: Mapping[str, Collection[str]]) -> list[str]:
    """One circle, its first name repeated at the end; empty when there is none.

    Examples:
        >>> circle({"a": ["b"], "b": []})
        []
        >>> circle({"a": ["a"]})
        ['a', 'a']
    """
    try:
        TopologicalSorter(depends).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def order(depends: Mapping[str, Collection[str]]) -> list[str]:
    """Names so that each stands after those it depends on.

    Examples:
        >>> order({"density": ["load", "area"], "load": ["flow"]})[-1]
        'density'
    """
    return list(TopologicalSorter(depends).static_order())

"""Plausible ranges and rates of a parameter in a network, in the unit its values carry."""

from __future__ import annotations

from bilan.pack.quality import NetworkRules, RangeRule
from bilan.pack.vocab import Parameter, networks


def plausible(parameter: Parameter, rules: NetworkRules) -> tuple[float | None, float | None]:
    """Lower and upper bound: what the network declares, else the range of the parameter where units agree.

    Examples:
        >>> from bilan.pack import quality, vocab
        >>> plausible(vocab.by_column("ph"), quality.rules("surface_water"))
        (0.0, 14.0)
        >>> plausible(vocab.by_column("so2"), quality.rules("source_gas"))
        (0.0, 10000.0)
    """
    declared: RangeRule | None = rules.ranges.get(parameter.column)
    if declared:
        return declared.lower, declared.upper
    if networks()[rules.network].unit_kind == "emission" and parameter.unit != parameter.emission_unit:
        return (0.0 if parameter.lower == 0 else None), None
    return parameter.lower, parameter.upper

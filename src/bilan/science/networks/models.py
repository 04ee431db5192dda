"""The mixing models as a table: what each is for, its formula, source and confidence, and the function that computes it."""

from __future__ import annotations

from dataclasses import dataclass

from bilan.science.tables import table


@dataclass(frozen=True, slots=True)
class Model:
    """One formula of the table ``water_mixing_models``."""

    model: str
    function: str
    name_zh: str
    name_en: str
    formula: str
    variables: str
    source: str
    confidence: str

    @property
    def verified(self) -> bool:
        """Whether the formula was read or derived, not only remembered."""
        return self.confidence != "memory_only"


FUNCTIONS = {
    "MIX_LENGTH": "mixing_length",
    "ZERO_D": "complete_mixing",
    "PARAM": "oconnor",
    "1D_CONV": "steady",
    "1D_CONV_SIMPLE": "steady",
    "1D_FULL": "steady",
    "1D_DIFF": "steady",
    "1D_INST": "instantaneous",
    "1D_INST_PEAK": "peak",
    "1D_FINITE": "finite",
    "2D_SHORE": "belt",
    "2D_SHORE_REFLECT": "belt",
    "2D_OFFSHORE": "belt",
    "2D_INST_SHORE": "instantaneous_plane",
    "2D_INST_MID": "instantaneous_plane",
    "EX_ELDER": "elder",
    "EX_FISCHER": "fischer",
    "EY_TAYLOR": "taylor",
    "STREETER_PHELPS": "deficit",
}


def models() -> tuple[Model, ...]:
    """Every model of the table with its function.

    Examples:
        >>> [known.model for known in models() if not known.verified]
        ['MIX_LENGTH', 'PARAM', '1D_CONV_SIMPLE', 'EX_ELDER', 'EX_FISCHER', 'EY_TAYLOR']
    """
    return tuple(
        Model(
            row["model_id"],
            FUNCTIONS[row["model_id"]],
            row["name_zh"],
            row["name_en"],
            row["formula"],
            row["variables"],
            row["source"],
            row["confidence"],
        )
        for row in table("water_mixing_models")
    )

"""Rivers, sewers and watersheds as networks: upstream trace, mixing, loads, capacity, balance: `from bilan.science import networks`."""

from bilan.science.networks.balance import residuals
from bilan.science.networks.banks import belt, elder, fischer, mixing_length, shear_velocity, taylor
from bilan.science.networks.capacity import Capacity, capacity, response
from bilan.science.networks.charts import load_figure
from bilan.science.networks.graph import Link, Network, accumulate, downstream, network, transfer, upstream
from bilan.science.networks.loads import Loads, decimal_years, loads
from bilan.science.networks.mixing import Form, complete_mixing, form, oconnor, peclet, steady
from bilan.science.networks.models import Model, models
from bilan.science.networks.oxygen import Sag, deficit, sag
from bilan.science.networks.pulse import finite, instantaneous, instantaneous_plane, peak
from bilan.science.networks.routing import muskingum
from bilan.science.networks.surfaces import Windows

__all__ = [
    "Capacity",
    "Form",
    "Link",
    "Loads",
    "Model",
    "Network",
    "Sag",
    "Windows",
    "accumulate",
    "belt",
    "capacity",
    "complete_mixing",
    "decimal_years",
    "deficit",
    "downstream",
    "elder",
    "finite",
    "fischer",
    "form",
    "instantaneous",
    "instantaneous_plane",
    "load_figure",
    "loads",
    "mixing_length",
    "models",
    "muskingum",
    "network",
    "oconnor",
    "peak",
    "peclet",
    "residuals",
    "response",
    "sag",
    "shear_velocity",
    "steady",
    "taylor",
    "transfer",
    "upstream",
]

"""Where readings and verdicts are kept: recent ones in a database, sealed ones in Parquet files, one scan over both."""

from bilan.telemetry.store.amendments import INVALIDATED, Amendment, AmendmentKind
from bilan.telemetry.store.datasets import ROLLED_UP
from bilan.telemetry.store.dirty import Mark
from bilan.telemetry.store.errors import StoreUnavailable
from bilan.telemetry.store.sealing import Sealed
from bilan.telemetry.store.store import Store
from bilan.telemetry.store.writing import Written

__all__ = ["INVALIDATED", "ROLLED_UP", "Amendment", "AmendmentKind", "Mark", "Sealed", "Store", "StoreUnavailable", "Written"]

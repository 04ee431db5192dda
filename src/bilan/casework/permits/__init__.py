"""One permit, clause by clause: what it says beside what was reported, measured, inspected and decided, with the gaps."""

from bilan.casework.permits.building import build
from bilan.casework.permits.model import Clause, Gap, Measured, OnePermit, Permit

__all__ = ["Clause", "Gap", "Measured", "OnePermit", "Permit", "build"]
